"""What is behind a metric of an account on a day: value, course, measurements, and what was counted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.metrics import words
from accounts.metrics.counting import Counted, Part, count_parts, window_of
from accounts.metrics.models import Aggregation, Measurement, MeasurementSource, Metric
from accounts.metrics.queries import Point, fill_forward, series
from csworkspace.charts import Chart, Series, line_chart
from csworkspace.web import formats, times

CHART_DAYS = 180
AFTER_DAYS = 30
SHOWN = 30
FIRST = 10
CORRECTIONS = 200
MONTH = timedelta(days=28)
WHY_DIFFERENT = (
    "Events came after this was measured, or people or the definition were changed; measuring runs in the "
    "background, and the earlier value stays below as a correction."
)
LABELS = {
    Aggregation.USERS: "Person",
    Aggregation.FEATURES: "Feature",
    Aggregation.COUNT: "Feature",
    Aggregation.SUM: "Feature",
    Aggregation.DAYS: "Day",
}


@dataclass(frozen=True)
class Course:
    """The value on a day, the change before it, and the picture of the time around it."""

    value: str
    held: Point | None
    since: str
    change: words.Change
    chart: Chart | None


@dataclass
class Row:
    """A day's measurement as the list prints it, with what it was before it was corrected."""

    day: str
    iso: str
    value: str
    source: str
    note: str
    recorded: str
    corrections: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PartLine:
    """One of the things that make up a value, ready to print."""

    label: str
    detail: str
    contact: bool
    events: str
    quantity: str
    people: str
    last: str


@dataclass(frozen=True)
class Proof:
    """What the events of a day's window give, in a sentence and in parts; agrees with the value or not."""

    sentence: str
    label: str
    parts: list[PartLine]
    rest: str
    more: str
    events: str
    has_people: bool
    has_quantity: bool
    agrees: bool
    difference: str


def course_of(account_id: int, metric: Metric, day: date, today: date) -> Course:
    """How the metric went until shortly after a day; two queries."""
    until = min(today, day + timedelta(days=AFTER_DAYS))
    since = until - timedelta(days=CHART_DAYS)
    points = series(account_id, metric.pk, since, until)
    held = latest(points, day)
    drawn = [(point.day, point.value) for point in fill_forward(points, since, until)]
    chart = line_chart(Series(metric.name, drawn), title=metric.name, unit=metric.unit) if drawn else None
    before = latest(points, day - MONTH)
    return Course(
        value=words.value_in_words(metric, held.value if held else None),
        held=held,
        since=times.day(held.day) if held and held.day != day else "",
        change=words.change_between(metric, before.value if before else None, held.value if held else None),
        chart=chart,
    )


def latest(points: Iterable[Point], day: date) -> Point | None:
    """The last of some points, in order, on or before a day."""
    return max((point for point in points if point.day <= day), key=lambda point: point.day, default=None)


def measurements(account_id: int, metric: Metric, day: date, zone: str) -> list[Row]:
    """The newest measurements up to a day, each with its corrections; two queries."""
    of_metric = Measurement.objects.filter(account_id=account_id, metric=metric, day__lte=day)
    current = list(of_metric.filter(superseded_at=None).order_by("-day")[:SHOWN])
    old = of_metric.filter(superseded_at__isnull=False)
    if len(current) == SHOWN:
        old = old.filter(day__gte=current[-1].day)
    rows = {one.day: _row(one, metric, zone) for one in current}
    for one in old.order_by("-day", "-superseded_at", "-id")[:CORRECTIONS]:
        row = rows.setdefault(one.day, _withdrawn(one))
        row.corrections.append(_correction(one, metric, zone))
    return [rows[when] for when in sorted(rows, reverse=True)]


def _row(one: Measurement, metric: Metric, zone: str) -> Row:
    entered = one.source == MeasurementSource.PERSON
    return Row(
        day=times.day(one.day),
        iso=one.day.isoformat(),
        value=words.value_in_words(metric, one.value),
        source=(one.actor or "A person") if entered else "Usage events",
        note=one.note,
        recorded=times.moment(one.recorded_at, zone),
    )


def _withdrawn(one: Measurement) -> Row:
    """A day on which there is no value any more: the one of the day before holds."""
    return Row(times.day(one.day), one.day.isoformat(), formats.DASH, "No change on this day", "", "")


def _correction(one: Measurement, metric: Metric, zone: str) -> str:
    told = words.value_in_words(metric, one.value)
    by = f" by {one.actor}" if one.actor else ""
    until = times.moment(one.superseded_at, zone)
    return f"{told}, recorded {times.moment(one.recorded_at, zone)}{by}, until {until}"


def proof_of(account_id: int, metric: Metric, day: date, held: Point | None, zone: str) -> Proof:
    """Count a usage metric's window anew and say what it consists of; one query."""
    counted = count_parts(metric, account_id, day, zone)
    how = Aggregation(metric.aggregation)
    more, rest = counted.parts_total - len(counted.parts), counted.parts_total - FIRST
    return Proof(
        sentence=sentence_of(metric, counted, times.day_range(*window_of(metric, day))),
        label=LABELS[how],
        parts=[_part(part, how, zone) for part in counted.parts],
        rest=formats.plural(rest, "more", "more") if rest > 0 else "",
        more=f"and {formats.number(more)} more" if more else "",
        events=formats.plural(counted.events, "event"),
        has_people=how != Aggregation.USERS,
        has_quantity=how == Aggregation.SUM,
        agrees=counted.value == (held.value if held else Decimal(0)),
        difference=f"Counted anew it is {words.value_in_words(metric, counted.value)}. {WHY_DIFFERENT}",
    )


def sentence_of(metric: Metric, counted: Counted, window: str) -> str:
    """The value as a sentence about its events, such as "46 different people used any feature …"."""
    number, used = formats.number(counted.value), words.features_in_words(metric.features)
    one = counted.value == 1
    of_events = f"in {formats.plural(counted.events, 'event')}"
    text = {
        Aggregation.USERS: f"{number} {'person' if one else 'different people'} used {used}, {of_events}",
        Aggregation.FEATURES: f"{number} {'feature' if one else 'different features'} in use, {of_events}",
        Aggregation.DAYS: f"{used} was used on {number} {'day' if one else 'days'}, {of_events}",
        Aggregation.COUNT: f"{used} was used {number} {'time' if one else 'times'}",
        Aggregation.SUM: f"The quantities of {formats.plural(counted.events, 'event')} add up to {number}",
    }[Aggregation(metric.aggregation)]
    return f"{text[0].upper()}{text[1:]} ({window})."


def _part(part: Part, how: Aggregation, zone: str) -> PartLine:
    label = part.label or part.detail
    return PartLine(
        label=times.day(date.fromisoformat(label)) if how == Aggregation.DAYS else label,
        detail=part.detail if part.detail != label else "",
        contact=part.is_contact,
        events=formats.number(part.events),
        quantity=formats.number(part.quantity),
        people=formats.number(part.people),
        last=times.moment(part.last_at, zone),
    )


def neighbours(day: date, today: date) -> dict[str, Any]:
    """The days beside a day, for the links to them."""
    after = day + timedelta(days=1)
    return {
        "before": (day - timedelta(days=1)).isoformat(),
        "after": after.isoformat() if after <= today else "",
    }
