"""Reads about scores and the versions of their weights."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from playbooks.indicators.models import Indicator
from playbooks.scores.formula import Band
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.weights import INDICATOR, NAMES, Component, read_bands


def versions() -> QuerySet[ScoreModel]:
    """All versions of the weights, the newest first."""
    return ScoreModel.objects.order_by("-number")


def newest_model() -> ScoreModel | None:
    """The version that was decided last, even if it is yet to take over."""
    return versions().first()


def model_on(day: date) -> ScoreModel | None:
    """The version that counts on a day: of those that had taken over, the one decided last.

    Before the first version began that one counts. None without any; one query.
    """
    found = list(versions())
    begun = [model for model in found if model.since <= day]
    return begun[0] if begun else found[-1] if found else None


def bands_on(day: date) -> list[Band]:
    """The bands that count on a day, or the usual ones; one query."""
    model = model_on(day)
    return read_bands(model.bands if model else [])


def score_on(account_id: int, day: date) -> Score | None:
    """The row that was kept on a day, with its version of the weights; one query."""
    rows = Score.objects.select_related("model").filter(account_id=account_id, day__lte=day)
    return rows.order_by("-day").first()


def score_history(account_id: int, since: date, until: date) -> list[Any]:
    """(day, score, confidence, number of the weights) from `since` on and the one before it; one query."""
    rows = Score.objects.filter(account_id=account_id, day__lte=until).order_by("-day")
    found: list[Any] = []
    for row in rows.values_list("day", "score", "confidence", "model__number")[:800]:
        found.append(row)
        if row[0] <= since:
            break
    return found[::-1]


def end_of_last_month(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def end_of_last_quarter(day: date) -> date:
    """The last day of the quarter before."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1) - timedelta(days=1)


def indicators_of(components: Iterable[Component]) -> dict[int, Indicator]:
    """The indicators that components name, retired ones too; one query."""
    ids = {item.indicator for item in components if item.kind == INDICATOR and item.indicator}
    return {item.pk: item for item in Indicator.objects.filter(pk__in=ids)}


def name_of(component: Component, indicators: Mapping[int, Indicator]) -> str:
    """What a component is called."""
    if component.kind != INDICATOR:
        return NAMES.get(component.kind, component.kind)
    found = indicators.get(component.indicator or 0)
    return found.name if found else "An indicator that is gone"
