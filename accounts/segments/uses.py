"""Where segments are used: every floor says it for what it knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Use:
    """Something that uses a segment: its words, the route and its arguments, and the query string with its ?.

    needs_it: whether it cannot do without, so that the segment must not be deleted. private_to: the
    member who alone may read of it; for others it only counts.
    """

    label: str
    route: str
    args: tuple[Any, ...] = ()
    query: str = ""
    needs_it: bool = True
    private_to: int | None = None


Finder = Callable[[Sequence[int]], dict[int, list[Use]]]
_finders: list[Finder] = []


def register_segment_uses(finder: Finder) -> None:
    """Tell of uses: `finder(segment_ids)` gives them by segment, in a constant number of queries."""
    if finder not in _finders:
        _finders.append(finder)


def uses_of(segment_ids: Sequence[int]) -> dict[int, list[Use]]:
    """What uses each of these segments."""
    found: dict[int, list[Use]] = {pk: [] for pk in segment_ids}
    for finder in _finders:
        for pk, uses in finder(segment_ids).items():
            found.setdefault(pk, []).extend(uses)
    return found
