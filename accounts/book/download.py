"""The book as CSV."""

import io
from collections.abc import Callable, Iterator

from accounts.book.columns import columns_of
from accounts.book.filters import BookFilter
from accounts.book.models import LONG_AGO, NEVER
from accounts.book.queries import all_rows, read_surroundings
from accounts.book.rows import RawRow, owner_name, reason_of
from csworkspace.exports.csvfile import write_rows

MAX_ROWS = 200_000
# Programs that read the download rely on these, whatever columns the page shows.
HEADER = (
    "account owner tier stage arr currency renewal_on last_active_on headline level plan attention reason"
)
MORE: dict[str, tuple[str, Callable[[RawRow], object]]] = {
    "tags": ("tags", lambda row: ", ".join(row.tags)),
    "owed": ("next_owed_on", lambda row: None if row.next_owed_on == NEVER else row.next_owed_on),
    "late": ("services_late", lambda row: row.services_late),
    "signals": ("signals", lambda row: row.signals),
    "score": ("score", lambda row: row.score if row.score >= 0 else None),
    "attainment": ("attainment", lambda row: row.attainment if row.attainment >= 0 else None),
}


def book_csv_bytes(view: BookFilter) -> bytes:
    """The view's rows in its order, UTF-8, formulas made inert; at most MAX_ROWS.

    The columns of HEADER, and after them those of MORE that the view shows.
    """
    out = io.StringIO()
    write_rows(out, [*HEADER.split(), *(name for name, _ in more_of(view))], printed(view))
    return out.getvalue().encode()


def more_of(view: BookFilter) -> list[tuple[str, Callable[[RawRow], object]]]:
    """The header and value of what the view shows beyond HEADER."""
    return [MORE[column.name] for column in columns_of(view.cols) if column.name in MORE]


def printed(view: BookFilter) -> Iterator[list[object]]:
    """Rows as plain values; what is not known is None."""
    around, more = read_surroundings(), more_of(view)
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
            *(value(row) for _, value in more),
        ]
