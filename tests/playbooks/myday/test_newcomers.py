"""Accounts that are new in somebody's book."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.accounts.actions import change_owner, create_account, edit_account
from accounts.accounts.models import Account
from accounts.changes.actions import apply_changes, undo_changes
from accounts.changes.fields import Change
from tests.kit import BY
from tests.playbooks.myday.makers import ask, listed


def made(here, name, days_ago, owner="csm"):
    """An account made so many days before now, in a book that is older."""
    Account.objects.filter(pk=here.account.pk).update(created_at=timezone.now() - timedelta(days=400))
    account = create_account(by=BY, name=name, owner=here.members[owner])
    Account.objects.filter(pk=account.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
    return account


@pytest.fixture
def real_day(monkeypatch):
    """New accounts are found by the log's own clock."""
    from csworkspace.tenancy.clock import today_of
    from playbooks.myday import views

    monkeypatch.setattr(views, "today_of", today_of)


def test_new_accounts_made_or_given(here, real_day):
    made(here, "Made today", 0)
    made(here, "Made long ago", 30)
    given = made(here, "Given", 30, "manager")
    kept = made(here, "Kept", 30, "manager")
    change_owner(given, by=BY, owner=here.members["csm"])
    change_owner(kept, by=BY, owner=here.members["csm"])
    change_owner(kept, by=BY, owner=here.members["manager"])
    edit_account(here.account, by=BY, reason_bought="No change of owner")
    response = ask(here)
    assert {heading: [row[:2] for row in rows] for heading, rows in listed(response).items()} == {
        "New": [("Given", "New in your book today"), ("Made today", "New in your book today")]
    }
    team = ask(here, "manager", "?who=all")
    assert [row[:2] for row in listed(team)["New"]] == [("Made today", "New in the book today")]


def test_an_account_that_was_away_and_came_back_is_not_new(here, real_day):
    csm, manager = here.members["csm"], here.members["manager"]
    made(here, "Made and back", 1)
    for name in ("Made and back", "Back", "Back from nobody", "Back twice"):
        account = Account.objects.filter(name=name).first() or made(here, name, 30)
        change_owner(account, by=BY, owner=None if name == "Back from nobody" else manager)
        change_owner(account, by=BY, owner=csm)
    what_if = made(here, "Undone", 30)
    moves = [Change(what_if.pk, "owner", csm.pk, manager.pk)]
    undo_changes(apply_changes("scenario", "Csm away", moves, by=BY), by=BY)
    change_owner(Account.objects.get(name="Back twice"), by=BY, owner=manager)
    assert [row[:2] for row in listed(ask(here))["New"]] == [
        ("Made and back", "New in your book since yesterday")
    ]
    theirs = listed(ask(here, "manager", f"?who={manager.pk}"))
    assert [row[:2] for row in theirs["New"]] == [("Back twice", "New in your book today")]


def test_the_first_load_of_a_book_is_no_news(here, real_day):
    create_account(by=BY, name="With the first", owner=here.members["csm"])
    assert listed(ask(here)) == {}
