"""The peer benchmark: where an account's metrics stand among like accounts, those of one segment.

Percentile rank of a value x among n others:  PR = 100 · (b + e / 2) / n,  with b others below x and e
others equal to it (mid-rank; for values without ties it is PERCENTRANK.INC of spreadsheets). For a
metric where lower is better, b counts the others above x, so that a high rank is always good. It is said as
"Percentile 80", a whole number from 1 to 99: nobody outdoes themselves, and a rounded 100 would deny the
one who is ahead.

Median: the 0.5 quantile of type 7 in R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages",
The American Statistician 50 (1996): Q(p) = v[k] + (h − k) · (v[k+1] − v[k]), h = (n − 1) · p + 1, k = ⌊h⌋,
of the sorted values v[1] … v[n]. It is what PostgreSQL's percentile_cont computes.

The rule that hides the members: with fewer than 5 other accounts that have a value nothing is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from accounts.metrics.models import Direction, Metric
from accounts.segments.evaluate import condition_of
from accounts.segments.known import Known
from accounts.segments.models import Segment, SegmentStay
from csworkspace.web import formats

LEAST = 5
COHORT = """
select state.metric_id, own.value, count(*),
    count(*) filter (where case when metric.direction = %s then state.value > own.value
                                else state.value < own.value end),
    count(*) filter (where state.value = own.value),
    percentile_cont(0.5) within group (order by state.value::double precision)
from accounts_bookrow row
join accounts_metricstate state on state.account_id = row.account_id
join accounts_metric metric on metric.id = state.metric_id
left join accounts_metricstate own on own.account_id = %s and own.metric_id = state.metric_id
where row.account_id <> %s and state.metric_id = any(%s) and {where}
group by state.metric_id, own.value
"""


@dataclass(frozen=True)
class Standing:
    """A metric of an account among its peers; numbers are None where the rule hides them."""

    metric: Metric
    others: int
    value: Decimal | None = None
    median: float | None = None
    rank: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether enough other accounts have a value."""
        return self.others >= LEAST


def percentile_rank(below: int, equal: int, others: int) -> float:
    """PR = 100 · (below + equal / 2) / others; see the module. `others` is at least 1."""
    return 100 * (below + equal / 2) / others


def cohorts_of(account_id: int) -> list[Segment]:
    """The segments that an account is in, by name; one query."""
    stays = SegmentStay.objects.filter(account_id=account_id, left_at=None).values("segment_id")
    return list(Segment.objects.filter(pk__in=stays, problem="").order_by("name"))


def peer_standings(
    account_id: int, metrics: Sequence[Metric], segment_id: int, known: Known
) -> list[Standing]:
    """The current values of these metrics among the segment's other accounts; few queries, however many."""
    where, values = condition_of(segment_id, known)
    ids = [metric.pk for metric in metrics]
    with connection.cursor() as cursor:
        cursor.execute(COHORT.format(where=where), [Direction.DOWN, account_id, account_id, ids, *values])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_standing(metric, *found.get(metric.pk, (None, 0, 0, 0, None))) for metric in metrics]


def _standing(
    metric: Metric, value: Decimal | None, others: int, below: int, equal: int, median: float | None
) -> Standing:
    if others < LEAST:
        return Standing(metric, others)
    rank = None if value is None else percentile_rank(below, equal, others)
    return Standing(metric, others, value, median, rank)


def peer_rows(standings: Sequence[Standing]) -> list[dict[str, str]]:
    """The standings as text."""
    return [
        {
            "name": item.metric.name,
            "value": formats.with_unit(item.value, item.metric.unit),
            "median": formats.with_unit(item.median, item.metric.unit),
            "rank": formats.DASH if item.rank is None else percentile_words(item.rank),
            "others": formats.number(item.others),
            "hidden": "" if item.is_shown else hidden_words(item.others),
        }
        for item in standings
    ]


def percentile_words(rank: float) -> str:
    """Percentile 80: a rank as a whole number from 1 to 99."""
    return f"Percentile {formats.number(min(max(rank, 1), 99), 0)}"


def hidden_words(others: int) -> str:
    """Why nothing is shown."""
    return (
        f"{formats.plural(others, 'other account has', 'other accounts have')} a value; shown from {LEAST} on"
    )
