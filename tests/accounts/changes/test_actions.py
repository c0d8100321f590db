"""Changing many accounts in one go, and undoing it."""

import pytest

from accounts.accounts.actions import AccountConflict, change_tier, create_account
from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.changes.actions import append_changes, apply_changes, open_changes, undo_changes
from accounts.changes.fields import Change, ChangeRefused
from accounts.changes.models import CHANGED_SINCE, ChangedValue
from accounts.changes.queries import reasons_of
from accounts.tiering.models import TierPlacement
from accounts.tiers.actions import add_tier, remove_tier
from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import Membership
from tests.kit import BY


@pytest.fixture
def tiers(here):
    return [add_tier(by=BY, name=name) for name in ("Top", "Scalable")]


def test_changes_are_made_with_book_history_and_audit(here, tiers):
    top, _ = tiers
    other = create_account(by=BY, name="Other")
    changes = [Change(here.account.pk, "tier", None, top.pk), Change(other.pk, "tags", [], ["vip", "eu"])]
    done = apply_changes("bulk", "Two changes", changes, by=BY, reason="They grew")
    assert (done.asked, done.made) == (2, 2)
    assert BookRow.objects.get(account=here.account).tier_id == top.pk
    assert BookRow.objects.get(account=other).tags == ["vip", "eu"]
    placement = TierPlacement.objects.get()
    assert (placement.account_id, placement.tier_id, placement.reason) == (
        here.account.pk,
        top.pk,
        "They grew",
    )
    found = AuditEntry.objects.filter(object_type="account", verb__startswith="changed").order_by("verb")
    assert [(e.verb, e.before, e.after) for e in found] == [
        ("changed tags", {"tags": "No tags"}, {"tags": "vip, eu", "reason": "They grew"}),
        ("changed tier", {"tier": "No tier"}, {"tier": "Top", "reason": "They grew"}),
    ]


def test_what_somebody_else_changed_meanwhile_is_passed_over(here, tiers):
    top, scalable = tiers
    change_tier(here.account, by=BY, tier=scalable)
    done = apply_changes("bulk", "Late", [Change(here.account.pk, "tier", None, top.pk)], by=BY)
    assert (done.asked, done.made) == (1, 0)
    assert Account.objects.get().tier == scalable
    assert not ChangedValue.objects.exists()
    assert reasons_of(done) == "1 changed by somebody else meanwhile"


def test_what_is_so_already_is_told_from_what_was_changed_meanwhile(here, tiers):
    other = create_account(by=BY, name="Other")
    changes = [
        Change(here.account.pk, "stage", "onboarding", "onboarding"),
        Change(other.pk, "stage", "trial", "churned"),
    ]
    done = open_changes("bulk", "Mixed", by=BY)
    append_changes(done, changes, by=BY, looked_at=5, passed={"pinned": 3, "none": 0})
    assert (done.asked, done.made) == (5, 0)
    assert reasons_of(done) == "3 pinned, 1 already so, 1 changed by somebody else meanwhile"
    append_changes(done, changes[:1], by=BY)
    assert reasons_of(done) == "3 pinned, 2 already so, 1 changed by somebody else meanwhile"
    assert reasons_of(open_changes("bulk", "None yet", by=BY)) == ""


def test_what_was_overtaken_before_and_while_writing_is_one_reason(here):
    done = open_changes("bulk", "Stage", by=BY)
    late = [Change(here.account.pk, "stage", "trial", "churned")]
    append_changes(done, late, by=BY, looked_at=2, passed={CHANGED_SINCE: 1})
    assert reasons_of(done) == "2 changed by somebody else meanwhile"


def test_undo_sets_back_what_is_still_there(here, tiers):
    top, scalable = tiers
    other = create_account(by=BY, name="Other")
    changes = [Change(pk, "tier", None, top.pk) for pk in (here.account.pk, other.pk)]
    done = apply_changes("bulk", "Both", changes, by=BY)
    change_tier(other, by=BY, tier=scalable)
    undone = undo_changes(done, by=BY)
    assert (undone.made, undone.undone) == (2, 1)
    assert list(Account.objects.order_by("name").values_list("name", "tier__name")) == [
        ("Acme Industries", None),
        ("Other", "Scalable"),
    ]
    with pytest.raises(ValueError, match="undone already"):
        undo_changes(done, by=BY)


@pytest.mark.parametrize("field", ["owner", "tier"])
def test_nothing_of_another_workspace_can_be_put_in(here, elsewhere, tiers, field):
    elsewhere.open()
    foreign = {"owner": elsewhere.members["csm"].pk, "tier": add_tier(by=BY, name="Top").pk}[field]
    here.open()
    with pytest.raises(ChangeRefused, match=f"That {field} does not exist any more"):
        apply_changes("bulk", "Foreign", [Change(here.account.pk, field, None, foreign)], by=BY)


def test_accounts_of_another_workspace_are_not_reached(here, elsewhere, tiers):
    done = apply_changes(
        "bulk", "Foreign", [Change(elsewhere.account.pk, "stage", "onboarding", "churned")], by=BY
    )
    assert (done.asked, done.made) == (1, 0)
    elsewhere.open()
    assert Account.objects.get().stage == "onboarding"


def test_dates_and_pins_have_their_types(here):
    changes = [
        Change(here.account.pk, "renewal_on", None, "2027-03-01"),
        Change(here.account.pk, "tier_pinned", False, True),
    ]
    done = apply_changes("bulk", "Types", changes, by=BY)
    account = Account.objects.get()
    assert (done.made, str(account.renewal_on), account.tier_pinned) == (2, "2027-03-01", True)
    undo_changes(done, by=BY)
    account.refresh_from_db()
    assert (account.renewal_on, account.tier_pinned) == (None, False)


def test_undo_leaves_what_cannot_be_any_more(here, tiers):
    top, scalable = tiers
    leaver = here.members["manager"]
    change_tier(here.account, by=BY, tier=top)
    other = create_account(by=BY, name="Other", owner=leaver)
    changes = [
        Change(here.account.pk, "tier", top.pk, scalable.pk),
        Change(other.pk, "owner", leaver.pk, here.members["csm"].pk),
        Change(other.pk, "stage", "onboarding", "adopting"),
    ]
    done = apply_changes("bulk", "Three", changes, by=BY)
    assert remove_tier(top, by=BY) is False
    Membership.objects.filter(pk=leaver.pk).update(is_active=False)
    assert undo_changes(done, by=BY).undone == 1
    here.account.refresh_from_db()
    other.refresh_from_db()
    assert (here.account.tier, other.owner, other.stage) == (scalable, here.members["csm"], "onboarding")


def test_a_tier_out_of_use_takes_nobody(here, tiers):
    top, scalable = tiers
    change_tier(here.account, by=BY, tier=top)
    change_tier(here.account, by=BY, tier=scalable)
    remove_tier(top, by=BY)
    with pytest.raises(ChangeRefused, match="That tier does not exist any more"):
        apply_changes("bulk", "Late", [Change(here.account.pk, "tier", scalable.pk, top.pk)], by=BY)
    with pytest.raises(AccountConflict, match="Top is out of use"):
        change_tier(here.account, by=BY, tier=top)
