"""The book as CSV."""

import io
from collections.abc import Iterator

from accounts.book.filters import BookFilter
from accounts.book.models import LONG_AGO, NEVER
from accounts.book.queries import all_rows, read_surroundings
from accounts.book.rows import RawRow, owner_name, reason_of
from csworkspace.exports.csvfile import write_rows

MAX_ROWS = 200_000
HEADER = (
    "account owner tier stage arr currency renewal_on last_active_on headline level plan attention reason"
)


def book_csv_bytes(view: BookFilter) -> bytes:
    """The view's rows in its order, UTF-8, formulas made inert; at most MAX_ROWS."""
    out = io.StringIO()
    write_rows(out, HEADER.split(), printed(view))
    return out.getvalue().encode()


def printed(view: BookFilter) -> Iterator[list[object]]:
    """Rows as plain values; what is not known is None."""
    around = read_surroundings()
    for values in all_rows(view, MAX_ROWS):
        row = RawRow(*values)
        yield [
            row.name,
            owner_name(row.owner_id, around) if row.owner_id else None,
            around.tiers.get(row.tier_id or 0),
            row.stage,
            row.arr if row.arr >= 0 else None,
            row.currency,
            None if row.renewal_on == NEVER else row.renewal_on,
            None if row.last_active_on == LONG_AGO else row.last_active_on,
            row.headline if row.headline >= 0 else None,
            row.level if row.level >= 0 else None,
            row.plan_status,
            row.attention,
            reason_of(row.reason, row.reason_count),
        ]
