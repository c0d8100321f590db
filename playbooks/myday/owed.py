"""Services that are owed and not delivered: late, due, or due soon."""

from datetime import timedelta
from typing import Any

from accounts.tiers.models import DeliveredBy
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import WEEK_DAYS, Item, Kind, Step
from playbooks.myday.words import owed_words
from playbooks.services.models import ServiceOccurrence


def owed_services(view: Viewpoint) -> list[Item]:
    """What a person has to deliver and can still deliver; what was missed is history. One query."""
    found = ServiceOccurrence.objects.filter(
        delivered_on=None,
        waived_at=None,
        delivered_by=DeliveredBy.PERSON,
        starts_on__lte=view.today,
        due_on__lte=view.today + timedelta(days=WEEK_DAYS),
        missed_after__gte=view.today,
    )
    if view.owner_id is not None:
        found = found.filter(owner_id=view.owner_id)
    return [_item(view, one) for one in found.select_related("service").order_by("due_on", "id")[:CAP]]


def _item(view: Viewpoint, one: ServiceOccurrence) -> Item:
    until = one.due_on + timedelta(days=one.grace_days)
    title = f"{one.service} “{one.subject}”" if one.subject else str(one.service)
    return Item(
        key=f"service-{one.pk}",
        kind=Kind.DUTY,
        account_id=one.account_id,
        reason=owed_words(title, one.due_on, until, view.today),
        step=_step(view, one),
        due_on=one.due_on,
        in_time_until=until,
    )


def _step(view: Viewpoint, one: Any) -> Step:
    return view.link("Open the account", "account", one.account_id)
