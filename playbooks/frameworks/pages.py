"""Levels with their evidence, ready to print."""

from collections.abc import Sequence
from typing import Any

from csworkspace.web import times
from playbooks.frameworks.links import evidence_link
from playbooks.frameworks.queries import LevelStanding


def shown_levels(
    request: Any, account_id: int, levels: Sequence[LevelStanding], reached: int
) -> list[dict[str, Any]]:
    """The levels, highest first as on a ladder; no query."""
    return [
        {
            "level": level,
            "met": sum(item.holds for item in level.behaviours),
            "behaviours": [
                {
                    "item": item,
                    "since": times.day(item.since) if item.since else "",
                    "url": evidence_link(request, account_id, item),
                }
                for item in level.behaviours
            ],
            "is_next": level.position == reached + 1,
        }
        for level in reversed(levels)
    ]
