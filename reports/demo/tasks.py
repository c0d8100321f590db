"""What the demo team has to do: tasks that are overdue, due and done, and a Norwegian working calendar."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.actor import Actor
from csworkspace.calendar.actions import add_holidays, set_calendar
from csworkspace.calendar.models import WorkCalendar
from csworkspace.calendar.pasting import Named
from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import WorkWeek, add_workdays, last_workday_before, next_workday
from csworkspace.notifications.models import Notification
from csworkspace.people.models import Membership
from playbooks.tasks.actions import complete_task, create_task, skip_task
from playbooks.tasks.models import Task
from playbooks.tasks.reminding import remind

YEARS = 3


@dataclass(frozen=True)
class Story:
    """A task of the demo. due: working days from today, None without a date; ended: so many days ago."""

    who: str
    title: str
    due: int | None
    done_when: str = ""
    how_to: str = ""
    outcomes: tuple[str, ...] = ()
    urgent: bool = False
    ended: int | None = None
    outcome: str = ""
    note: str = ""
    by: str = ""


SPONSOR = """Before the call, read the **last QBR** and the open target.

- Ask what changed on their side since the summer.
- Show the three numbers of the plan, not more.
- Agree on **one** next step, with a name and a date.
"""
STORIES = (
    Story(
        "csm",
        "Call the sponsor about the slipping target",
        -3,
        "The sponsor has named what stands in the way, and a date to look again.",
        SPONSOR,
        ("Agreed on a next step", "No answer", "Wants to wait"),
        urgent=True,
        by="manager",
    ),
    Story("csm", "Send the training dates for new dispatchers", -1, "They have confirmed one of the dates."),
    Story(
        "csm",
        "Prepare the quarterly review",
        0,
        "The draft is with Marcus.",
        "Start from the report’s draft; add **one** picture of what changed.",
        by="manager",
    ),
    Story("csm", "Ask who follows the head of operations", 1, outcomes=("Named", "Not decided yet")),
    Story("csm", "Check the ERP export with their IT", 2, "A night’s export ran without an error."),
    Story("csm", "Meet the new shift leads", 4, "All four have signed in at least once."),
    Story("csm", "Collect a quote for the reference page", 12),
    Story("csm", "Find out whether they plan a second site", None),
    Story("csm", "Congratulate on 10,000 jobs by phone", -6, ended=5, note="They were **very** pleased."),
    Story(
        "csm",
        "Agree on the renewal’s timetable",
        -4,
        outcomes=("Agreed", "Refused"),
        ended=4,
        outcome="Agreed",
    ),
    Story("csm", "Offer the winter webinar", -8, ended=8, note="They have no time before February."),
    Story("tomas", "Answer the question on data residency", -2, urgent=True),
    Story("tomas", "Book the on-site day in March", 3),
    Story("helen", "Go through unused features together", 0),
    Story("helen", "Send the migration checklist", 6),
    Story("jonas", "Introduce yourself to the new sponsor", 1, "A first call has taken place."),
    Story("manager", "Decide on the discount for the renewal", 2, outcomes=("Granted", "Refused")),
)
SKIPPED = "Offer the winter webinar"
NOBODYS = "Hand the account over to the partner team"


def easter(year: int) -> date:
    """Easter Sunday (Gregorian), by the anonymous algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def norwegian_holidays(year: int) -> list[Named]:
    """The public holidays of Norway."""
    sunday = easter(year)
    moving = {
        -3: "Skjærtorsdag",
        -2: "Langfredag",
        1: "Andre påskedag",
        39: "Kristi himmelfartsdag",
        50: "Andre pinsedag",
    }
    fixed = {(1, 1): "Første nyttårsdag", (5, 1): "Arbeidernes dag", (5, 17): "Grunnlovsdag"}
    fixed |= {(12, 25): "Første juledag", (12, 26): "Andre juledag"}
    found = {sunday + timedelta(days=days): name for days, name in moving.items()}
    found |= {date(year, month, day): name for (month, day), name in fixed.items()}
    return sorted(Named(day, name) for day, name in found.items())


def work_by_calendar(today: date, by: Actor) -> None:
    """Oslo's working week and holidays, once."""
    if WorkCalendar.objects.exists():
        return
    set_calendar(range(5), time(8), time(16), by=by)
    for year in range(today.year, today.year + YEARS):
        add_holidays(norwegian_holidays(year), by=by)


def give_tasks(today: date, by: Actor) -> None:
    """What everybody has to do, and what they have done; once."""
    work_by_calendar(today, by)
    if Task.objects.exists():
        return
    people = {
        member.user.email.partition("@")[0]: member for member in Membership.objects.select_related("user")
    }
    week = work_week()
    for number, story in enumerate(STORIES):
        give(story, number, people, today, week)
    account = Account.objects.filter(owner=people["jonas"]).order_by("-arr", "name").first()
    if account:
        create_task(account, NOBODYS, by=by, owner_id=None, due_on=add_workdays(today, 3, week))
    remind(next_workday(today, week))
    # Some of it was read yesterday.
    old = Notification.objects.filter(member=people["csm"]).order_by("id").values_list("pk", flat=True)[:2]
    Notification.objects.filter(pk__in=list(old)).update(
        read_at=timezone.now(), created_at=timezone.now() - timedelta(days=1)
    )


def give(story: Story, number: int, people: dict[str, Membership], today: date, week: WorkWeek) -> None:
    """One task, at one of its owner's biggest accounts, and its end."""
    owner = people[story.who]
    accounts = list(Account.objects.filter(owner=owner).order_by(F("arr").desc(nulls_last=True), "name")[:6])
    accounts = accounts or list(Account.objects.order_by(F("arr").desc(nulls_last=True), "name")[:6])
    giver = people[story.by or story.who]
    task = create_task(
        accounts[number % len(accounts)],
        story.title,
        by=actor_of(giver),
        owner_id=owner.pk,
        due_on=due_on(story.due, today, week),
        outcomes=story.outcomes,
        how_to=story.how_to,
        done_when=story.done_when,
        is_urgent=story.urgent,
    )
    if story.ended is not None:
        if story.title == SKIPPED:
            skip_task(task, by=actor_of(owner), reason=story.note)
        else:
            complete_task(task, by=actor_of(owner), outcome=story.outcome, note=story.note)
        then = timezone.now() - timedelta(days=story.ended)
        Task.objects.filter(pk=task.pk).update(created_at=then - timedelta(days=3), ended_at=then)


def due_on(days: int | None, today: date, week: WorkWeek) -> date | None:
    """The working day so many from today on, or before it."""
    if days is None or days >= 0:
        return None if days is None else add_workdays(today, days, week)
    day = today
    for _ in range(-days):
        day = last_workday_before(day, week)
    return day


def actor_of(member: Membership) -> Actor:
    """A colleague as the audit log names them."""
    return Actor(str(member), "demo", member.user_id, member.pk)
