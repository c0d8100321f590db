"""Making, ending, moving and giving away tasks."""

from datetime import date

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.notifications.models import Notification
from csworkspace.people.actions import deactivate_member
from csworkspace.web.versions import Conflict
from playbooks.tasks import actions, settling
from playbooks.tasks.actions import TaskRefused, create_task
from playbooks.tasks.forms import TaskForm
from playbooks.tasks.models import Task
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.tasks.kit import make_step, make_task


@pytest.fixture
def announced(monkeypatch):
    """What was announced, in order."""
    found: list[tuple[str, dict]] = []
    monkeypatch.setattr(settling, "announce", lambda event, *, by, **args: found.append((event, args)))
    return found


def verbs(task):
    entries = AuditEntry.objects.filter(object_type="task", object_id=task.pk).order_by("id")
    return [entry.verb for entry in entries]


def test_a_task_is_cleaned_recorded_and_told(here, elsewhere, announced):
    csm = here.members["csm"]
    made = create_task(
        here.account,
        " Call\r\nRuth\x00 ",
        by=BY,
        owner_id=csm.pk,
        due_on=TODAY,
        outcomes=["Agreed", "", "Agreed", "Refused"],
        how_to="**Ask**\r\nher\x00",
        done_when="She\nsays yes",
    )
    made.refresh_from_db()
    assert (made.title, made.how_to, made.done_when) == ("Call Ruth", "**Ask**\nher", "She says yes")
    assert made.outcomes == ["Agreed", "Refused"]
    assert verbs(made) == ["made"]
    assert announced == [("tasks.changed", {"account_ids": [here.account.pk]})]
    news = Notification.objects.get()
    assert (news.member_id, news.kind, news.title) == (csm.pk, "task_assigned", "Test gave you “Call Ruth”")
    assert (news.page, news.page_args) == ("task", [made.pk])
    elsewhere.open()
    assert (Task.objects.count(), Notification.objects.count()) == (0, 0)


def test_what_one_gives_oneself_is_no_news(here):
    csm = here.members["csm"]
    by = actor_of(csm)
    create_task(here.account, "x", by=by, owner_id=csm.pk, due_on=None)
    create_task(here.account, "x", by=by, owner_id=None, due_on=None)
    assert not Notification.objects.exists()


def actor_of(member):
    from csworkspace.audit.actor import Actor

    return Actor(str(member), "test", member.user_id, member.pk)


def test_who_has_left_gets_no_task(here):
    csm, manager, admin = (here.members[name] for name in ("csm", "manager", "admin"))
    deactivate_member(csm, by=BY)
    assert create_task(here.account, "x", by=BY, owner_id=csm.pk, due_on=None).owner_id == manager.pk
    deactivate_member(manager, by=BY)
    assert create_task(here.account, "y", by=BY, owner_id=csm.pk, due_on=None).owner_id == admin.pk


def test_completing_says_how_it_ended_and_tells_the_play(here, announced):
    step = make_step(here.account)
    task = make_task(here.account, step=step, outcomes=["Agreed", "Refused"])
    with pytest.raises(TaskRefused, match="Choose how it ended"):
        actions.complete_task(task, by=BY)
    assert announced == []
    done = actions.complete_task(task, by=BY, outcome="Agreed", note="In June", seen=1)
    assert (done.state, done.outcome, done.result_note, done.ended_by, done.version) == (
        "done",
        "Agreed",
        "In June",
        "Test",
        2,
    )
    assert announced[1] == (
        "plays.step_ended",
        {"step_id": step.pk, "outcome": "Agreed", "note": "In June", "error": ""},
    )
    with pytest.raises(Conflict, match="done already by Test"):
        actions.complete_task(task, by=BY, outcome="Agreed")
    assert verbs(task) == ["completed"]


def test_a_task_without_ways_to_end_is_simply_done(here, announced):
    step = make_step(here.account)
    done = actions.complete_task(make_task(here.account, step=step), by=BY, outcome="made up")
    assert (done.outcome, announced[1][1]["outcome"]) == ("", "done")


