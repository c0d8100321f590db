"""Which playbooks cannot do without a segment."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.segments.uses import Use
from playbooks.playbooks.models import PlaybookState, PlaybookVersion
from playbooks.plays.models import ACTIVE, Play


def playbook_uses(segment_ids: Sequence[int]) -> dict[int, list[Use]]:
    """Drafts, current versions, and versions on which plays still run; two queries."""
    running = Play.objects.filter(state__in=ACTIVE).order_by().values_list("playbook_version_id", flat=True)
    on = set(running.distinct())
    wanted, found = set(segment_ids), dict[int, list[Use]]()
    versions = PlaybookVersion.objects.select_related("playbook").order_by("playbook__name", "playbook_id")
    for version in versions:
        playbook = version.playbook
        is_live = playbook.state != PlaybookState.RETIRED and (
            version.published_at is None or version.number == playbook.current
        )
        if not is_live and version.pk not in on:
            continue
        for pk in wanted & set(segments_in(version)):
            use = Use(f"the playbook “{playbook.name}”", "playbook", (playbook.pk,))
            if use not in found.setdefault(pk, []):
                found[pk].append(use)
    return found


def segments_in(version: PlaybookVersion) -> Iterator[int]:
    """The ids of the segments that a version names, wherever."""
    for part in (version.trigger, version.audience, version.steps, version.success):
        yield from _named(part)


def _named(data: Any) -> Iterator[int]:
    if isinstance(data, list):
        for item in data:
            yield from _named(item)
    elif isinstance(data, dict):
        if isinstance(data.get("segment"), int):
            yield data["segment"]
        for value in data.values():
            yield from _named(value)
