"""Many tasks at once: done, or passed over with a reason."""

import pytest
from pytest_django.asserts import assertNumQueries

from csworkspace.audit.models import AuditEntry
from csworkspace.notifications.models import Notification
from playbooks.tasks import bulk, settling
from playbooks.tasks.actions import TaskRefused
from playbooks.tasks.bulk import Chosen
from playbooks.tasks.models import Task
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.tasks.kit import make_step, make_task


def chosen(*tasks):
    return [Chosen(task.pk, task.version) for task in tasks]


def reasons(result):
    return {one.title: one.reason for one in result.passed}


def test_conflicts_are_told_and_the_rest_is_done(here, elsewhere):
    fine, changed, ended, choice = (
        make_task(here.account, name) for name in ("Fine", "Changed", "Ended", "Choice")
    )
    elsewhere.open()
    foreign = make_task(elsewhere.account, "Foreign")
    here.open()
    wanted = chosen(fine, changed, ended, choice, foreign)
    Task.objects.filter(pk=changed.pk).update(version=2)
    Task.objects.filter(pk=ended.pk).update(state="done")
    Task.objects.filter(pk=choice.pk).update(outcomes=["A", "B"])
    result = bulk.complete_many(wanted, by=BY, note="All well")
    assert [task.title for task in result.done] == ["Fine"]
    assert reasons(result) == {
        "Changed": bulk.CHANGED,
        "Ended": bulk.ENDED,
        "Choice": bulk.HAS_OUTCOMES,
        f"Task {foreign.pk}": bulk.GONE,
    }
    fine.refresh_from_db()
    assert (fine.state, fine.result_note, fine.ended_by, fine.version) == ("done", "All well", "Test", 2)
    entry = AuditEntry.objects.get(object_type="task")
    assert (entry.verb, entry.object_id, entry.after) == ("completed", fine.pk, {"note": "All well"})
    elsewhere.open()
    foreign.refresh_from_db()
    assert foreign.state == "open"


def test_plays_go_on_and_accounts_are_told_once(here, monkeypatch):
    found = []
    monkeypatch.setattr(settling, "announce", lambda event, *, by, **args: found.append((event, args)))
    step = make_step(here.account)
    bulk.complete_many(chosen(make_task(here.account, step=step), make_task(here.account)), by=BY)
    assert [event for event, _ in found] == ["tasks.changed", "plays.step_ended"]
    assert found[1][1]["step_id"] == step.pk


def test_many_are_given_to_a_colleague(here, elsewhere):
    manager = here.members["manager"]
    tasks = [make_task(here.account, f"T{n}") for n in range(3)]
    mine = make_task(here.account, "Theirs already", owner=manager)
    result = bulk.reassign_many(chosen(*tasks, mine), by=BY, owner_id=manager.pk)
    assert (len(result.done), result.passed) == (4, [])
    assert set(Task.objects.values_list("owner_id", "version")) == {(manager.pk, 2), (manager.pk, 1)}
    assert Notification.objects.filter(member=manager, kind="task_assigned").count() == 3
    assert AuditEntry.objects.filter(verb="reassigned").first().after == {"owner": str(manager)}
    with pytest.raises(TaskRefused):
        bulk.reassign_many(chosen(*tasks), by=BY, owner_id=elsewhere.members["csm"].pk)
    bulk.reassign_many([Chosen(task.pk) for task in tasks], by=BY, owner_id=None)
    assert Task.objects.filter(owner=None).count() == 3


def test_many_are_moved(here):
    tasks = [make_task(here.account), make_task(here.account, due_on=None)]
    result = bulk.move_many(chosen(*tasks), by=BY, due_on=ago(-3))
    assert len(result.done) == 2
    assert set(Task.objects.values_list("due_on", flat=True)) == {ago(-3)}
    assert AuditEntry.objects.filter(verb="moved").order_by("object_id")[0].before == {"due": str(TODAY)}


def test_hundreds_cost_as_much_as_one(here):
    for count in (1, 300):
        made = Task.objects.bulk_create(
            Task(account=here.account, title=f"T{n}", due_on=TODAY, actor="x") for n in range(count)
        )
        with assertNumQueries(4):
            bulk.complete_many([Chosen(task.pk, 1) for task in made], by=BY)
    assert Task.objects.filter(state="done").count() == 301
