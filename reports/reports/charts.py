"""The charts of a report, drawn from a snapshot's plain values; the same on the page and on paper."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from csworkspace.charts import Chart, Series, Target, line_chart, sparkline

WIDTH, HEIGHT, SMALL_HEIGHT = 720, 260, 190


def target_chart(part: Mapping[str, Any], *, small: bool = False) -> Chart | None:
    """Baseline, agreed path with checkpoints, measured values and forecast; None without any value."""
    points = dated(part["series"])
    if not points:
        return None
    return line_chart(
        Series(part["name"], points),
        title=f"{part['name']}: measured against the agreed path",
        unit=part["unit"],
        baseline=_number(part["baseline"]),
        target=Target(
            value=Decimal(part["target"]),
            due=date.fromisoformat(part["due_on"]),
            start=date.fromisoformat(part["starts_on"]),
            baseline=Decimal(part["baseline"]),
            checkpoints=dated(part["checkpoints"]),
        ),
        forecast=_number(part["forecast"]),
        size=(WIDTH, SMALL_HEIGHT if small else HEIGHT),
        uid=f"t-{part['key']}",
    )


def metric_spark(part: Mapping[str, Any]) -> SafeString:
    """The shape of a metric from the start of the period before to the end of this one."""
    label = f"{part['name']}: {part['before_text']}, then {part['now_text']}"
    return sparkline([value for _, value in dated(part["series"])], label=label, width=120, height=22)


def dated(pairs: list[list[str]]) -> list[tuple[date, Decimal]]:
    """Points of a snapshot as days and decimals."""
    return [(date.fromisoformat(day), Decimal(value)) for day, value in pairs]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
