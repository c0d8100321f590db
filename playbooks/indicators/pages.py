"""What the pages of indicators show, ready to print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.accounts.models import Account
from accounts.usage.queries import local_day
from csworkspace.charts import Chart, Series, line_chart
from csworkspace.web import formats, times
from csworkspace.web.urls import kept_url, workspace_url
from playbooks.indicators import queries
from playbooks.indicators.asked import Known
from playbooks.indicators.definition import Definition
from playbooks.indicators.evaluating import Asking, Judged, tested
from playbooks.indicators.explaining import evidence, explain, rule_in_words, why_not
from playbooks.indicators.measures import Measure, measure_named, measures
from playbooks.indicators.models import Indicator, Reading
from playbooks.indicators.naming import Names

EXAMPLES = 5
SHOWN = 100
HISTORY = 200
WEEKS = 26
# From so much of the accounts on, or so many, one should think again before signals come in a flood.
FLOOD_SHARE, FLOOD_MANY = Decimal("0.3"), 200
HOLDS = {True: ("off_track", "Holds"), False: ("on_track", "Does not hold"), None: ("no_data", "No data")}


def list_rows(request: Any) -> list[dict[str, Any]]:
    """A row for each indicator: those with a problem first, then the active, paused, retired."""
    names, counted = Names(), queries.counts()
    rows = [_list_row(request, one, names, counted.get(one.pk)) for one in queries.indicators()]
    return sorted(rows, key=lambda row: row["rank"])


def _list_row(request: Any, one: Indicator, names: Names, counted: queries.Count | None) -> dict[str, Any]:
    state = "retired" if one.retired_at else "" if one.is_active else "paused"
    return {
        "id": one.pk,
        "name": one.name,
        "rule": rule_in_words(one, names),
        "kind": one.get_kind_display(),
        "severity": one.get_severity_display(),
        "problem": one.problem if not state else "",
        "state": state,
        "held": formats.number(counted.held) if counted else formats.DASH,
        "no_data": formats.number(counted.no_data) if counted else formats.DASH,
        "evaluated": times.moment(one.evaluated_at, request.workspace.timezone)
        if one.evaluated_at
        else "not yet",
        "rank": (0 if one.problem and not state else 1 if not state else 2 if state == "paused" else 3),
    }


def measure_choices() -> list[dict[str, Any]]:
    """The measures under the headings of their sections."""
    sections: dict[str, list[Measure]] = {}
    for measure in measures():
        sections.setdefault(measure.section, []).append(measure)
    return [{"name": name, "measures": found} for name, found in sections.items()]


def detail_context(request: Any, indicator: Indicator, today: date) -> dict[str, Any]:
    """One indicator: its rule, where it holds, its history and its versions."""
    names = Names()
    held = queries.holding(indicator.pk, SHOWN)
    counted = queries.counts().get(indicator.pk)
    measure = measure_named(indicator.measure)
    return {
        "indicator": indicator,
        "rule": rule_in_words(indicator, names),
        "past": measure.past if measure else "",
        "measure": measure,
        "figures": _figures(request, indicator, counted),
        "held": [_held_row(request, indicator, reading, today, names) for reading in held],
        "more": max(0, (counted.held if counted else 0) - len(held)),
        "chart": history_chart(indicator, today, request.workspace.timezone),
        "versions": version_rows(request, indicator, names),
    }


def _figures(request: Any, indicator: Indicator, counted: queries.Count | None) -> list[dict[str, str]]:
    count = counted or queries.Count(0, 0, 0)
    at = (
        times.moment(indicator.evaluated_at, request.workspace.timezone)
        if indicator.evaluated_at
        else "Not yet"
    )
    return [
        {"label": "Accounts where it holds", "value": formats.number(count.held)},
        {"label": "Without data", "value": formats.number(count.no_data)},
        {"label": "Accounts in all", "value": formats.number(count.accounts)},
        {"label": "Evaluated in full", "value": at},
    ]


def _held_row(
    request: Any, indicator: Indicator, reading: Reading, today: date, names: Names
) -> dict[str, str]:
    return {
        "account": reading.account.name,
        "url": workspace_url(request, "account_readings", reading.account_id, indicator.key),
        "words": explain(indicator, reading, today, names),
        "value": tested_in_words(indicator, reading.value, reading.detail),
        "since": times.relative_day(reading.held_since, today) if reading.held_since else formats.DASH,
        "iso": reading.held_since.isoformat() if reading.held_since else "",
    }


def tested_in_words(indicator: Indicator, value: Decimal | None, detail: dict[str, Any]) -> str:
    """The number that was held against the threshold, in its unit."""
    measure = measure_named(indicator.measure)
    return formats.with_unit(tested(value, detail), measure.unit if measure else "")


def history_chart(indicator: Indicator, today: date, zone: str) -> Chart | None:
    """On how many accounts it held at the end of each week since it was made."""
    sunday = today - timedelta(days=today.weekday() + 1)
    weeks = [sunday - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    began = local_day(indicator.created_at, zone)
    days = [*(day for day in weeks if day >= began), today]
    if len(days) < 2:
        return None
    points = [(day, Decimal(many)) for day, many in queries.held_on(indicator.pk, days, zone)]
    return line_chart(
        Series("Accounts", points), title="Accounts where it held", unit="accounts", today=today
    )


def version_rows(request: Any, indicator: Indicator, names: Names) -> list[dict[str, Any]]:
    """What it tested from when on, the newest first."""
    rows = []
    for version in indicator.versions.order_by("-number"):
        then = Indicator(measure=version.measure, definition=version.definition)
        rows.append(
            {
                "number": version.number,
                "rule": rule_in_words(then, names),
                "explanation": version.explanation,
                "by": version.actor,
                "at": times.moment(version.recorded_at, request.workspace.timezone),
            }
        )
    return rows


@dataclass(frozen=True)
class Preview:
    """What a definition would give today."""

    missing: str = ""
    sentence: str = ""
    no_data: str = ""
    flood: str = ""
    examples: list[dict[str, str]] = field(default_factory=list)


def preview(
    request: Any, measure: Measure, definition: Definition | None, explanation: str, today: date, names: Names
) -> Preview:
    """Where it would hold, with the explanation for real accounts, and a forecast of flood; two queries."""
    if definition is None:
        return Preview(missing="Fill in the fields to see where it would hold today.")
    draft = Indicator(
        measure=measure.name, definition=definition.as_json(), explanation=explanation, name=measure.label
    )
    found = Asking(today, Known.NOW, names).judge(draft, None, held=())
    held = [one for one in found if one.holds]
    asked = [one for one in found if "outside" not in one.detail]
    silent = sum(one.holds is None for one in asked)
    return Preview(
        sentence=f"Would hold for {formats.number(len(held))} of "
        f"{formats.plural(len(asked), 'account')} today.",
        no_data=f"{formats.plural(silent, 'account has', 'accounts have')} no data for it." if silent else "",
        flood=flood_words(len(held), len(asked)),
        examples=examples(request, draft, held, today, names),
    )


def flood_words(held: int, asked: int) -> str:
    """A warning if activating it would raise very many signals at once."""
    if held < 10 or (held < FLOOD_MANY and held < asked * FLOOD_SHARE):
        return ""
    return (
        f"It would raise {formats.number(held)} signals at once. Move the threshold, or limit who is asked, "
        "until it names those whom somebody can call."
    )


def examples(
    request: Any, draft: Indicator, held: Sequence[Judged], today: date, names: Names
) -> list[dict[str, str]]:
    """Some accounts where it would hold, the furthest past the threshold first."""
    low = draft.definition["when"] == "at_most"
    first = sorted(held, key=lambda one: (one.tested or Decimal(0)) * (1 if low else -1))[:EXAMPLES]
    called = dict(Account.objects.filter(pk__in=[one.account_id for one in first]).values_list("pk", "name"))
    return [
        {
            "account": called.get(one.account_id, ""),
            "url": workspace_url(request, "account", one.account_id),
            "words": explain(draft, one, today, names),
        }
        for one in first
    ]


def account_rows(request: Any, account_id: int, today: date) -> list[dict[str, Any]]:
    """Every active indicator of an account: what holds first, then the rest, then what has no data."""
    names, readings = Names(), queries.current_readings([account_id])
    rows = [
        account_row(request, one, readings.get((account_id, one.pk)), account_id, today, names)
        for one in queries.active_indicators()
    ]
    return sorted(rows, key=lambda row: row["rank"])


def account_row(
    request: Any, one: Indicator, reading: Reading | None, account_id: int, today: date, names: Names
) -> dict[str, Any]:
    """One indicator of one account; `said` is what there is to say beside the rule."""
    holds = reading.holds if reading else None
    status, word = HOLDS[holds]
    outside = bool(reading and "outside" in reading.detail)
    said = "Not evaluated yet." if reading is None else why_not(reading)
    if reading and holds:
        said = explain(one, reading, today, names)
    since = (reading.held_since if holds and reading.held_since else reading.day) if reading else None
    return {
        "name": one.name,
        "url": workspace_url(request, "account_readings", account_id, one.key),
        "status": "no_data" if outside else status,
        "word": "Not asked" if outside else word,
        "said": said,
        "words": said or rule_in_words(one, names),
        **_numbers(one, reading),
        "since": times.day(since),
        "rank": 0 if holds else 1 if holds is False and not outside else 2,
    }


def _numbers(indicator: Indicator, reading: Reading | None) -> dict[str, str]:
    """What was tested against what; a dash where it was not judged, whatever is known of it."""
    if reading is None or reading.holds is None:
        return {"value": formats.DASH, "compared": formats.DASH}
    return {
        "value": tested_in_words(indicator, reading.value, reading.detail),
        "compared": formats.number(reading.compared),
    }


def reading_history(
    request: Any, indicator: Indicator, readings: Iterable[Reading], today: date, names: Names
) -> list[dict[str, Any]]:
    """The readings of an indicator on an account, the newest first, each with its numbers and why."""
    rows = []
    for reading in readings:
        status, word = HOLDS[reading.holds]
        rows.append(
            {
                "day": times.day(reading.day),
                "iso": reading.day.isoformat(),
                "status": status,
                "word": "Not asked" if "outside" in reading.detail else word,
                **_numbers(indicator, reading),
                "why": why_not(reading),
                "number": reading.number,
                "at": times.moment(reading.recorded_at, request.workspace.timezone),
            }
        )
    return rows


def proof_rows(
    request: Any, indicator: Indicator, reading: Reading, day: date, names: Names
) -> list[dict[str, str]]:
    """The evidence with the addresses of its pages."""
    return [
        {
            "label": row["label"],
            "value": row["value"],
            "url": kept_url(request, row["page"], row["args"], row["query"]),
        }
        for row in evidence(indicator, reading, day, names)
    ]
