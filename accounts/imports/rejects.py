"""Rejected rows as a file."""

import io
from collections.abc import Iterator

from accounts.imports.models import Batch, Reject
from csworkspace.exports.csvfile import write_rows


def rejects_csv(batch: Batch) -> bytes:
    """Row number, field, reason and the row itself, UTF-8, formulas made inert."""
    out = io.StringIO()
    write_rows(out, ["row", "field", "reason", "raw"], lines(batch))
    return out.getvalue().encode()


def lines(batch: Batch) -> Iterator[list[object]]:
    """One rejected row's error each, in the file's order."""
    found = Reject.objects.filter(batch=batch).order_by("row", "pk")
    for row, field, reason, raw in found.values_list("row", "field", "reason", "raw"):
        yield [row, field, reason, raw]
