"""What the palette shows for a text: one query for each source, whatever there is to find."""

from dataclasses import dataclass
from typing import Any

from csworkspace.palette.slots import Hit, sources
from csworkspace.people.access import may

LONGEST = 100


@dataclass(frozen=True)
class Group:
    """The hits of one source."""

    label: str
    hits: list[Hit]


def wanted(text: str) -> str:
    """What somebody typed, without what no name contains, and not too long."""
    return " ".join(text[:LONGEST].replace("\x00", "").split())


def find_hits(request: Any, text: str) -> list[Group]:
    """The groups that have something, of the sources that the person may ask."""
    role = request.membership.role
    asked = [source for source in sources() if may(role, source.needs) and (text or source.answers_empty)]
    found = [Group(source.label, source.find(request, text)) for source in asked]
    return [group for group in found if group.hits]
