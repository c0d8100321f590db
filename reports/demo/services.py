"""How the demo companies kept their promises: mostly in time, each CSM in their own way."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.accounts.models import Account
from accounts.tiers.models import DeliveredBy, Service, ServiceKind
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import not_delivered, terms_on
from playbooks.services.requests import answer_request, log_request
from playbooks.services.standing import refresh_service_standing
from reports.demo.cast import TOP
from reports.demo.papers import ISSUED


@dataclass(frozen=True)
class Habit:
    """Of a hundred services so many in time, so many late; the rest is left undone."""

    in_time: int
    late: int


HABITS = (Habit(88, 8), Habit(93, 5), Habit(74, 17), Habit(84, 10))
BY_ITSELF = Habit(97, 2)
NOTES = {
    ServiceKind.QBR: "Met the sponsor and the planners on site.",
    ServiceKind.EXECUTIVE: "Call of both executives; next steps are in the plan.",
    ServiceKind.HEALTH: "Went through use and open questions together.",
    ServiceKind.TRAINING: "Two hours for new dispatchers, recorded for the others.",
}
# Asked so many days ago, answered after so many hours (None: open): what, and by which customer.
QUESTIONS = (
    (0, 61, 2, "The board shows yesterday's weather for the western depots."),
    (2, 47, 3, "May a subcontractor see only its own jobs?"),
    (1, 33, 9, "The export to the ERP has stopped at 14:00."),
    (0, 19, 1, "How do we move a whole shift to another depot?"),
    (4, 12, 4, "Two engineers get the same job on the phone."),
    (3, 5, None, "Who at your side signs the data agreement?"),
)


def keep_promises(by: Actor) -> None:
    """Deliver what was owed up to today by each owner's habits, once."""
    if ServiceOccurrence.objects.exclude(delivered_on=None).exists():
        return
    day = today()
    owners = list(ServiceOccurrence.objects.order_by("owner").values_list("owner", flat=True).distinct())
    habits: dict[int | None, Habit] = {pk: HABITS[number % len(HABITS)] for number, pk in enumerate(owners)}
    owed = not_delivered().filter(starts_on__lte=day).select_related("service", "owner__user", "account")
    done = [one for one in owed if not by_report(one, day) and deliver(one, habits[one.owner_id], day)]
    ServiceOccurrence.objects.bulk_update(done, ["delivered_on", "deliverer", "note"], batch_size=500)
    ask(by)
    refresh_service_standing(list(Account.objects.values_list("pk", flat=True)))


def by_report(one: ServiceOccurrence, on: date) -> bool:
    """Whether an issued report of the demo delivers it: those of running periods are left for these."""
    kinds = {"qbr": ServiceKind.QBR, "progress": ServiceKind.REPORT}
    delivers = {(name, kinds[kind]) for name, kind in ISSUED}
    return one.due_on >= on and (one.account.name, one.service.kind) in delivers


def deliver(one: ServiceOccurrence, habit: Habit, on: date) -> bool:
    """Write down when it was delivered, if it was."""
    chance = draw(one, "whether")
    if one.delivered_by != DeliveredBy.PERSON:
        habit = BY_ITSELF
    grace_ends = one.due_on + timedelta(days=one.grace_days)
    if chance < habit.in_time:
        day = one.due_on - timedelta(days=draw(one, "early") % max(2, (one.due_on - one.starts_on).days // 2))
    elif chance < habit.in_time + habit.late:
        day = grace_ends + timedelta(days=1 + draw(one, "late") % 12)
    else:
        return False
    if day > on:
        return False
    person = one.delivered_by == DeliveredBy.PERSON
    one.delivered_on, one.deliverer = day, str(one.owner) if person and one.owner else "CS Workspace"
    one.note = NOTES.get(ServiceKind(one.service.kind), "") if person and chance % 3 == 0 else ""
    return True


def draw(one: ServiceOccurrence, word: str) -> int:
    """A number below 100 that is always the same for the same service."""
    text = f"{one.account.external_id}/{one.service.name}/{one.period}/{word}"
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100


def ask(by: Actor) -> None:
    """Some requests of the biggest customers, most of them answered in time."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    accounts = {account.name: account for account in Account.objects.filter(name__in=[row[0] for row in TOP])}
    for number, days, hours, subject in QUESTIONS:
        account = accounts.get(TOP[number][0])
        asked_at = now - timedelta(days=days)
        service = response_service(account, asked_at) if account else None
        if account is None or service is None:
            continue
        one = log_request(account, service, by=by, asked_at=asked_at, subject=subject)
        if hours is not None:
            answer_request(one, by=by, answered_at=asked_at + timedelta(hours=hours))


def response_service(account: Account, asked_at: datetime) -> Service | None:
    """The service that promises an account a response time, if one does."""
    terms = terms_on(account.pk, asked_at.date()).values()
    found = [one.service_id for one in terms if one.kind == ServiceKind.RESPONSE]
    return Service.objects.get(pk=found[0]) if found else None
