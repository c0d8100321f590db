"""Two at the same moment, on two connections."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.accounts.models import Account, Stage
from csworkspace.tenancy.database import open_workspace
from playbooks.plays.advancing import advance_once, end_step, lock_play
from playbooks.plays.marks import see_changes
from playbooks.plays.models import Play
from playbooks.plays.refusals import StartRefused
from playbooks.plays.starting import lock_startable
from tests.kit import make_world
from tests.playbooks.plans.test_races import wait_until_blocked
from tests.playbooks.plays.kit import make_playbook, start, states, step, the

pytestmark = pytest.mark.django_db(transaction=True)


def beside(world: Any, lock: Callable[[], Any], act: Callable[[], Any]) -> list[Any]:
    """Both act: the second one comes while the first one holds the lock. What came of each."""
    came: list[Any] = []

    def tried() -> Any:
        try:
            return act()
        except StartRefused as refusal:
            return str(refusal)

    def other() -> None:
        try:
            with open_workspace(world.workspace.pk):
                came.append(tried())
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with open_workspace(world.workspace.pk):
        lock()
        thread.start()
        wait_until_blocked()
        first = tried()
    thread.join(10)
    return [first, *came]


@pytest.fixture
def world():
    with transaction.atomic():
        return make_world("home")


def test_two_who_start_it_at_once_start_one(world):
    with open_workspace(world.workspace.pk):
        playbook = make_playbook()
    first, second = beside(
        world, lambda: lock_startable(playbook.pk), lambda: start(playbook, world.account).pk
    )
    assert second == "Rescue runs on Acme Industries already. Finish or stop that play first." or (
        second == "Rescue was started on Acme Industries for this cause before."
    )
    with open_workspace(world.workspace.pk):
        assert [play.pk for play in Play.objects.all()] == [first]


def test_two_who_move_it_on_at_once_begin_a_step_once(world, doing):
    with open_workspace(world.workspace.pk):
        play = start(make_playbook(steps=[step("a", "end"), step("b")]), world.account)
    came = beside(world, lambda: lock_play(play.pk), lambda: advance_once(play.pk))
    assert came == [True, False]
    assert doing.began == ["a", "b"]
    with open_workspace(world.workspace.pk):
        assert states(play) == [("a", "done"), ("b", "active")]


def test_two_messages_at_once_end_a_step_once(world, doing):
    with open_workspace(world.workspace.pk):
        play = start(make_playbook(), world.account)
        advance_once(play.pk)
        pk = the(play, "one").pk
    outcomes = iter(["first", "second"])
    beside(world, lambda: lock_play(play.pk), lambda: end_step(pk, next(outcomes)))
    with open_workspace(world.workspace.pk):
        assert the(play, "one").state == "done"
        assert Play.objects.get().steps.filter(state="done").count() == 1


def test_two_who_look_at_an_account_see_its_change_once(world):
    with open_workspace(world.workspace.pk):
        see_changes([world.account.pk])
        Account.objects.update(stage=Stage.RENEWING)
    came: list[int] = []

    def other() -> None:
        try:
            with open_workspace(world.workspace.pk):
                came.append(len(see_changes([world.account.pk])))
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with open_workspace(world.workspace.pk):
        came.append(len(see_changes([world.account.pk])))
        thread.start()
        wait_until_blocked()
    thread.join(10)
    assert came == [1, 0]
