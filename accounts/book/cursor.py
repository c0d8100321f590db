"""Where a page of the book begins: an opaque, signed place in one sort."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from accounts.book.filters import SORTS, BookFilter


@dataclass(frozen=True)
class Place:
    """Between two rows: just after (or, going back, just before) this value and account.

    `seen` is how many rows lie before the page, for "51 to 100"; with edits between
    two pages it is only nearly right.
    """

    value: Any
    account_id: int
    seen: int
    back: bool = False


class BadPlace(ValueError):
    """A cursor that was changed, or belongs to another sort."""


def write_place(view: BookFilter, place: Place, salt: str) -> str:
    """The cursor for an address; only valid for this sort and direction (and salt)."""
    value = place.value.isoformat() if hasattr(place.value, "isoformat") else place.value
    content = [view.sort, view.descending, value, place.account_id, place.seen, place.back]
    return signing.dumps(content, salt=f"book {salt}")


def read_place(view: BookFilter, text: str, salt: str) -> Place:
    """The place that a cursor means. Raises BadPlace."""
    try:
        sort, descending, value, account_id, seen, back = signing.loads(text, salt=f"book {salt}")
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadPlace("This link was not made here.") from error
    if (sort, descending) != (view.sort, view.descending):
        raise BadPlace("This link belongs to another sort.")
    return Place(SORTS[sort].parse(value), account_id, seen, back)
