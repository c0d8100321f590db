"""The steps of plays: a task, and a notice."""

from datetime import date

import pytest

from accounts.accounts.models import Account
from csworkspace.calendar.actions import add_holidays, set_calendar
from csworkspace.calendar.pasting import Named
from csworkspace.notifications.models import Notification
from csworkspace.people.actions import deactivate_member
from csworkspace.people.models import Membership
from playbooks.capacity.models import Absence
from playbooks.playbooks.steps import Ended, Failed, Waits, step_kind
from playbooks.plays.actions import reassign_play
from playbooks.plays.advancing import advance_once
from playbooks.tasks.actions import complete_task, reassign_task
from playbooks.tasks.models import Task
from playbooks.tasks.owners import due_day
from playbooks.tasks.steps import NOTICE, TASK, NoticeStepForm, TaskStepForm, task_outcomes, task_words
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import make_playbook, start
from tests.playbooks.tasks.kit import make_signal, make_step, run_of

# TODAY is Sunday, 30 June 2030.
MONDAY = date(2030, 7, 1)


def test_both_are_registered():
    assert (step_kind("task"), step_kind("notice")) == (TASK, NOTICE)


def test_a_step_makes_its_task_once(here, elsewhere):
    step = make_step(here.account)
    step.play.signal = make_signal(here.account)
    step.play.save()
    run = run_of(
        step, title="Call the sponsor", due_days=2, done_when="Agreed", how_to="Ask", outcomes=["A", "B"]
    )
    first, second = TASK.begin(run), TASK.begin(run)
    task = Task.objects.get()
    assert first == second == Waits(result={"task": task.pk})
    assert (task.title, task.owner_id, task.due_on) == (
        "Call the sponsor",
        here.account.owner_id,
        date(2030, 7, 3),
    )
    assert (task.step_id, task.signal_id, task.outcomes) == (step.pk, step.play.signal_id, ["A", "B"])
    complete_task(task, by=BY, outcome="B", note="Well")
    assert TASK.begin(run) == Ended("B", "Well", {"task": task.pk})
    elsewhere.open()
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [("owner", "csm", "executive"), ("owner", None, "executive"), ("manager", "csm", "manager")],
)
def test_a_task_of_whoever_leads_follows_the_play(here, role, before, after):
    if before is None:
        Account.objects.update(owner=None)
    steps = [
        {"key": "call", "kind": "task", "title": "Call", "params": {"title": "Call", "owner_role": role}}
    ]
    play = start(make_playbook(steps=steps), Account.objects.get(pk=here.account.pk))
    advance_once(play.pk)
    reassign_play(play, by=BY, owner_id=here.members["executive"].pk)
    task = Task.objects.get()
    assert task.owner == here.members[after]
    reassign_task(task, by=BY, owner_id=here.members["admin"].pk)
    reassign_play(play, by=BY, owner_id=here.members["manager"].pk)
    assert Task.objects.get().owner == here.members["admin"], "what somebody else was given stays there"


def test_due_days_are_working_days_of_the_calendar_without_absences(here):
    csm = here.account.owner_id
    assert due_day(TODAY, 0, csm) == MONDAY
    assert due_day(TODAY, 5, csm) == date(2030, 7, 8)
    Absence.objects.create(membership_id=csm, starts_on=date(2030, 7, 2), ends_on=date(2030, 7, 3))
    assert due_day(TODAY, 5, csm) == date(2030, 7, 10)
    assert due_day(TODAY, 5, here.members["manager"].pk) == date(2030, 7, 8)
    add_holidays([Named(date(2030, 7, 10), "A day off")], by=BY)
    assert due_day(TODAY, 5, csm) == date(2030, 7, 11)
    set_calendar([0], "09:00", "17:00", by=BY)
    assert due_day(TODAY, 1, None) == date(2030, 7, 8)


def test_an_absence_without_an_end_stops_nothing(here):
    Absence.objects.create(membership=here.members["csm"], starts_on=TODAY, ends_on=date(2999, 1, 1))
    assert due_day(TODAY, 3, here.members["csm"].pk) >= TODAY


@pytest.mark.parametrize(
    ("role", "gone", "owner"),
    [
        ("owner", (), "csm"),
        ("owner", ("csm",), "manager"),
        ("owner", ("csm", "manager"), "admin"),
        ("manager", (), "manager"),
        ("manager", ("manager",), "admin"),
        ("member", (), "executive"),
        ("member", ("executive",), "manager"),
        ("owner", ("csm", "manager", "admin"), None),
    ],
)
def test_who_gets_it(here, role, gone, owner):
    for name in gone:
        Membership.objects.filter(pk=here.members[name].pk).update(is_active=False)
    wanted = f"member:{here.members['executive'].pk}" if role == "member" else role
    progress = TASK.begin(run_of(make_step(here.account), title="x", owner_role=wanted))
    assert Task.objects.get().owner == (here.members[owner] if owner else None)
    assert progress.note == ("" if owner else "Nobody owns this: its owner has left, and nobody stands in.")


