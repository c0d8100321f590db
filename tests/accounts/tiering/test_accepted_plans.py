"""Planned moves by where they came from: accepted suggestions, pins, chains, and two at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.accounts.actions import change_tier
from accounts.accounts.models import Account
from accounts.changes.fields import ChangeRefused
from accounts.changes.models import ChangeSet
from accounts.tiering.actions import (
    Move,
    Plans,
    apply_planned_moves,
    cancel_moves,
    pin_accounts,
    plan_moves,
)
from accounts.tiering.models import TierPlacement
from accounts.tiering.queries import waiting_moves
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from tests.accounts.tiering.makers import make_tiers, pays
from tests.kit import BY, client_of

SOON, LATER = timedelta(days=10), timedelta(days=20)


@pytest.fixture
def tiers(here):
    return make_tiers()


@pytest.fixture
def one(here, tiers):
    return pays("One", 5, tier=tiers["Scalable"])


def plan(account, before, after, on=SOON, **options):
    move = Move(account.pk, before.pk, after.pk, "Why")
    return plan_moves([move], today() + on, by=BY, **options)


def waiting():
    return list(waiting_moves().order_by("since").values_list("tier__name", "actor"))


def tier_of(account):
    return Account.objects.get(pk=account.pk).tier.name


def due():
    """Let all planned moves be due, in their order."""
    for days, move in enumerate(waiting_moves().order_by("-since")):
        TierPlacement.objects.filter(pk=move.pk).update(since=today() - timedelta(days=days))


def test_a_pin_cancels_what_was_accepted_for_later_and_says_so(here, one, tiers):
    two = pays("Two", 5, tier=tiers["Scalable"])
    for account in (one, two):
        plan(account, tiers["Scalable"], tiers["Top"], is_suggested=True)
    client = client_of(here.members["manager"])
    answer = client.post(here.url(f"accounts/{one.pk}/tier/pins/"), {"reason": "A reference"}, follow=True)
    assert "One is pinned to its tier. 1 suggested move cancelled." in answer.content.decode()
    assert list(waiting_moves().values_list("account__name", flat=True)) == ["Two"]
    assert AuditEntry.objects.get(verb="cancelled a move").after == {"reason": "The account was pinned."}
    assert pin_accounts([two.pk], by=BY, reason="Too").change_set.title == (
        "1 account pinned, 1 suggested move cancelled"
    )


def test_a_pin_leaves_what_was_planned_by_hand(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"])
    assert pin_accounts([one.pk], by=BY, reason="A reference").cancelled == 0
    assert waiting() == [("Top", "Test")]


def test_a_pin_of_any_kind_holds_when_the_day_comes(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"], is_suggested=True)
    Account.objects.filter(pk=one.pk).update(tier_pinned=True)
    due()
    assert apply_planned_moves(by=BY) == 0
    assert (tier_of(one), waiting()) == ("Scalable", [])
    assert AuditEntry.objects.get(verb="cancelled a move").after == {"reason": "The account is pinned."}
    assert plan(one, tiers["Scalable"], tiers["Top"], is_suggested=True) == Plans(0, 0)


@pytest.mark.parametrize(
    ("role", "status", "left"), [("csm", 403, 1), ("manager", 302, 0), ("admin", 302, 0)]
)
def test_what_a_manager_accepted_managers_cancel(here, one, tiers, role, status, left):
    plan(one, tiers["Scalable"], tiers["Top"], is_suggested=True)
    client, url = client_of(here.members[role]), here.url(f"accounts/{one.pk}/tier/")
    assert ("Cancel<" in client.get(url).content.decode()) == (status == 302)
    cancel = f"{url}moves/{waiting_moves().get().pk}/cancellations/"
    assert client.post(cancel).status_code == status
    assert waiting_moves().count() == left


def test_what_was_planned_by_hand_a_csm_cancels(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"])
    client, url = client_of(here.members["csm"]), here.url(f"accounts/{one.pk}/tier/")
    assert "Cancel<" in client.get(url).content.decode()
    assert client.post(f"{url}moves/{waiting_moves().get().pk}/cancellations/").status_code == 302
    assert waiting() == []


def test_a_csm_does_not_replace_what_a_manager_accepted(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"], is_suggested=True)
    url = here.url(f"accounts/{one.pk}/tier/moves/")
    values = {"tier": tiers["Leveraged"].pk, "on": (today() + SOON).isoformat(), "reason": "Why"}
    answer = client_of(here.members["csm"]).post(url, values)
    assert (answer.status_code, waiting()) == (422, [("Top", "Test, by suggestion")])
    assert "A manager has accepted another move of this account." in answer.content.decode()
    assert client_of(here.members["manager"]).post(url, values).status_code == 302
    assert [tier for tier, _ in waiting()] == ["Leveraged"]


def test_suggestions_that_are_accepted_for_a_day_say_so(here, tiers):
    Account.objects.all().delete()
    ann = pays("Ann", 400)
    client, url = client_of(here.members["manager"]), here.url("settings/tiers/suggestions/")
    values = {"accept": f"{ann.pk}.0.{tiers['Top'].pk}", "on": (today() + SOON).isoformat()}
    client.post(f"{url}acceptances/", values)
    assert waiting_moves().get().is_suggested


def test_made_on_its_day_an_accepted_move_is_set_back_by_managers(here, one, tiers):
    two = pays("Two", 5, tier=tiers["Scalable"])
    plan(one, tiers["Scalable"], tiers["Top"], is_suggested=True)
    plan(two, tiers["Scalable"], tiers["Top"])
    waiting_moves().update(since=today())
    assert apply_planned_moves(by=BY) == 2
    found = ChangeSet.objects.order_by("kind")
    assert [(one.kind, one.title.split(" of ")[0]) for one in found] == [
        ("planned", "1 planned move"),
        ("suggestion", "1 suggested move"),
    ]
    csm = client_of(here.members["csm"])
    undo = [csm.post(here.url(f"changes/{one.pk}/undos/")).status_code for one in found]
    assert undo == [302, 403]


def test_a_long_name_keeps_the_mark(here, one, tiers):
    move = Move(one.pk, tiers["Scalable"].pk, tiers["Top"].pk, "Why")
    long = type(BY)(label="x" * 300, origin="test")
    plan_moves([move], today() + SOON, by=long, is_suggested=True)
    assert waiting_moves().get().is_suggested


def test_a_move_back_follows_the_one_that_comes_first(here, one, tiers):
    url = here.url(f"accounts/{one.pk}/tier/moves/")
    client = client_of(here.members["csm"])

    def ask(tier, on):
        values = {"tier": tiers[tier].pk, "on": (today() + on).isoformat(), "reason": "Season"}
        answer = client.post(url, values)
        return answer.status_code, "Choose another tier." in answer.content.decode()

    assert ask("Scalable", LATER) == (422, True)
    assert ask("Top", SOON) == (302, False)
    for _ in range(2):
        assert ask("Scalable", LATER) == (302, False)
    assert [tier for tier, _ in waiting()] == ["Top", "Scalable"]
    waiting_moves().filter(tier=tiers["Top"]).update(since=today())
    assert apply_planned_moves(by=BY) == 1
    assert (tier_of(one), [tier for tier, _ in waiting()]) == ("Top", ["Scalable"])
    due()
    assert apply_planned_moves(by=BY) == 1
    assert tier_of(one) == "Scalable"


def test_there_and_back_on_one_run_moves_nobody(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"])
    plan(one, tiers["Scalable"], tiers["Scalable"], LATER)
    due()
    assert apply_planned_moves(by=BY) == 0
    assert list(TierPlacement.objects.values_list("tier__name", "is_planned")) == [("Scalable", False)]


def test_an_accepted_suggestion_ends_a_chain(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"])
    plan(one, tiers["Scalable"], tiers["Scalable"], LATER)
    assert plan(one, tiers["Scalable"], tiers["Leveraged"], LATER, is_suggested=True) == Plans(1, 2)


def test_a_chain_outlives_a_move_at_once(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"])
    plan(one, tiers["Scalable"], tiers["Scalable"], LATER)
    change_tier(one, by=BY, tier=tiers["Leveraged"])
    assert [tier for tier, _ in waiting()] == ["Top", "Scalable"]
    change_tier(one, by=BY, tier=tiers["Scalable"])
    assert [tier for tier, _ in waiting()] == ["Top", "Scalable"]
    change_tier(one, by=BY, tier=tiers["Top"])
    assert [tier for tier, _ in waiting()] == ["Scalable"]


@pytest.mark.django_db(transaction=True)
def test_a_move_that_is_being_cancelled_is_not_made():
    with transaction.atomic():
        home = create_workspace("Home", "home").pk
        tiers = make_tiers()
        account = pays("One", 5, tier=tiers["Scalable"])
        plan(account, tiers["Scalable"], tiers["Top"])
        due()
    made = []
    with open_workspace(home):
        assert cancel_moves(waiting_moves(), by=BY) == 1
        daily = threading.Thread(target=lambda: made.append(daily_step(home)))
        daily.start()
        daily.join(0.5)
        assert made == [], "the daily step waits for this transaction"
    daily.join(5)
    assert made == [0]
    with open_workspace(home):
        assert tier_of(account) == "Scalable"


def daily_step(home):
    try:
        with open_workspace(home):
            return apply_planned_moves(by=BY)
    finally:
        connection.close()


def test_a_plan_for_a_day_that_a_manager_took_is_refused_by_the_action(here, one, tiers):
    plan(one, tiers["Scalable"], tiers["Top"], is_suggested=True)
    with pytest.raises(ChangeRefused, match="Ask them to cancel it"):
        plan(one, tiers["Scalable"], tiers["Leveraged"], may_replace=False)
    assert plan(one, tiers["Scalable"], tiers["Scalable"], LATER, may_replace=False) == Plans(1, 0)
