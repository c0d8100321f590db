"""Rows of scores made by hand."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from playbooks.scores.models import Score, ScoreModel

TODAY = date(2030, 6, 30)


def part(key: str, weight: float, share: float | None, **more: Any) -> dict[str, Any]:
    """A component as a row keeps it."""
    found = {
        "key": key,
        "kind": key.split(" ")[0],
        "indicator": None,
        "name": key.title(),
        "weight": weight,
        "share": share,
        "points": None,
        "scale": [None, None, False],
        "value": None,
        "holds": None,
        "applies": True,
        "words": f"{key} words",
    }
    return {**found, **more}


def weights(number: int = 1, since: date = date(2020, 1, 1)) -> ScoreModel:
    """A version of the weights."""
    found, _ = ScoreModel.objects.get_or_create(number=number, defaults={"since": since, "actor": "Test"})
    return found


def keep(
    account: Account, day: date, share: float | None, model: ScoreModel | None = None, **more: Any
) -> Score:
    """A row of one component, whose share is the score; the row before it is superseded."""
    Score.objects.filter(account=account, superseded_at=None).update(superseded_at=timezone.now())
    values = {
        "score": None if share is None else round(100 * share, 1),
        "confidence": 100,
        "components": [part("plan", 10, share, points=None if share is None else 100 * share)],
        "stage": account.stage,
        "tier_then": account.tier_id,
        "owner_then": account.owner_id,
        "recorded_at": timezone.now(),
    }
    return Score.objects.create(account=account, day=day, model=model or weights(), **{**values, **more})


def make_accounts(count: int, **fields: Any) -> list[Account]:
    """More accounts, in the book."""
    made = Account.objects.bulk_create([Account(name=f"Account {n}", **fields) for n in range(count)])
    refresh_book()
    return made
