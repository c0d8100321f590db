"""On which day of a span of days a condition first held, for many accounts at once.

Days end at midnight of the workspace. What holds until its next row (measurements, readings, stays in
segments, stages of scores) holds on the days between too. Nothing is counted that was not known: an account
without data does not meet the condition.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Min

from accounts.accounts.models import Account
from accounts.metrics.models import Measurement, Metric
from accounts.segments.evaluate import accounts_in
from accounts.segments.models import Segment
from csworkspace.tenancy.clock import day_in, today_of
from csworkspace.tenancy.models import Workspace
from playbooks.indicators.measures import measures
from playbooks.indicators.models import Indicator, Reading
from playbooks.playbooks.shapes import Condition
from playbooks.scores.models import Score
from playbooks.signals.models import GOOD_ENDS

SPANS = (
    "unnest(%(n)s::int[], %(account)s::bigint[], %(since)s::date[], %(until)s::date[], %(link)s::bigint[])"
)
METRIC = """
select span.n, case when (
        select m.value from accounts_measurement m where m.account_id = span.account_id
            and m.metric_id = %(of)s and m.superseded_at is null and m.day <= span.since
        order by m.day desc limit 1) {op} %(value)s then span.since
    else (select min(m.day) from accounts_measurement m where m.account_id = span.account_id
        and m.metric_id = %(of)s and m.superseded_at is null and m.day > span.since
        and m.day <= span.until and m.value {op} %(value)s) end
from {spans} as span(n, account_id, since, until, link)
"""
# Of several readings of a day the last one counts.
INDICATOR = """
with reading as (
    select distinct on (r.account_id, r.day) r.account_id, r.day, r.holds from playbooks_reading r
    where r.indicator_id = %(of)s and r.account_id = any(%(account)s)
    order by r.account_id, r.day, r.id desc
)
select span.n, case when (
        select r.holds from reading r where r.account_id = span.account_id and r.day <= span.since
        order by r.day desc limit 1) is {wanted} then span.since
    else (select min(r.day) from reading r where r.account_id = span.account_id and r.day > span.since
        and r.day <= span.until and r.holds is {wanted}) end
from {spans} as span(n, account_id, since, until, link)
"""
STAY = """
with stay as (
    select s.account_id, (s.entered_at at time zone %(zone)s)::date as entered,
        coalesce((s.left_at at time zone %(zone)s)::date, 'infinity'::date) as left_on
    from accounts_segmentstay s where s.segment_id = %(of)s and s.account_id = any(%(account)s)
)
"""
INSIDE = """
select span.n, (select min(greatest(stay.entered, span.since)) from stay
    where stay.account_id = span.account_id and stay.entered <= span.until
        and stay.left_on > greatest(stay.entered, span.since))
from {spans} as span(n, account_id, since, until, link)
"""
OUTSIDE = """
select span.n, (
    select min(at.day) from (
        select span.since as day union all select stay.left_on from stay
        where stay.account_id = span.account_id and stay.left_on > span.since and stay.left_on <= span.until
    ) at where not exists (select from stay where stay.account_id = span.account_id
        and stay.entered <= at.day and stay.left_on > at.day))
from {spans} as span(n, account_id, since, until, link)
"""
STAGE = """
select span.n, case when (
        select s.stage from playbooks_score s where s.account_id = span.account_id and s.day <= span.since
        order by s.day desc limit 1) = any(%(stages)s) then span.since
    else (select min(s.day) from playbooks_score s where s.account_id = span.account_id
        and s.day > span.since and s.day <= span.until and s.stage = any(%(stages)s)) end
from {spans} as span(n, account_id, since, until, link)
"""
SIGNAL = """
select span.n, (select greatest(signal.resolved_on, span.since) from playbooks_signal signal
    where signal.id = span.link and signal.state = 'resolved' and signal.resolved_on <= span.until{ends})
