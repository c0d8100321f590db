"""The export "segments": who is in which segment since when."""

from collections.abc import Iterator

from accounts.segments.models import SegmentStay
from csworkspace.exports.registry import Exporter, Span

HEADER = ["segment", "account", "external_id", "entered"]
CHUNK = 2000


def rows(span: Span) -> Iterator[list[object]]:
    """Every open stay, by segment and account; segments with a problem match nobody and are left out."""
    stays = SegmentStay.objects.filter(left_at=None, segment__problem="")
    found = stays.order_by("segment__name", "account_id")
    names = ("segment__name", "account__name", "account__external_id", "entered_at")
    for segment, account, external_id, entered_at in found.values_list(*names).iterator(chunk_size=CHUNK):
        yield [segment, account, external_id, entered_at.isoformat(timespec="seconds")]


SEGMENTS = Exporter("segments", HEADER, rows)
