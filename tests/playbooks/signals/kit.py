"""Indicators, readings and signals made by hand."""

from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account
from playbooks.indicators.models import Indicator, Reading
from playbooks.signals.models import Signal
from playbooks.signals.reconciling import Reconciled, reconcile_signals
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago


def make_indicator(key: str = "activity", **fields: Any) -> Indicator:
    """A risk of medium severity."""
    usual = {"name": key.capitalize(), "kind": "risk", "severity": 2, "measure": "metric", "actor": "Test"}
    return Indicator.objects.create(key=key, explanation="", **{**usual, **fields})


def read(account: Account, indicator: Indicator, holds: bool | None = True, **fields: Any) -> Reading:
    """Make this the present reading."""
    now = timezone.now()
    Reading.objects.filter(account=account, indicator=indicator, superseded_at=None).update(superseded_at=now)
    usual = {"number": 1, "day": TODAY, "value": 62, "compared": 100, "recorded_at": now}
    return Reading.objects.create(account=account, indicator=indicator, holds=holds, **{**usual, **fields})


def reconcile(*accounts: Account, **options: Any) -> Reconciled:
    """Reconcile these accounts, or all."""
    ids = [one.pk for one in accounts] or list(Account.objects.order_by("pk").values_list("pk", flat=True))
    return reconcile_signals(ids, by=BY, **options)


def make_signal(account: Account, title: str = "They grew silent", **fields: Any) -> Signal:
    """An open signal by hand, with the book's row as it should be."""
    from playbooks.signals.standing import refresh_signal_standing

    usual = {
        "kind": "risk",
        "severity": 2,
        "source": "person",
        "cause": f"person {title}",
        "raised_on": ago(1),
        "raised_at": timezone.now(),
        "last_seen_on": ago(1),
        "actor": "Test",
    }
    made = Signal.objects.create(account=account, title=title, **{**usual, **fields})
    refresh_signal_standing([account.pk])
    return made
