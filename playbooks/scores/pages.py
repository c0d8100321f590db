"""What the pages of scores show, ready to print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from csworkspace.charts import Chart, Series, line_chart
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from playbooks.scores.formula import Band, band_index
from playbooks.scores.models import ScoreModel
from playbooks.scores.queries import Kept, end_of_last_month, end_of_last_quarter, score_before, score_history
from playbooks.scores.weights import INDICATOR, MATURITY, PLAN, read_components

HISTORY_DAYS = 400
WANTED = {
    PLAN: "An active plan with a target that is measured would give it.",
    MATURITY: "A published framework, and the next assessment, would give it.",
    INDICATOR: "It appears as soon as there are data that the indicator measures.",
}
ROUTES = {PLAN: "account_plan", MATURITY: "account_maturity"}


@dataclass(frozen=True)
class Line:
    """A component as the table prints it."""

    name: str
    words: str
    url: str
    weight: str
    share: str
    percent: int | None
    points: str
    lost: str
    compared: str = ""
    wanted: str = ""
    state: str = ""


def number(score: Decimal | float | None) -> str:
    """A score with one decimal, as it is kept."""
    return formats.DASH if score is None else formats.number(score, 1)


def band_of(score: Decimal | None, bands: Sequence[Band]) -> Band | None:
    """The band of a score, if there is one."""
    return None if score is None else bands[band_index(score, bands)]


def evidence_of(request: Any, account_id: int, item: dict[str, Any], keys: dict[int, str]) -> str:
    """The page that shows what is behind a component; nothing if there is none."""
    if item["kind"] == INDICATOR:
        key = keys.get(item["indicator"])
        return workspace_url(request, "account_readings", account_id, key) if key else ""
    return workspace_url(request, ROUTES[item["kind"]], account_id) if item["kind"] in ROUTES else ""


def lines_of(
    request: Any,
    account_id: int,
    components: Sequence[dict[str, Any]],
    keys: dict[int, str],
    compared: dict[str, dict[str, Any]],
) -> list[Line]:
    """The components: what costs most first, what has no data last. `compared`: the same, recomputed."""
    whole = sum(item["weight"] for item in components if item["share"] is not None)

    def lost(item: dict[str, Any]) -> float:
        return -1.0 if item["share"] is None else 100 * item["weight"] * (1 - item["share"]) / whole

    return [
        Line(
            name=item["name"],
            words=item["words"],
            url=evidence_of(request, account_id, item, keys),
            weight=formats.number(item["weight"]),
            share=formats.percent(item["share"]),
            percent=None if item["share"] is None else round(100 * item["share"]),
            points=number(item["points"]) if item["share"] is not None else formats.DASH,
            lost=number(lost(item)) if item["share"] is not None else formats.DASH,
            compared=number(compared[item["key"]]["points"]) if item["key"] in compared else formats.DASH,
            wanted=WANTED.get(item["kind"], "") if item["share"] is None and not item["words"] else "",
            state=""
            if item["share"] is not None
            else "No data"
            if item.get("applies", True)
            else "Not asked",
        )
        for item in sorted(components, key=lambda item: (item["share"] is None, -lost(item)))
    ]


def extremes(components: Sequence[dict[str, Any]], most: int = 2) -> tuple[list[str], list[str]]:
    """The components that bring the most and those that cost the most, with their words."""
    known = [item for item in components if item["share"] is not None]
    best = sorted((item for item in known if item["share"] > 0), key=lambda item: -(item["points"] or 0))
    worst = [item for item in known if item["share"] < 1 and item not in best[:most]]
    worst.sort(key=lambda item: -item["weight"] * (1 - item["share"]))
    return [_said(item) for item in best[:most]], [_said(item) for item in worst[:most]]


def _said(item: dict[str, Any]) -> str:
    words = str(item["words"])
    return f"{item['name']}: {words}" if words else str(item["name"])


def changes_of(history: Sequence[Kept], score: Decimal | None, day: date) -> list[dict[str, str]]:
    """The change against the end of last month and of last quarter, with its tone."""
    found = []
    for then in dict.fromkeys((end_of_last_month(day), end_of_last_quarter(day))):
        label, before = f"since {times.day(then)}", score_before(history, then, day)
        if score is None or before is None:
            found.append({"label": label, "text": formats.DASH, "tone": ""})
            continue
        difference = score - before
        tone = "good" if difference > 0 else "bad" if difference < 0 else ""
        text = formats.signed(difference, 1) if difference else "unchanged"
        found.append({"label": label, "text": text, "tone": tone})
    return found


def course(account_id: int, until: date, bands: Sequence[Band]) -> tuple[list[Kept], Chart | None]:
    """The rows of the last year or so, and their picture; one query."""
    since = until - timedelta(days=HISTORY_DAYS)
    rows = score_history(account_id, since, until)
    points = [(day, score) for day, score, *_ in rows if day >= since]
    known = [(day, score) for day, score in points if score is not None]
    if not known:
        return rows, None
    if points[-1][0] < until:
        points.append((until, points[-1][1]))
    words = f"Value score from {number(known[0][1])} on {times.day(known[0][0])} to {number(known[-1][1])}."
    bounds = ", ".join(f"{band.name} from {formats.number(band.start)}" for band in bands)
    chart = line_chart(
        Series("Value score", points),
        title="Value score",
        description=f"{words} {bounds}.",
        uid=f"score-{account_id}",
    )
    return rows, chart


def version_lines(models: Iterable[ScoreModel], today: date) -> list[dict[str, str]]:
    """The versions of the weights, the newest first: since when, by whom, why, and whether it counts."""
    lines, is_taken = [], False
    for model in models:
        state = "Planned" if model.since > today else "Earlier" if is_taken else "In effect"
        is_taken = is_taken or model.since <= today
        lines.append(
            {
                "number": formats.number(model.number),
                "since": times.day(model.since),
                "state": state,
                "by": model.actor,
                "reason": model.reason,
                "components": formats.plural(len(read_components(model.components)), "component"),
            }
        )
    return lines
