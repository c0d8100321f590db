"""Reads about playbooks: their versions, and how many plays of them run."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, DateField, ExpressionWrapper, F, IntegerField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from csworkspace.tenancy.clock import today
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.plays.models import ACTIVE, Play

# The last day on which a play can meet its measure.
_window = Cast(KeyTextTransform("window_days", "playbook_version__success"), IntegerField())
WINDOW_END = ExpressionWrapper(F("started_on") + Coalesce(_window, 60), output_field=DateField())
ORDER = list(PlaybookState.values)


@dataclass(frozen=True)
class Counts:
    """Plays of a playbook: running now, all ever, judged after their window, those that met."""

    running: int = 0
    started: int = 0
    judged: int = 0
    succeeded: int = 0


def playbooks() -> QuerySet[Playbook]:
    """All playbooks by name."""
    return Playbook.objects.order_by("name", "pk")


def draft_of(playbook: Playbook) -> PlaybookVersion | None:
    """The version that is being edited; its `playbook` is the one given."""
    return _with(playbook, playbook.versions.filter(published_at=None).first())


def current_of(playbook: Playbook) -> PlaybookVersion | None:
    """The version on which plays start now."""
    if playbook.current is None:
        return None
    return _with(playbook, playbook.versions.filter(number=playbook.current).first())


def _with(playbook: Playbook, version: PlaybookVersion | None) -> PlaybookVersion | None:
    if version is not None:
        version.playbook = playbook
    return version


def versions_of(playbook: Playbook) -> list[PlaybookVersion]:
    """Every version, the newest first."""
    return list(playbook.versions.order_by("-number"))


def shown_versions(found: Iterable[Playbook]) -> dict[int, PlaybookVersion]:
    """Of each playbook the version that stands for it: the current one, else the draft; one query."""
    wanted = {playbook.pk: playbook for playbook in found}
    shown: dict[int, PlaybookVersion] = {}
    for version in PlaybookVersion.objects.filter(playbook_id__in=wanted).order_by("number"):
        playbook = wanted[version.playbook_id]
        if version.number == playbook.current or (playbook.current is None and not version.published_at):
            version.playbook = playbook
            shown[playbook.pk] = version
    return shown


def with_drafts(found: Iterable[Playbook]) -> set[int]:
    """Which of them have a draft; one query."""
    rows = PlaybookVersion.objects.filter(playbook__in=list(found), published_at=None)
    return set(rows.values_list("playbook_id", flat=True))


def counts_of(playbook_ids: Iterable[int]) -> dict[int, Counts]:
    """How many plays there are, by playbook; one query.

    Judged are those whose window has passed: what succeeds is known early, what does not only then, so
    that a rate of all that is known would flatter.
    """
    known = Q(succeeded__isnull=False, window_end__lt=today())
    rows = (
        Play.objects.filter(playbook_id__in=list(playbook_ids))
        .annotate(window_end=WINDOW_END)
        .order_by()
        .values_list("playbook_id")
        .annotate(
            active=Count("pk", filter=Q(state__in=ACTIVE)),
            all=Count("pk"),
            known=Count("pk", filter=known),
            met=Count("pk", filter=known & Q(succeeded=True)),
        )
    )
    return {pk: Counts(*numbers) for pk, *numbers in rows}


def running_by_version(playbook: Playbook) -> dict[int, int]:
    """How many plays run on each version (by its id); one query."""
    rows = playbook.plays.filter(state__in=ACTIVE).order_by().values_list("playbook_version_id")
    return dict(rows.annotate(count=Count("pk")))
