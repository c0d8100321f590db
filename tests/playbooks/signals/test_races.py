"""Two at the same signals at the same moment."""

import threading

import pytest
from django.db import connection, transaction

from accounts.accounts.models import Account
from csworkspace.tenancy.database import open_workspace
from playbooks.signals.incoming import Incoming, take_signals
from playbooks.signals.models import Signal
from tests.kit import BY, make_world
from tests.playbooks.plans.test_races import wait_until_blocked
from tests.playbooks.signals.kit import make_indicator, read, reconcile


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


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_with_the_same_id_raise_one():
    with transaction.atomic():
        world = make_world("home")
    sent = Incoming(world.account.pk, "e1", "risk", 2, "Paid late", "", [])
    made = both(world, lambda: [one.status for one in take_signals([sent], by=BY)])
    with open_workspace(world.workspace.pk):
        assert Signal.objects.get().cause == "api e1"
    assert made == [["accepted"], ["duplicate"]]