def test_skipping_needs_a_reason(here, announced):
    step = make_step(here.account)
    task = make_task(here.account, step=step, outcomes=["A"])
    with pytest.raises(TaskRefused):
        actions.skip_task(task, by=BY, reason=" \x00 ")
    actions.skip_task(task, by=BY, reason="They asked us to wait")
    task.refresh_from_db()
    assert (task.state, task.result_note) == ("skipped", "They asked us to wait")
    assert announced[1][1]["outcome"] == "skipped"


def test_reopening_takes_the_end_back_and_tells_no_play(here, announced):
    task = make_task(here.account, step=make_step(here.account))
    done = actions.complete_task(task, by=BY, note="x")
    announced.clear()
    again = actions.reopen_task(done, by=BY, seen=2)
    assert (again.state, again.outcome, again.result_note, again.ended_at, again.ended_by) == (
        "open",
        "",
        "",
        None,
        "",
    )
    assert [event for event, _ in announced] == ["tasks.changed"]
    with pytest.raises(Conflict):
        actions.reopen_task(task, by=BY)


def test_giving_away_and_moving(here, elsewhere):
    task, manager = make_task(here.account), here.members["manager"]
    given = actions.reassign_task(task, by=BY, owner_id=manager.pk, seen=1)
    moved = actions.move_task(given, by=BY, due_on=date(2030, 7, 5), seen=2)
    assert (moved.owner_id, moved.due_on, moved.version) == (manager.pk, date(2030, 7, 5), 3)
    assert actions.move_task(moved, by=BY, due_on=date(2030, 7, 5)).version == 3
    for stranger in (elsewhere.members["csm"].pk, here.members["viewer"].pk):
        with pytest.raises(TaskRefused):
            actions.reassign_task(task, by=BY, owner_id=stranger)
    assert actions.reassign_task(task, by=BY, owner_id=None).owner_id is None
    assert verbs(task) == ["reassigned", "moved", "reassigned"]
    assert [one.member_id for one in Notification.objects.all()] == [manager.pk]


@pytest.mark.parametrize(
    "act",
    [
        lambda task: actions.complete_task(task, by=BY, seen=9),
        lambda task: actions.skip_task(task, by=BY, reason="x", seen=9),
        lambda task: actions.reassign_task(task, by=BY, owner_id=None, seen=9),
        lambda task: actions.move_task(task, by=BY, due_on=None, seen=9),
        lambda task: actions.edit_task(task, by=BY, seen=9, title="x"),
        lambda task: actions.reopen_task(task, by=BY, seen=9),
    ],
)
def test_what_somebody_else_changed_is_left_alone(here, act):
    task = make_task(here.account)
    with pytest.raises(Conflict):
        act(task)
    task.refresh_from_db()
    assert (task.state, task.version, verbs(task)) == ("open", 1, [])


def test_editing(here):
    task = make_task(here.account)
    manager = here.members["manager"]
    edited = actions.edit_task(
        task, by=BY, seen=1, title="Visit\nRuth", owner_id=manager.pk, due_on=ago(1), outcomes=["A", "A"]
    )
    assert (edited.title, edited.outcomes, edited.version) == ("Visit Ruth", ["A"], 2)
    entry = AuditEntry.objects.get(object_type="task", verb="edited")
    assert entry.before["title"] == "Call Ruth"
    assert Notification.objects.get().member_id == manager.pk


def test_a_stopped_play_cancels_its_open_task_only(here):
    step = make_step(here.account)
    task = make_task(here.account, step=step)
    other = make_task(here.account)
    assert actions.cancel_step_tasks(step.pk, by=BY) == 1
    assert actions.cancel_step_tasks(step.pk, by=BY) == 0
    assert [Task.objects.get(pk=one.pk).state for one in (task, other)] == ["cancelled", "open"]


def test_a_plays_task_keeps_the_ways_it_can_end(here):
    task = make_task(here.account, step=make_step(here.account), outcomes=["Agreed", "No"])
    with pytest.raises(TaskRefused, match="change that in the playbook"):
        actions.edit_task(task, by=BY, outcomes=[])
    form = TaskForm.of(task, {"version": 1, "title": "Visit", "owner": task.owner_id, "due_on": ""})
    assert (form.is_valid(), "outcomes" in form.fields) == (True, False)
    edited = actions.edit_task(task, by=BY, **form.values())
    assert (edited.title, edited.outcomes) == ("Visit", ["Agreed", "No"])
