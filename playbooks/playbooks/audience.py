"""Which accounts a playbook is for, and which signals its trigger means."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.accounts.models import Account, Stage
from accounts.segments.evaluate import accounts_in
from playbooks.playbooks.shapes import Audience, Trigger
from playbooks.signals.models import Signal, SignalState

AWAKE = (SignalState.OPEN, SignalState.ACKNOWLEDGED)


def accounts_for(audience: Audience) -> QuerySet[Account]:
    """The accounts that an audience has now; churned ones only if their stage is named."""
    found = Account.objects.filter(stage__in=audience.stages or set(Stage.values) - {Stage.CHURNED})
    if audience.segment is not None:
        found = found.filter(pk__in=accounts_in(audience.segment))
    return found.filter(tier_id__in=audience.tiers) if audience.tiers else found


def in_audience(audience: Audience, account_ids: Iterable[int]) -> set[int]:
    """Those of the accounts that are in the audience now; at most two queries."""
    return set(accounts_for(audience).filter(pk__in=list(account_ids)).values_list("pk", flat=True))


def signals_for(trigger: Trigger) -> QuerySet[Signal]:
    """The signals that the trigger starts on: what nobody has settled or snoozed."""
    found = Signal.objects.filter(state__in=AWAKE, severity__gte=trigger.severity)
    if trigger.indicators:
        found = found.filter(indicator_id__in=trigger.indicators)
    return found.filter(kind__in=trigger.signal_kinds) if trigger.signal_kinds else found
