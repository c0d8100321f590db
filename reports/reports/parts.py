"""The parts of a snapshot, each made of plain values and holding its words ready to print.

Pure functions: what `snapshot` reads from the database, these turn into JSON-plain dictionaries.
Every number is in there twice: exact, as text of a decimal, and as it is printed (`…_text`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.metrics.models import Aggregation, Metric, MetricKind
from csworkspace.web.formats import DASH, NBSP, percent, signed, with_unit
from csworkspace.web.times import day, day_short
from playbooks.plans.progress import Measured, daily
from playbooks.plans.queries import TargetProgress
from reports.reports.verdicts import WORDS, TargetWords, objective_verdict, target_verdict

Part = dict[str, Any]
Series = Sequence[tuple[date, Decimal]]
MAX_POINTS = 200


@dataclass(frozen=True)
class MetricFact:
    """A metric at the end of the period and of the one before."""

    key: str
    name: str
    unit: str
    lower_is_better: bool
    now: Decimal | None
    before: Decimal | None
    points: Sequence[Measured]
    since: date
    until: date


def exact(value: Decimal | None) -> str | None:
    """A decimal as text without trailing zeros, at most six places; None stays None."""
    return None if value is None else f"{round(value, 6).normalize():f}"


def pairs(series: Series, most: int = MAX_POINTS) -> list[list[str]]:
    """Points as [ISO date, value]; thinned evenly to `most`, the first and the last kept."""
    last = len(series) - 1
    chosen = range(last + 1) if last < most else [round(i * last / (most - 1)) for i in range(most)]
    return [[series[i][0].isoformat(), str(exact(series[i][1]))] for i in chosen]


def target_part(target: TargetProgress, as_of: date, source: str) -> Part:
    """Everything that the document says about one target; `source` names what its numbers are."""
    series = daily(target.points, target.starts_on, min(as_of, target.due_on))
    status = str(target.status)
    part: Part = {
        "key": target.metric_key,
        "name": target.name,
        "unit": target.unit,
        "lower_is_better": target.direction == "down",
        "status": status,
        "status_label": WORDS[status].capitalize(),
        "starts_on": target.starts_on.isoformat(),
        "starts_text": day(target.starts_on),
        "due_on": target.due_on.isoformat(),
        "due_text": day(target.due_on),
        "measured_text": day(target.measured_on),
        "baseline_on_text": day(target.baseline_on) if target.baseline_on else "agreed",
        "as_of": as_of.isoformat(),
        "as_of_short": day_short(as_of),
        "progress": exact(target.progress),
        "progress_text": DASH if target.progress is None else percent(target.progress),
        "expected_progress": exact(target.expected_progress),
        "checkpoints": pairs(target.checkpoints),
        "series": pairs(series),
        "source": source,
    }
    _add_values(part, target)
    part["verdict"] = target_verdict(_words(part, target, as_of))
    return part


def _add_values(part: Part, target: TargetProgress) -> None:
    values = {
        "baseline": target.baseline,
        "expected": target.expected,
        "actual": target.actual,
        "target": target.target_value,
        "forecast": target.forecast,
    }
    for name, value in values.items():
        part[name], part[f"{name}_text"] = exact(tidy(value)), with_unit(tidy(value), target.unit)


def _words(part: Part, target: TargetProgress, as_of: date) -> TargetWords:
    return TargetWords(
        name=target.name,
        status=part["status"],
        actual=part["actual_text"],
        figure=part["actual_text"].partition(NBSP)[0] if target.unit.islower() else part["actual_text"],
        expected=part["expected_text"],
        target=part["target_text"],
        due=part["due_text"],
        progress=target.progress,
        over=as_of >= target.due_on,
        falling=target.target_value < target.baseline,
    )


def tidy(value: Decimal | None) -> Decimal | None:
    """Figures that mean something: whole from 100 on, one decimal from 10 on, otherwise two."""
    if value is None:
        return None
    return round(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def objective_part(number: int, words: str, targets: Sequence[Part], pk: int | None = None) -> Part:
    """An objective in the customer's words, with its verdict and its targets.

    number: its place in the plan, which changes; pk: what its commentary goes by.
    """
    names, statuses = [t["name"] for t in targets], [t["status"] for t in targets]
    return {
        "pk": pk,
        "number": number,
        "words": words,
        "verdict": objective_verdict([t["verdict"] for t in targets], names, statuses),
        "targets": list(targets),
    }


def metric_part(fact: MetricFact) -> Part:
    """A metric now and in the period before; `tone` says whether the change is good."""
    now, before = tidy(fact.now), tidy(fact.before)
    # The difference of the figures that are printed: a reader who subtracts them finds the same.
    change = None if now is None or before is None else now - before
    return {
        "key": fact.key,
        "name": fact.name,
        "now": exact(fact.now),
        "now_text": with_unit(now, fact.unit),
        "before_text": with_unit(before, fact.unit),
        "change_text": DASH if change is None else signed(change),
        "tone": _tone(change, fact.lower_is_better),
        "series": pairs(daily(fact.points, fact.since, fact.until), most=60),
    }


def _tone(change: Decimal | None, lower_is_better: bool) -> str:
    if not change:
        return "same"
    return "good" if (change < 0) == lower_is_better else "bad"


def source_words(metric: Metric) -> str:
    """What a metric's numbers are: "distinct users in 28 days, from usage events"."""
    if metric.kind == MetricKind.OUTCOME or not metric.aggregation:
        return "numbers of the customer\u2019s own business, entered by people"
    what = Aggregation(metric.aggregation).label.lower()
    return f"{what} in the last {metric.window_days} days, computed from usage events"


def maturity_part(
    *,
    framework: str,
    levels: Sequence[Part],
    level: int,
    before: int | None,
    before_on: date | None,
    held_before: Sequence[str],
) -> Part:
    """The ladder now and at the benchmark.

    levels: lowest first, {position, name, description, behaviours: [{name, holds, detail}]}.
    before: the benchmark's level; None if there is none, or none on the same framework.
    held_before: names of the behaviours that held at the benchmark.
    """
    behaviours = [b for one in levels for b in one["behaviours"]]
    above = next((one for one in levels if one["position"] == level + 1), None)
    known = before is not None
    return {
        "framework": framework,
        "level": level,
        "level_name": level_name(levels, level),
        "before": before,
        "before_name": level_name(levels, before) if before is not None else None,
        "before_text": day(before_on),
        "levels": list(levels),
        "gained": [b["name"] for b in behaviours if known and b["holds"] and b["name"] not in held_before],
        "lost": [b["name"] for b in behaviours if not b["holds"] and b["name"] in held_before],
        "next_level": above["name"] if above else None,
        "missing": [b for b in above["behaviours"] if not b["holds"]] if above else [],
    }


def level_name(levels: Sequence[Part], position: int) -> str:
    """The name of a level; position 0 is below the first."""
    return next((str(one["name"]) for one in levels if one["position"] == position), "below the first level")
