"""Reads about scores and the versions of their weights."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from playbooks.indicators.models import Indicator
from playbooks.scores.formula import Band
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.weights import INDICATOR, NAMES, Component, read_bands


def loaded(row: str) -> str:
    """A condition: a row of scores was written after its day, from data that came later."""
    return f"{row}.recorded_at::date > {row}.day + 1"


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


class Kept(NamedTuple):
    """A row of an account's history; number: of the weights."""

    day: date
    score: Decimal | None
    confidence: int
    number: int
    recorded_at: datetime

    @property
    def is_loaded(self) -> bool:
        """Whether it was written after its day, from data that came later."""
        return self.recorded_at.date() > self.day + timedelta(days=1)


def score_history(account_id: int, since: date, until: date) -> list[Kept]:
    """What was kept from `since` on and the row before it, oldest first; one query."""
    rows = Score.objects.filter(account_id=account_id, day__lte=until).order_by("-day")
    found: list[Kept] = []
    for row in rows.values_list("day", "score", "confidence", "model__number", "recorded_at")[:800]:
        found.append(Kept(*row))
        if row[0] <= since:
            break
    return found[::-1]


def score_before(history: Sequence[Kept], then: date, day: date) -> Decimal | None:
    """The score that held `then`, to compare the one of `day` with; `history` is of `score_history`.

    A score stands until it changes. But where loaded history ends, it stands no longer than the time that is
    compared: nothing was kept after it, so that nobody knows when it changed.
    """
    place = next((at for at in reversed(range(len(history))) if history[at].day <= then), None)
    if place is None:
        return None
    row, after = history[place], history[place + 1 : place + 2]
    is_end = row.is_loaded and not (after and after[0].is_loaded)
    return None if is_end and row.day < then - (day - then) else row.score


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
