"""What customers ask, and by which hour it was promised to be answered."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.tiering.queries import tiers_on
from accounts.tiers.models import Service, ServiceKind
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.models import Workspace
from playbooks.services.actions import ServiceRefused, lock_open, settle
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import ONCE_LENGTH_DAYS, missed_after
from playbooks.services.queries import terms_on

PREFIX = "request "
OLDEST_DAYS = 366


@transaction.atomic
def log_request(
    account: Account, service: Service, *, by: Actor, asked_at: datetime, subject: str
) -> ServiceOccurrence:
    """A question of the customer under a promised response time. Raises ServiceRefused."""
    now = timezone.now()
    if not now - timedelta(days=OLDEST_DAYS) <= asked_at <= now:
        raise ServiceRefused("Choose a moment of the last twelve months, not one to come.", "asked_at")
    workspace = Workspace.objects.get()
    asked_on = day_in(workspace, asked_at)
    terms = terms_on(account.pk, asked_on).get(service.pk)
    if service.kind != ServiceKind.RESPONSE or terms is None or terms.response_hours is None:
        raise ServiceRefused(f"{service.name} promises {account.name} no response time.", "service")
    answer_by = asked_at + timedelta(seconds=float(terms.response_hours * 3600))
    due_on = day_in(workspace, answer_by)
    made = ServiceOccurrence.objects.create(
        account=account,
        service=service,
        tier_id=tiers_on(asked_on, [account.pk]).get(account.pk),
        owner_id=account.owner_id,
        period=f"{PREFIX}{_next_number(account, service)}",
        starts_on=asked_on,
        due_on=due_on,
        grace_days=0,
        missed_after=missed_after(due_on, ONCE_LENGTH_DAYS, 0),
        hours=terms.hours or Decimal(0),
        delivered_by=terms.delivered_by,
        asked_at=asked_at,
        answer_by=answer_by,
        subject=subject[:200],
    )
    record("logged", made, by=by, after={"subject": subject, "answer by": answer_by})
    settle([account.pk], by=by)
    return made


def _next_number(account: Account, service: Service) -> int:
    """The next number of an account's requests; the account's row keeps two from drawing the same."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    taken = ServiceOccurrence.objects.filter(account=account, service=service, asked_at__isnull=False)
    periods = taken.values_list("period", flat=True)
    return max((int(period.removeprefix(PREFIX)) for period in periods), default=0) + 1


@transaction.atomic
def answer_request(
    occurrence: ServiceOccurrence, *, by: Actor, answered_at: datetime, deliverer: str = "", note: str = ""
) -> ServiceOccurrence:
    """Say when a request was answered. Raises ServiceRefused for a moment that cannot be, Conflict."""
    locked = lock_open(occurrence.pk)
    if locked.asked_at is None:
        raise ServiceRefused("This is no request: complete it on a day.")
    if answered_at > timezone.now():
        raise ServiceRefused("That moment is still to come.", "answered_at")
    if answered_at < locked.asked_at:
        raise ServiceRefused("That is before it was asked.", "answered_at")
    locked.answered_at, locked.note = answered_at, note
    locked.delivered_on = day_in(Workspace.objects.get(), answered_at)
    locked.deliverer = (deliverer or by.label)[:160]
    locked.save()
    record("answered", locked, by=by, after={"at": answered_at, "by": locked.deliverer, "note": note})
    settle([locked.account_id], by=by)
    return locked
