"""What placeholders stand for, for one recipient of one account."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.accounts.models import Account, PortalViewer
from accounts.book.models import PlanStatus
from accounts.contacts.models import Contact
from accounts.metrics.models import Metric
from accounts.metrics.queries import values_on
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import Workspace
from csworkspace.web.formats import plural, with_unit
from csworkspace.web.times import day
from playbooks.messages.placeholders import METRIC
from playbooks.plans.queries import active_plan, plan_progress

GOOD = (PlanStatus.ON_TRACK, PlanStatus.AHEAD)


@dataclass(frozen=True)
class Letter:
    """Whom a mail is about: the account, and who writes."""

    account: Account
    sender: Membership
    today: date


def metric_keys() -> list[str]:
    """The keys of the metrics in use; one query."""
    return list(Metric.objects.filter(retired_at=None).order_by("key").values_list("key", flat=True))


def shared_values(names: Collection[str], letter: Letter) -> dict[str, str | None]:
    """The values that are the same for every recipient; what the names do not ask for is not looked up."""
    account, sender = letter.account, letter.sender.user
    found: dict[str, str | None] = {
        "account.name": account.name,
        "account.renewal_on": day(account.renewal_on) if account.renewal_on else None,
        "sender.name": str(sender),
        "sender.first_name": sender.get_short_name(),
    }
    if "workspace.name" in names:
        found["workspace.name"] = Workspace.objects.get().name
    if {"plan.title", "plan.progress"} & set(names):
        found |= _plan_values(letter)
    return found | _metric_values([name for name in names if name.startswith(METRIC)], letter)


def _plan_values(letter: Letter) -> dict[str, str | None]:
    plan = active_plan(letter.account.pk)
    # Customers know only of what is shared with them.
    if plan is None or plan.shared_at is None:
        return {"plan.title": None, "plan.progress": None}
    targets = plan_progress(plan, letter.today).targets
    good = sum(target.status in GOOD for target in targets)
    words = f"{good} of {plural(len(targets), 'target')} on track" if targets else None
    return {"plan.title": plan.title, "plan.progress": words}


def _metric_values(names: list[str], letter: Letter) -> dict[str, str | None]:
    if not names:
        return {}
    metrics = list(Metric.objects.filter(key__in=[name.removeprefix(METRIC) for name in names]))
    points = values_on([letter.account.pk], [metric.pk for metric in metrics], letter.today)
    found: dict[str, str | None] = dict.fromkeys(names)
    for metric in metrics:
        point = points.get((letter.account.pk, metric.pk))
        found[METRIC + metric.key] = with_unit(point.value, metric.unit) if point else None
    return found


def contact_values(contact: Contact, names: Collection[str]) -> dict[str, str | None]:
    """The values of one recipient."""
    found: dict[str, str | None] = {
        "contact.name": contact.name,
        "contact.first_name": contact.name.split(" ")[0] if contact.name else None,
    }
    if "portal.link" in names:
        found["portal.link"] = _portal_link(contact)
    return found


def _portal_link(contact: Contact) -> str | None:
    """The customer's page, if this person can sign in to it."""
    viewers = PortalViewer.objects.filter(
        account_id=contact.account_id,
        membership__is_active=True,
        membership__user__email__iexact=contact.email,
    )
    if not contact.email or not viewers.exists():
        return None
    slug = Workspace.objects.get().slug
    return settings.SITE_URL + reverse("portal_account", args=[slug, contact.account_id])
