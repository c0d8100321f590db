"""Reminders, the tasks of those who left, the digest's parts, my day, the timeline, the palette."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from csworkspace.calendar.actions import add_holidays
from csworkspace.calendar.pasting import Named
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.notifications.models import Notification
from csworkspace.notifications.registry import DigestReader
from csworkspace.people.actions import deactivate_member
from csworkspace.tenancy.models import Workspace
from playbooks.myday.providers import Viewpoint
from playbooks.tasks import tasks as clock
from playbooks.tasks.actions import complete_task, move_task
from playbooks.tasks.digest import signal_sections, task_sections
from playbooks.tasks.models import Task
from playbooks.tasks.panels import day_items, find_tasks, happenings
from playbooks.tasks.reminding import remind
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.tasks.kit import make_signal, make_task

MONDAY = date(2030, 7, 1)


@pytest.fixture
def request_of(here, rf):
    """A request of a member, as views have it."""

    def make(role="csm"):
        request = rf.get("/")
        request.workspace, request.membership = here.workspace, here.members[role]
        return request

    return make


def news():
    return list(Notification.objects.order_by("id").values_list("kind", "title", "text"))


def test_what_fell_due_while_no_reminders_ran_is_told(here):
    make_task(here.account, "Missed", due_on=date(2030, 6, 26))
    make_task(here.account, "Told before", due_on=date(2030, 6, 24))
    assert remind(MONDAY, date(2030, 6, 25)) == 1
    assert news() == [("task_overdue", "Overdue: Missed", "Acme Industries, was due 26 Jun")]


def test_owners_are_reminded_once_of_what_is_due_and_overdue(here, elsewhere):
    make_task(here.account, "Due", due_on=MONDAY)
    make_task(here.account, "Friday", due_on=date(2030, 6, 28))
    make_task(here.account, "Older", due_on=date(2030, 6, 27))
    make_task(here.account, "Tomorrow", due_on=date(2030, 7, 2))
    make_task(here.account, "Nobody’s", due_on=MONDAY, owner=None)
    make_task(here.account, "Over", due_on=MONDAY, state="done")
    elsewhere.open()
    make_task(elsewhere.account, "Foreign", due_on=MONDAY)
    here.open()
    assert [remind(MONDAY), remind(MONDAY)] == [2, 0]
    assert news() == [
        ("task_overdue", "Overdue: Friday", "Acme Industries, was due 28 Jun"),
        ("task_due", "Due today: Due", "Acme Industries"),
    ]
    elsewhere.open()
    assert news() == []


def test_another_day_is_another_reminder(here):
    task = make_task(here.account, due_on=MONDAY)
    remind(MONDAY)
    move_task(task, by=BY, due_on=date(2030, 7, 2))
    remind(date(2030, 7, 2))
    remind(date(2030, 7, 3))
    assert [kind for kind, *_ in news()] == ["task_due", "task_due", "task_overdue"]


def test_nobody_is_reminded_on_a_day_off(here):
    make_task(here.account, due_on=date(2030, 6, 29))
    add_holidays([Named(MONDAY, "A day off")], by=BY)
    assert [remind(TODAY), remind(MONDAY), remind(date(2030, 7, 2))] == [0, 0, 1]


@pytest.mark.parametrize(("hour", "started"), [(4, 0), (5, 1), (12, 1)])
def test_reminders_start_in_the_morning_of_each_place(here, monkeypatch, hour, started):
    """Oslo is an hour ahead in winter."""
    Workspace.objects.update(timezone="Europe/Oslo")
    monkeypatch.setattr(clock.timezone, "now", lambda: datetime(2030, 1, 7, hour, tzinfo=UTC))
    clock.start_reminders()
    clock.start_reminders()
    assert Job.objects.filter(kind=clock.REMINDERS).count() == started


def test_managers_are_told_what_somebody_left(here, elsewhere):
    make_task(here.account)
    make_task(here.account, state="done")
    deactivate_member(here.members["csm"], by=BY)
    job = Job.objects.get(kind="tasks.owner_left")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    told = Notification.objects.order_by("member_id")
    assert {one.member_id for one in told} == {here.members["admin"].pk, here.members["manager"].pk}
    assert (told[0].title, told[0].page) == ("Csm of Northwind has left 1 open task", "tasks_unowned")


def reader(world, days=1):
    return DigestReader(world.members["csm"].pk, TODAY, timezone.now() - timedelta(days=days))


def test_the_digest_tells_tasks_and_signals(here, elsewhere):
    make_task(here.account, "Late", due_on=ago(2), is_urgent=True)
    make_task(here.account, "Now")
    make_task(here.account, "Theirs", owner=here.members["manager"])
    make_signal(here.account, "Grave", severity=3)
    make_signal(here.account, "Small", severity=1, owner=here.members["csm"])
    make_signal(here.account, "Theirs", owner=here.members["manager"])
    make_signal(here.account, "Old", raised_at=timezone.now() - timedelta(days=3))
    make_signal(here.account, "Over", state="resolved")
    late, now = task_sections(reader(here))
    assert [line.text for line in late.lines] == ["URGENT: Late (Acme Industries, was due 28 Jun)"]
    assert [line.text for line in now.lines] == ["Now (Acme Industries)"]
    (signals,) = signal_sections(reader(here))
    assert signals.heading == "2 new signals: 1 high, 1 low"
    assert [line.text for line in signals.lines] == ["Grave (Acme Industries)", "Small (Acme Industries)"]
    elsewhere.open()
    assert [section.lines for section in task_sections(reader(elsewhere))] == [[], []]
    assert signal_sections(reader(elsewhere)) == []


def test_my_day_has_ones_tasks(here, elsewhere, request_of):
    task = make_task(here.account, "Mine", due_on=ago(1), is_urgent=True)
    choice = make_task(here.account, "Choice", outcomes=["A"])
    make_task(here.account, "Urgent", due_on=None, is_urgent=True)
    make_task(here.account, "Some day", due_on=None)
    make_task(here.account, "Later", due_on=ago(-8))
    make_task(here.account, "Theirs", owner=here.members["manager"])
    mine = day_items(Viewpoint(request_of(), here.members["csm"].pk, TODAY))
    assert [(one.key, one.reason, one.when) for one in mine][:2] == [
        (f"task-{task.pk}", "Urgent: Mine", "1 day late"),
        (f"task-{choice.pk}", "Choice", "today"),
    ]
    assert [one.reason for one in mine] == ["Urgent: Mine", "Choice", "Urgent: Urgent"]
    assert (mine[0].step.posts, mine[0].step.fields, mine[1].step.posts) == (True, {"version": "1"}, False)
    everybodys = day_items(Viewpoint(request_of("manager"), None, TODAY))
    assert "Theirs (Manager of Northwind)" in [one.reason for one in everybodys]
    assert all(not one.step.posts for one in day_items(Viewpoint(request_of("executive"), None, TODAY)))
    elsewhere.open()
    assert day_items(Viewpoint(request_of(), None, TODAY)) == []


def test_the_timeline_tells_beginnings_and_ends(here, request_of):
    tasks = [make_task(here.account, f"T{number}") for number in range(3)]
    complete_task(tasks[1], by=BY, note="Well")
    found = happenings(request_of(), here.account.pk, None, 10)
    assert [one.title for one in found] == ["Task done: T1", "Task: T2", "Task: T1", "Task: T0"]
    assert (found[0].text, found[0].tone, found[0].by) == ("Well", "good", "Test")
    pages, before = [], None
    while page := happenings(request_of(), here.account.pk, before, 1):
        pages += page
        before = (page[-1].at, page[-1].key)
    assert pages == found


def test_the_palette_finds_open_tasks(here, elsewhere, request_of):
    from accounts.accounts.settling import settle_accounts

    settle_accounts([here.account.pk], by=BY, reason="test")
    make_task(here.account, "Send the contract")
    make_task(here.account, "Sign the contract", state="done")
    assert [(hit.label, hit.note) for hit in find_tasks(request_of(), "contract acme")] == [
        ("Send the contract", "Acme Industries, due 30 Jun")
    ]
    assert find_tasks(request_of(), "nothing") == []


def test_the_timeline_tells_every_task_of_one_moment(here, request_of):
    Task.objects.bulk_create(Task(account=here.account, title=f"t{n}", actor="x") for n in range(30))
    Task.objects.update(created_at=timezone.now())
    seen, before = [], None
    while page := happenings(request_of(), here.account.pk, before, 4):
        seen += [one.key for one in page]
        before = (page[-1].at, page[-1].key)
    assert (len(seen), len(set(seen))) == (30, 30)