from {spans} as span(n, account_id, since, until, link)
"""
# Not what a person calls addressed: what raised it has to hold no more, or the end has to say so. That it is
# not asked any more, or too long ago to count, is no recovery.
RECOVERED_SIGNAL = """
with reading as (
    select distinct on (r.account_id, r.indicator_id, r.day) r.account_id, r.indicator_id, r.day,
        r.holds or r.detail ?| array['outside', 'lapsed'] as holds
    from playbooks_reading r where r.account_id = any(%(account)s)
        and r.indicator_id in (
            select i.id from playbooks_signal s join playbooks_indicator i on i.id = s.indicator_id
            where s.id = any(%(link)s::bigint[]) and i.measure <> all(%(aging)s::varchar[]))
    order by r.account_id, r.indicator_id, r.day, r.id desc
)
select span.n, (select min(happened.day) from (
    select greatest(s.resolved_on, span.since) as day from playbooks_signal s where s.id = span.link
        and s.state = 'resolved' and s.outcome in ('recovered', 'won') and s.resolved_on <= span.until
    union all
    select r.day from playbooks_signal s join reading r
        on r.account_id = s.account_id and r.indicator_id = s.indicator_id
    where s.id = span.link and not r.holds and r.day > s.raised_on and r.day between span.since and span.until
) happened)
from {spans} as span(n, account_id, since, until, link)
"""
OUTCOME = """
select span.n, (select greatest((step.ended_at at time zone %(zone)s)::date, span.since)
    from playbooks_playstep step where step.play_id = span.link and step.key = %(step)s
        and step.outcome = %(value)s and (step.ended_at at time zone %(zone)s)::date <= span.until)
