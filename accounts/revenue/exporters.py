"""The history of ARR as CSV; the file can be imported again and changes nothing."""

from collections.abc import Iterator

from accounts.accounts.queries import with_domains
from accounts.imports.exporters import key_of
from accounts.revenue.models import ArrPoint
from csworkspace.exports.registry import Exporter, Span

CHUNK = 5000


def point_rows(span: Span) -> Iterator[list[object]]:
    """Every point with an amount, by account and day: the account by external id, domain or name."""
    keys = {one.pk: key_of(one) for one in with_domains()}
    points = ArrPoint.objects.exclude(arr=None)
    if span.since:
        points = points.filter(as_of__gte=span.since)
    if span.until:
        points = points.filter(as_of__lte=span.until)
    found = points.order_by("account_id", "as_of").values_list("account_id", "as_of", "arr", "currency")
    for pk, day, arr, currency in found.iterator(chunk_size=CHUNK):
        yield [keys[pk], day, arr, currency]


ARR_POINTS = Exporter("arr", ["account", "as_of", "arr", "currency"], point_rows)
