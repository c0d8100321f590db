"""Accepting, planning and making moves; pins; the daily step."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.accounts.actions import change_tier, edit_account
from accounts.accounts.models import Account
from accounts.changes.actions import undo_changes
from accounts.changes.fields import ChangeRefused
from accounts.revenue.models import ArrPoint
from accounts.tiering.actions import (
    Move,
    Plans,
    accept_moves,
    apply_planned_moves,
    cancel_moves,
    pin_accounts,
    plan_moves,
    unpin_accounts,
)
from accounts.tiering.models import TierPlacement
from accounts.tiering.queries import tiers_on
from accounts.tiering.tasks import start_daily
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.clock import today
from tests.accounts.tiering.makers import make_tiers, pays
from tests.kit import BY


@pytest.fixture
def tiers(here):
    return make_tiers()


def history(account):
    found = TierPlacement.objects.filter(account=account).order_by("since", "id")
    return list(found.values_list("tier__name", "reason", "is_planned"))


def due(account):
    """Let an account's planned moves be due today."""
    TierPlacement.objects.filter(account=account, is_planned=True).update(since=today())


def test_accepted_moves_keep_their_reasons_and_can_be_undone(here, tiers):
    one, two = pays("One", 5, tier=tiers["Scalable"]), pays("Two", 4)
    moves = [
        Move(one.pk, tiers["Scalable"].pk, tiers["Top"].pk, "It is number 1."),
        Move(two.pk, tiers["Top"].pk, tiers["Leveraged"].pk, "Seen in a tier that it is not in."),
    ]
    made = accept_moves(moves, by=BY, title="Suggested tiers: 2 accounts")
    assert (made.kind, made.asked, made.made) == ("suggestion", 2, 1)
    assert history(one) == [("Scalable", "", False), ("Top", "It is number 1.", False)]
    assert Account.objects.get(pk=two.pk).tier is None
    assert undo_changes(made, by=BY).undone == 1
    assert Account.objects.get(pk=one.pk).tier == tiers["Scalable"]


def test_planned_moves_wait_for_their_day_and_are_made_once(here, tiers):
    one = pays("One", 5, tier=tiers["Scalable"])
    on = today() + timedelta(days=30)
    move = Move(one.pk, tiers["Scalable"].pk, tiers["Top"].pk, "Agreed at the renewal")
    assert [plan_moves([move], on, by=BY) for _ in range(2)] == [Plans(1, 0), Plans(1, 1)]
    assert history(one) == [("Scalable", "", False), ("Top", "Agreed at the renewal", True)]
    assert tiers_on(on)[one.pk] == tiers["Top"].pk
    assert apply_planned_moves(by=BY) == 0
    due(one)
    assert [apply_planned_moves(by=BY) for _ in range(2)] == [1, 0]
    assert Account.objects.get(pk=one.pk).tier == tiers["Top"]
    assert history(one) == [("Scalable", "", False), ("Top", "Agreed at the renewal", False)]


def test_another_change_on_the_day_does_not_undo_the_plan(here, tiers):
    one = pays("One", 5, tier=tiers["Scalable"])
    move = Move(one.pk, tiers["Scalable"].pk, tiers["Top"].pk, "Planned")
    plan_moves([move], today() + timedelta(days=1), by=BY)
    due(one)
    edit_account(one, by=BY, name="One Ltd")
    assert apply_planned_moves(by=BY) == 1
    assert [tier for tier, _, _ in history(one)] == ["Scalable", "Top"]


def test_plans_that_lead_nowhere_any_more(here, tiers):
    one, two = pays("One", 5), pays("Two", 5)
    on = today() + timedelta(days=1)
    moves = [Move(one.pk, None, tiers["Top"].pk, "a"), Move(two.pk, None, tiers["Leveraged"].pk, "b")]
    plan_moves(moves, on, by=BY)
    change_tier(one, by=BY, tier=tiers["Top"])
    tiers["Leveraged"].retired_at = timezone.now()
    tiers["Leveraged"].save()
    due(one)
    due(two)
    assert apply_planned_moves(by=BY) == 0
    assert (history(one), history(two)) == ([("Top", "", False)], [])
    cancelled = AuditEntry.objects.filter(verb="cancelled a move").order_by("pk")
    assert [entry.after["reason"] for entry in cancelled] == [
        "The account is in that tier already.",
        "Leveraged is not in use any more.",
    ]


def test_a_new_plan_replaces_the_older_ones_of_its_account_alone(here, tiers):
    one, two = pays("One", 5), pays("Two", 5)
    soon, later = today() + timedelta(days=10), today() + timedelta(days=40)
    both = [Move(account.pk, None, tiers["Top"].pk, "First") for account in (one, two)]
    assert plan_moves(both, later, by=BY) == Plans(2, 0)
    again = Move(one.pk, None, tiers["Scalable"].pk, "Then")
    assert plan_moves([again], soon, by=BY) == Plans(1, 1)
    assert history(one) == [("Scalable", "Then", True)]
    assert history(two) == [("Top", "First", True)]
    entry = AuditEntry.objects.get(verb="cancelled a move")
    assert (entry.object_id, entry.before["tier"]) == (one.pk, "Top")
    assert entry.after == {"reason": "Another move was planned instead."}