def test_the_plays_own_leader_comes_before_the_accounts(here):
    step = make_step(here.account)
    step.play.owner = here.members["admin"]
    TASK.begin(run_of(step, title="x"))
    assert Task.objects.get().owner == here.members["admin"]


def test_after_the_plays_leader_left_the_accounts_owner_gets_it(here):
    step = make_step(here.account)
    step.play.owner = here.members["executive"]
    deactivate_member(here.members["executive"], by=BY)
    step.play.owner.refresh_from_db()
    TASK.begin(run_of(step, title="x"))
    NOTICE.begin(run_of(step, to="owner", text="Look"))
    assert Task.objects.get().owner == here.account.owner
    told = Notification.objects.filter(kind="play_notice")
    assert [one.member for one in told] == [here.account.owner]


@pytest.mark.parametrize(
    "role", ["member:", "member:x", "member:999999999", "member:" + "9" * 40, "nonsense"]
)
def test_hostile_roles_go_to_somebody_who_is_here(here, role):
    TASK.begin(run_of(make_step(here.account), title="x", owner_role=role))
    assert Task.objects.get().owner in (here.members["manager"], here.members["csm"])


def test_stopping_the_play_cancels_it(here):
    run = run_of(make_step(here.account), title="x")
    TASK.begin(run)
    TASK.cancel(run)
    assert Task.objects.get().state == "cancelled"


def test_the_form_keeps_what_the_step_needs(here):
    data = {
        "title": "Call",
        "owner_role": "manager",
        "due_days": "3",
        "hours": "1.5",
        "outcomes": "Agreed\r\n\r\nRefused\nAgreed",
    }
    form = TaskStepForm(data)
    assert form.is_valid(), form.errors
    assert form.params() == {
        "title": "Call",
        "owner_role": "manager",
        "due_days": 3,
        "hours": "1.5",
        "done_when": "",
        "how_to": "",
        "outcomes": ["Agreed", "Refused"],
    }
    assert TaskStepForm(initial=form.params())["outcomes"].value() == "Agreed\nRefused"
    names = [value for value, _ in form.fields["owner_role"].choices]
    assert names[:2] == ["owner", "manager"]
    assert f"member:{here.members['viewer'].pk}" not in names


@pytest.mark.parametrize(
    "change",
    [
        {"due_days": "-1"},
        {"owner_role": "member:1x"},
        {"outcomes": "x" * 61},
        {"outcomes": "\n".join("abcdefghi")},
    ],
)
def test_the_form_refuses_what_cannot_be(here, change):
    assert not TaskStepForm({"title": "Call", "owner_role": "owner", "due_days": "3", **change}).is_valid()


def test_words_outcomes_and_complaints(here):
    executive = here.members["executive"]
    params = {"title": "Call", "due_days": 1, "owner_role": f"member:{executive.pk}", "outcomes": ["A"]}
    assert task_words(params) == f"“Call” for {executive}, within 1 working day"
    assert task_words({"title": "Call"}) == "“Call” for whoever leads the play, due at once"
    assert task_outcomes(params) == [("A", "A"), ("skipped", "Skipped")]
    assert task_outcomes({}) == [("done", "Done"), ("skipped", "Skipped")]
    assert TASK.check(params) == ()
    deactivate_member(executive, by=BY)
    assert TASK.check(params) == (f"{executive} is not in the team any more. Choose who does this task.",)
    assert len(TASK.check({"owner_role": "member:x"})) == 1


@pytest.mark.parametrize(
    ("to", "told"),
    [("owner", ["csm"]), ("managers", ["manager"]), ("team", ["admin", "manager", "csm", "executive"])],
)
def test_a_notice_is_told_once_and_the_play_goes_on(here, elsewhere, to, told):
    step = make_step(here.account, kind="notice")
    run = run_of(step, to=to, text="The sponsor\nhas left")
    first = NOTICE.begin(run)
    assert (first, first.result) == (NOTICE.begin(run), {"told": len(told)})
    news = Notification.objects.order_by("member_id")
    assert {one.member_id for one in news} == {here.members[role].pk for role in told}
    assert (news[0].title, news[0].page) == ("Acme Industries: The sponsor has left", "play")
    elsewhere.open()
    assert not Notification.objects.exists()


def test_a_notice_without_anybody_or_text(here):
    Membership.objects.update(is_active=False)
    here.account.refresh_from_db()
    step = make_step(here.account, kind="notice")
    assert NOTICE.begin(run_of(step, to="owner", text="x")) == Ended(
        note="There was nobody to tell", result={"told": 0}
    )
    assert isinstance(NOTICE.begin(run_of(step, to="owner", text=" \x00")), Failed)
    assert NoticeStepForm({"to": "team", "text": "Hello"}).is_valid()
    assert NOTICE.words({"to": "team", "text": "Hello"}) == "Tell the whole team: “Hello”"
