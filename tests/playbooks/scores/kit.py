"""Indicators with readings, weights and scores, made by hand."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account
from playbooks.indicators.models import Indicator, Reading
from playbooks.scores.actions import save_weights
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.weights import Component, read_bands
from tests.kit import BY
from tests.playbooks.kit import TODAY


def make_indicator(key: str = "silent-account", **fields: Any) -> Indicator:
    """An active risk indicator whose measure nobody evaluates; by default one of the ready-made set."""
    name = key.split("-")[0].title()
    defaults = {"name": name, "kind": "risk", "measure": "none", "explanation": name}
    return Indicator.objects.create(key=key, actor="Test", **{**defaults, **fields})


def read(
    account: Account, indicator: Indicator, holds: bool | None, value: Any = None, **more: Any
) -> Reading:
    """The current reading; an earlier one is superseded."""
    now = timezone.now()
    Reading.objects.filter(account=account, indicator=indicator, superseded_at=None).update(superseded_at=now)
    return Reading.objects.create(
        account=account,
        indicator=indicator,
        number=1,
        day=TODAY,
        holds=holds,
        value=None if value is None else Decimal(str(value)),
        recorded_at=now,
        **more,
    )


def weigh(*components: Component, since: Any = TODAY, **more: Any) -> ScoreModel:
    """New weights, as a person decides on them."""
    usual = {"by": BY, "seen": None, "bands": read_bands([]), "reason": "Because", "since": since}
    return save_weights(components=components, **{**usual, **more})


def of(indicator: Indicator, weight: Any = 10, **more: Any) -> Component:
    """A component of an indicator."""
    return Component("indicator", Decimal(weight), indicator.pk, **more)


def rows(account: Account) -> list[tuple[Any, ...]]:
    """(day, score, confidence, is current) of an account's rows by day."""
    found = Score.objects.filter(account=account).order_by("day")
    return [(row.day, row.score, row.confidence, row.superseded_at is None) for row in found]
