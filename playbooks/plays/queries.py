"""Reads about plays."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet

from playbooks.playbooks.steps import step_kinds
from playbooks.plays.clock import now
from playbooks.plays.models import Play, PlayState, PlayStep, StepState

A_WHILE = timedelta(hours=1)


def get_plays() -> QuerySet[Play]:
    """Plays with all that a page says of them, in one query."""
    return Play.objects.select_related(
        "account__owner__user", "owner__user", "playbook", "playbook_version", "signal", "parent__playbook"
    )


def waiting_steps() -> QuerySet[PlayStep]:
    """The active steps of running plays."""
    return PlayStep.objects.filter(state=StepState.ACTIVE, play__state=PlayState.RUNNING)


def due_plays(most: int) -> list[int]:
    """The plays whose wait is over, the longest overdue first; one query."""
    rows = waiting_steps().filter(wake_at__lte=now()).order_by("wake_at", "pk")
    return list(rows.values_list("play_id", flat=True)[:most])


def left_lying() -> list[int]:
    """Running plays that wait for nothing and nobody: the job that was to move them on is lost; one query."""
    waits = PlayStep.objects.filter(play=OuterRef("pk"), state__in=[StepState.ACTIVE, StepState.FAILED])
    # Those that were started just now have their job waiting.
    rows = Play.objects.filter(~Exists(waits), state=PlayState.RUNNING, started_at__lt=now() - A_WHILE)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def unnoticed() -> list[int]:
    """Plays whose step has waited for a while for what may be there: the news may be lost; one query."""
    kinds = [kind.name for kind in step_kinds() if kind.look]
    rows = waiting_steps().filter(kind__in=kinds, wake_at=None, began_at__lt=now() - A_WHILE)
    return list(rows.order_by("play_id").values_list("play_id", flat=True).distinct())


def watching(account_ids: Iterable[int] | None) -> list[int]:
    """The plays that wait for a condition on these accounts (None: all); one query."""
    rows = waiting_steps().filter(kind="wait", result__has_key="watch")
    if account_ids is not None:
        rows = rows.filter(play__account_id__in=list(account_ids))
    return list(rows.order_by("play_id").values_list("play_id", flat=True).distinct())