from {spans} as span(n, account_id, since, until, link)
"""
RECOVERED = "recovered"
OPERATORS = {"gte": ">=", "lte": "<="}


class CannotTell(ValueError):
    """Whether it holds cannot be told; the sentence says why."""


@dataclass(frozen=True)
class Span:
    """An account from one day to another, both included; the signal and the play that are meant."""

    account_id: int
    since: date
    until: date
    signal_id: int | None = None
    play_id: int | None = None


def first_days(condition: Condition, spans: Sequence[Span], *, as_success: bool = False) -> list[date | None]:
    """For each span the first day at whose end the condition held; None if there was none.

    as_success: a signal has to have ended well; a wait goes on however it ended. At most three queries,
    however many spans. Raises CannotTell.
    """
    if as_success and spans and condition.kind == "signal" and condition.value != RECOVERED:
        return _signal_ended_well(spans)
    return _JUDGES[condition.kind](condition, spans) if spans else []


# What can only come to hold through what happens after the start.
HAPPENINGS = ("signal", "outcome")


def days_reached(condition: Condition, spans: Sequence[Span], ends: Sequence[date]) -> list[date | None]:
    """For each span the first day on which the condition was reached, from the start of the span on.

    That nothing was done for is nobody's success: a condition that held at the end of the first day already
    has to hold still on the last day (`ends`). Twice the queries of `first_days`. Raises CannotTell.
    """
    if condition.kind in HAPPENINGS:
        return first_days(condition, spans, as_success=True)
    held = first_days(condition, [replace(span, until=span.since) for span in spans])
    later = [
        replace(span, since=end if day else span.since + timedelta(days=1))
        for span, end, day in zip(spans, ends, held, strict=True)
    ]
    # A span may not have come that far yet; then it is asked for the day on which it is.
    asked = [replace(span, since=min(span.since, span.until)) for span in later]
    found = first_days(condition, asked)
    return [day if span.since <= span.until else None for span, day in zip(later, found, strict=True)]


def _metric(condition: Condition, spans: Sequence[Span]) -> list[date | None]:
    _must_be(Metric.objects.filter(pk=condition.of, retired_at=None).exists(), "metric")
    statement = METRIC.replace("{op}", OPERATORS[condition.op])
    return _ask(statement, spans, of=condition.of, value=Decimal(condition.value))


def _indicator(condition: Condition, spans: Sequence[Span]) -> list[date | None]:
    _must_be(Indicator.objects.filter(pk=condition.of).exists(), "indicator")
    statement = INDICATOR.replace("{wanted}", "true" if condition.wanted else "false")
    return _ask(statement, spans, of=condition.of)


def _segment(condition: Condition, spans: Sequence[Span]) -> list[date | None]:
    _must_be(Segment.objects.filter(pk=condition.of, problem="").exists(), "segment")
    workspace = Workspace.objects.get()
    statement = STAY + (INSIDE if condition.wanted else OUTSIDE)
    found = _ask(statement, spans, of=condition.of, zone=workspace.timezone)
    # Stays follow changes after a moment; what is asked for today is looked up as it is.
    today, ids = today_of(workspace), {span.account_id for span in spans}
    if all(span.until < today for span in spans):
        return found
    inside = set(_inside(condition.of, ids))
    return [
        _with_today(span, day, today, (span.account_id in inside) == condition.wanted)
        for span, day in zip(spans, found, strict=True)
    ]


def _inside(segment_id: int, account_ids: set[int]) -> list[int]:
    rows = Account.objects.filter(pk__in=account_ids).filter(pk__in=accounts_in(segment_id))
    return list(rows.values_list("pk", flat=True))


def _stage(condition: Condition, spans: Sequence[Span]) -> list[date | None]:
    found = _ask(STAGE, spans, stages=list(condition.stages))
    today, ids = today_of(Workspace.objects.get()), {span.account_id for span in spans}
    now = dict(Account.objects.filter(pk__in=ids).values_list("pk", "stage"))
    return [
        _with_today(span, day, today, now.get(span.account_id, "") in condition.stages)
        for span, day in zip(spans, found, strict=True)
    ]


def _with_today(span: Span, found: date | None, today: date, now: bool) -> date | None:
    if span.until < today:
        return found
    past = found if found is not None and found < max(today, span.since) else None
    return past or (max(today, span.since) if now else None)


def _signal(condition: Condition, spans: Sequence[Span]) -> list[date | None]:
    if condition.value == RECOVERED:
        aging = [measure.name for measure in measures() if measure.ages_out]
        return _ask(RECOVERED_SIGNAL, spans, links=[span.signal_id for span in spans], aging=aging)
    return _ask(SIGNAL.replace("{ends}", ""), spans, links=[span.signal_id for span in spans])


def _signal_ended_well(spans: Sequence[Span]) -> list[date | None]:
    """A signal that was a false alarm, or is only too old, says nothing of what a play did."""
    statement = SIGNAL.replace("{ends}", " and signal.outcome = any(%(good)s)")
    links = [span.signal_id for span in spans]
    return _ask(statement, spans, links=links, good=[str(one) for one in GOOD_ENDS])


def _outcome(condition: Condition, spans: Sequence[Span]) -> list[date | None]:
    if any(span.play_id is None for span in spans):
        raise CannotTell("How a step ended can only be asked of a play.")
    links, zone = [span.play_id for span in spans], Workspace.objects.get().timezone
    return _ask(OUTCOME, spans, links=links, step=condition.step, value=condition.value, zone=zone)


_JUDGES = {
    "metric": _metric,
    "indicator": _indicator,
    "segment": _segment,
    "stage": _stage,
    "signal": _signal,
    "outcome": _outcome,
}


def _must_be(is_there: bool, word: str) -> None:
    if not is_there:
        raise CannotTell(f"The {word} that the condition looks at is gone or cannot be evaluated any more.")


def _ask(
    statement: str, spans: Sequence[Span], links: Sequence[int | None] | None = None, **values: Any
) -> list[date | None]:
    values |= {
        "n": list(range(len(spans))),
        "account": [span.account_id for span in spans],
        "since": [span.since for span in spans],
        "until": [span.until for span in spans],
        "link": list(links) if links is not None else [None] * len(spans),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{spans}", SPANS), values)
        found = dict(cursor.fetchall())
    return [found.get(number) for number in range(len(spans))]


def history_since(condition: Condition) -> date | None:
    """The first day for which it can be told whether it held; None: never, without a play."""
    if condition.kind == "signal":
        return date.min
    if condition.kind == "segment":
        segment = Segment.objects.filter(pk=condition.of).first()
        return day_in(Workspace.objects.get(), segment.created_at) if segment else None
    rows: Any = {
        "metric": lambda: Measurement.objects.filter(metric_id=condition.of),
        "indicator": lambda: Reading.objects.filter(indicator_id=condition.of),
        "stage": lambda: Score.objects.all(),
        "outcome": lambda: Reading.objects.none(),
    }[condition.kind]()
    first: date | None = rows.aggregate(first=Min("day"))["first"]
    return first
