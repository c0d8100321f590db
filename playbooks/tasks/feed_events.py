"""What stands in a member's calendar: tasks due, meetings, services owed, renewals of their accounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.accounts.models import Account, Stage
from accounts.tiers.models import DeliveredBy
from playbooks.notes.models import Attendee, Note, NoteKind
from playbooks.services.periods import period_words
from playbooks.services.queries import not_delivered
from playbooks.tasks.models import Task, TaskState

BACK, AHEAD, MOST = timedelta(days=60), timedelta(days=400), 1_000
USUAL_MINUTES = 60


@dataclass(frozen=True)
class CalendarEvent:
    """One entry: on a day, or between moments. key: stable and unique; page: the route with its id."""

    key: str
    title: str
    text: str
    page: str
    pk: int
    day: date | None = None
    start: datetime | None = None
    end: datetime | None = None


def events_of(member_id: int, today: date) -> list[CalendarEvent]:
    """Everything from two months back to a year ahead; four queries, at most MOST of each kind."""
    return [
        *_tasks(member_id, today),
        *_meetings(member_id),
        *_services(member_id, today),
        *_renewals(member_id, today),
    ]


def _tasks(member_id: int, today: date) -> Iterator[CalendarEvent]:
    found = Task.objects.filter(
        owner_id=member_id, state=TaskState.OPEN, due_on__gte=today - BACK, due_on__lte=today + AHEAD
    )
    rows = found.order_by("due_on", "pk").values_list("pk", "title", "due_on", "done_when", "account__name")
    for pk, title, due_on, done_when, account in rows[:MOST]:
        text = f"Task for {account}" + (f"\nDone when: {done_when}" if done_when else "")
        yield CalendarEvent(f"task-{pk}", f"{title} ({account})", text, "task", pk, day=due_on)


def _meetings(member_id: int) -> Iterator[CalendarEvent]:
    now = timezone.now()
    attends = Exists(Attendee.objects.filter(note_id=OuterRef("pk"), member_id=member_id))
    found = Note.objects.filter(
        attends,
        kind__in=[NoteKind.MEETING, NoteKind.CALL],
        removed_at=None,
        happened_at__gt=now - BACK,
        happened_at__lt=now + AHEAD,
    )
    rows = found.order_by("happened_at", "pk").values_list(
        "pk", "title", "happened_at", "minutes", "place", "kind", "account__name"
    )
    for pk, title, at, minutes, place, kind, account in rows[:MOST]:
        text = f"{NoteKind(kind).label} with {account}" + (f"\n{place}" if place else "")
        end = at + timedelta(minutes=minutes or USUAL_MINUTES)
        yield CalendarEvent(f"note-{pk}", f"{title} ({account})", text, "note", pk, start=at, end=end)


def _services(member_id: int, today: date) -> Iterator[CalendarEvent]:
    found = not_delivered().filter(
        owner_id=member_id,
        delivered_by=DeliveredBy.PERSON,
        missed_after__gte=today,
        due_on__gte=today - BACK,
        due_on__lte=today + AHEAD,
    )
    rows = found.exclude(account__stage=Stage.CHURNED).order_by("due_on", "pk")
    columns = ("pk", "service__name", "period", "due_on", "account__name")
    for pk, service, period, due_on, account in rows.values_list(*columns)[:MOST]:
        text = f"Owed to {account} for {period_words(period)}"
        yield CalendarEvent(f"service-{pk}", f"{service} due ({account})", text, "occurrence", pk, day=due_on)


def _renewals(member_id: int, today: date) -> Iterator[CalendarEvent]:
    found = Account.objects.filter(
        owner_id=member_id, renewal_on__gte=today - BACK, renewal_on__lte=today + AHEAD
    ).exclude(stage=Stage.CHURNED)
    for pk, name, renewal_on in found.order_by("renewal_on", "pk").values_list("pk", "name", "renewal_on")[
        :MOST
    ]:
        yield CalendarEvent(f"renewal-{pk}", f"Renewal: {name}", "", "account", pk, day=renewal_on)
