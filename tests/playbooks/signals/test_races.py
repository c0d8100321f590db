"""Two at the same signals at the same moment."""

import threading

import pytest
from django.db import connection, transaction

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from csworkspace.tenancy.database import open_workspace
from playbooks.signals import reconciling
from playbooks.signals.actions import resolve_signal
from playbooks.signals.incoming import Incoming, take_signals
from playbooks.signals.models import Signal
from tests.kit import BY, make_world
from tests.playbooks.plans.test_races import wait_until_blocked
from tests.playbooks.signals.kit import make_indicator, make_signal, read, reconcile


def both(world, act):
    """What two runs give that begin at once: one waits for the account that the other holds."""
    given = []

    def run():
        try:
            with open_workspace(world.workspace.pk):
                given.append(act())
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with open_workspace(world.workspace.pk):
        list(Account.objects.select_for_update(no_key=True))
        other.start()
        wait_until_blocked()
        given.append(act())
    other.join(10)
    return given


@pytest.mark.django_db(transaction=True)
def test_two_reconciliations_at_once_raise_one():
    with transaction.atomic():
        world = make_world("home")
        read(world.account, make_indicator())
    made = both(world, lambda: reconcile(world.account).raised)
    with open_workspace(world.workspace.pk):
        assert made == [[Signal.objects.get().pk], []]


def meanwhile(world, act):
    """A person's act in another transaction, which begins and waits for the one around."""

    def run():
        try:
            with open_workspace(world.workspace.pk):
                act()
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    wait_until_blocked()
    return other


@pytest.mark.django_db(transaction=True)
def test_what_a_person_says_during_a_run_is_not_written_over(monkeypatch):
    with transaction.atomic():
        world = make_world("home")
        one = make_indicator()
        read(world.account, one)
        reconcile(world.account)
        read(world.account, one, value=70)
    real, started = reconciling.decide, []

    def deciding(situation):
        signal = Signal.objects.get()
        started.append(meanwhile(world, lambda: resolve_signal(signal, by=BY, outcome="false_alarm")))
        return real(situation)

    monkeypatch.setattr(reconciling, "decide", deciding)
    with open_workspace(world.workspace.pk):
        reconcile(world.account)
    started[0].join(10)
    with open_workspace(world.workspace.pk):
        now = Signal.objects.get()
        assert (now.state, now.outcome, now.title) == ("resolved", "false_alarm", "Activity: 70 against 100")


@pytest.mark.django_db(transaction=True)
def test_two_signals_resolved_at_once_are_both_out_of_the_book():
    with transaction.atomic():
        world = make_world("home")
        one, two = make_signal(world.account, "one"), make_signal(world.account, "two")
    with open_workspace(world.workspace.pk):
        resolve_signal(one, by=BY, outcome="addressed")
        other = meanwhile(world, lambda: resolve_signal(two, by=BY, outcome="addressed"))
    other.join(10)
    with open_workspace(world.workspace.pk):
        assert BookRow.objects.values_list("signals", flat=True).get(account=world.account) == 0


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_for_different_accounts_raise_one():
    with transaction.atomic():
        world = make_world("home")
        other_account = Account.objects.create(name="Other")
    given = []

    def send(account):
        sent = Incoming(account.pk, "e1", "risk", 2, "Paid late", "", [])
        given.extend(one.status for one in take_signals([sent], by=BY))

    with open_workspace(world.workspace.pk):
        send(world.account)
        other = meanwhile(world, lambda: send(other_account))
    other.join(10)
    with open_workspace(world.workspace.pk):
        assert Signal.objects.get().account_id == world.account.pk
    assert given == ["accepted", "rejected"]


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_with_the_same_id_raise_one():
    with transaction.atomic():
        world = make_world("home")
    sent = Incoming(world.account.pk, "e1", "risk", 2, "Paid late", "", [])
    made = both(world, lambda: [one.status for one in take_signals([sent], by=BY)])
    with open_workspace(world.workspace.pk):
        assert Signal.objects.get().cause == "api e1"
    assert made == [["accepted"], ["duplicate"]]