def test_a_refused_plan_leaves_the_older_one(here, tiers):
    one = pays("One", 5)
    on = today() + timedelta(days=10)
    plan_moves([Move(one.pk, None, tiers["Top"].pk, "First")], on, by=BY)
    seen_elsewhere = Move(one.pk, tiers["Top"].pk, tiers["Scalable"].pk, "Then")
    assert plan_moves([seen_elsewhere], on, by=BY) == Plans(0, 0)
    assert history(one) == [("Top", "First", True)]


def test_moving_at_once_drops_the_plan_into_that_tier_and_keeps_others(here, elsewhere, tiers):
    one, two, three = pays("One", 5), pays("Two", 5), pays("Three", 5)
    on = today() + timedelta(days=10)
    plan_moves([Move(account.pk, None, tiers["Top"].pk, "Plan") for account in (one, two, three)], on, by=BY)
    accepted = [Move(one.pk, None, tiers["Top"].pk, "Now"), Move(two.pk, None, tiers["Scalable"].pk, "Now")]
    accept_moves(accepted, by=BY, title="Two")
    edit_account(three, by=BY, name="Three Ltd")
    assert history(one) == [("Top", "Now", False)]
    assert history(two) == [("Scalable", "Now", False), ("Top", "Plan", True)]
    assert history(three) == [("Top", "Plan", True)]
    entry = AuditEntry.objects.get(verb="cancelled a move")
    assert (entry.object_id, entry.object_label) == (one.pk, "One")
    assert entry.after == {"reason": "The account is in that tier already."}


def test_leaving_every_tier_drops_the_plan_to_leave(here, tiers):
    one = pays("One", 5, tier=tiers["Top"])
    plan_moves([Move(one.pk, tiers["Top"].pk, None, "Plan")], today() + timedelta(days=9), by=BY)
    change_tier(one, by=BY, tier=None, reason="Sooner")
    assert history(one) == [("Top", "", False), (None, "Sooner", False)]


def test_plans_that_cannot_be(here, tiers):
    one = pays("One", 5)
    move = Move(one.pk, None, tiers["Top"].pk, "Why")
    for day in (today(), today() - timedelta(days=1)):
        with pytest.raises(ChangeRefused, match="a day that is still to come"):
            plan_moves([move], day, by=BY)
    on = today() + timedelta(days=1)
    with pytest.raises(ChangeRefused, match="That tier does not exist any more"):
        plan_moves([Move(one.pk, None, 0, "Why")], on, by=BY)
    seen_elsewhere = Move(one.pk, tiers["Top"].pk, tiers["Scalable"].pk, "Why")
    nowhere = [seen_elsewhere, Move(0, None, tiers["Top"].pk, "Why")]
    assert plan_moves(nowhere, on, by=BY) == Plans(0, 0)


def test_a_move_is_cancelled_once(here, tiers):
    one = pays("One", 5)
    plan_moves([Move(one.pk, None, tiers["Top"].pk, "Why")], today() + timedelta(days=1), by=BY)
    planned = TierPlacement.objects.filter(is_planned=True)
    assert [cancel_moves(planned, by=BY), cancel_moves(planned, by=BY)] == [1, 0]
    assert history(one) == []


def test_pins_are_a_change_that_can_be_undone(here, tiers):
    one, two = pays("One", 5), pays("Two", 5, tier_pinned=True, tier_pin_reason="Before")
    made = pin_accounts([one.pk, two.pk], by=BY, reason="Lighthouse")
    pinned = Account.objects.filter(tier_pinned=True).order_by("name")
    assert list(pinned.values_list("name", "tier_pin_reason")) == [("One", "Lighthouse"), ("Two", "Before")]
    undo_changes(made.change_set, by=BY)
    assert list(pinned.values_list("name", flat=True)) == ["Two"]
    assert unpin_accounts([one.pk, two.pk], by=BY).made == 1
    assert pinned.count() == 0


def test_the_daily_step_begins_histories_and_runs_once_a_day(here, elsewhere):
    here.open()
    tier = make_tiers()["Top"]
    one = pays("One", 5, tier=tier)
    TierPlacement.objects.all().delete()
    ArrPoint.objects.all().delete()
    for _ in range(2):
        start_daily()
    here.open()
    job = Job.objects.get(kind="tiering.daily")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    here.open()
    assert history(one) == [("Top", "In this tier when the history began", False)]
    assert ArrPoint.objects.get().arr == 5
    start_daily()
    here.open()
    assert Job.objects.filter(kind="tiering.daily").count() == 1
    elsewhere.open()
    assert Job.objects.filter(kind="tiering.daily").count() == 1
