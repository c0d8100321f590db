"""Evaluating indicators for accounts as of a day; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from playbooks.indicators.models import Indicator


class Known(StrEnum):
    """Which data count for a past day.

    NOW: everything that is known today. RECORDED: what this workspace had recorded by the end of the day.
    RECEIVED: what the source had received by then, for history that was loaded later.
    """

    NOW = "now"
    RECORDED = "recorded"
    RECEIVED = "received"


@dataclass(frozen=True)
class Judged:
    """How an indicator comes out for an account on a day; see `models.Reading` for the meanings."""

    account_id: int
    indicator_id: int
    holds: bool | None
    value: Decimal | None
    compared: Decimal | None
    detail: dict[str, Any] = field(default_factory=dict)


def evaluate(
    indicators: Sequence[Indicator],
    account_ids: Sequence[int] | None,
    day: date,
    known: Known = Known.NOW,
) -> list[Judged]:
    """Judge these indicators for these accounts (None: all) on a day; one statement per indicator."""
    raise NotImplementedError
