"""Two who work out the same accounts at the same moment: the later one reads what the earlier one wrote."""

import threading

import pytest
from django.db import connection, transaction

from accounts.accounts.models import Account, Stage
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from csworkspace.tenancy.database import open_workspace
from playbooks.attention.actions import refresh_standing
from playbooks.scores.actions import refresh_scores
from playbooks.scores.models import Score
from tests.kit import make_world
from tests.playbooks.kit import ago
from tests.playbooks.plans.test_races import wait_until_blocked
from tests.playbooks.scores.kit import make_indicator, of, read, weigh


@pytest.fixture
def world(transactional_db):
    with transaction.atomic():
        found = make_world("home")
        refresh_book()
    return found


def while_another_works(world, act, change):
    """`act` begins while somebody else holds the accounts, who then does `change`."""

    def run():
        try:
            with open_workspace(world.workspace.pk):
                act([world.account.pk])
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with open_workspace(world.workspace.pk):
        list(Account.objects.select_for_update(no_key=True))
        other.start()
        wait_until_blocked()
        change()
        act([world.account.pk])
    other.join(10)


def test_a_late_job_does_not_bring_an_older_score_back(world):
    with open_workspace(world.workspace.pk):
        indicator = make_indicator()
        weigh(of(indicator))
        read(world.account, indicator, False)
    while_another_works(world, refresh_scores, lambda: read(world.account, indicator, True))
    with open_workspace(world.workspace.pk):
        assert (Score.objects.get(superseded_at=None).score, BookRow.objects.get().score) == (0, 0)


def test_a_late_job_does_not_bring_an_older_standing_back(world):
    def renew():
        Account.objects.update(stage=Stage.RENEWING, renewal_on=ago(-5))

    while_another_works(world, refresh_standing, renew)
    with open_workspace(world.workspace.pk):
        assert BookRow.objects.get().attention > 0
