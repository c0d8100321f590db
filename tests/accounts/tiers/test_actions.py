"""Tiers: what they are, their order, and their end."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.tiering.models import TierPlacement
from accounts.tiers import actions
from accounts.tiers.checks import TierInUse, TierRefused
from accounts.tiers.models import Tier
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import Conflict
from tests.kit import BY


def order():
    return list(Tier.objects.order_by("position").values_list("name", "position"))


def test_tiers_move_and_keep_their_positions_dense(here):
    first, second, third = (actions.add_tier(by=BY, name=name) for name in ("A", "B", "C"))
    assert actions.move_tier(third, by=BY, up=True) is True
    assert actions.move_tier(first, by=BY, up=True) is False
    assert order() == [("A", 1), ("C", 2), ("B", 3)]
    actions.edit_tier(second, by=BY, name="Bee")
    entry = AuditEntry.objects.filter(verb="edited").get()
    assert (entry.before, entry.after) == ({"name": "B"}, {"name": "Bee"})


def test_an_edit_is_refused_when_somebody_else_was_faster(here):
    tier = actions.add_tier(by=BY, name="A")
    actions.edit_tier(tier, by=BY, version=1, name="Theirs")
    with pytest.raises(Conflict, match="Somebody else changed this"):
        actions.edit_tier(tier, by=BY, version=1, name="Mine")
    assert Tier.objects.values_list("name", "version").get() == ("Theirs", 2)


def test_an_edit_that_changes_nothing_leaves_no_trace(here):
    tier = actions.add_tier(by=BY, name="A", description="x")
    assert actions.edit_tier(tier, by=BY, name="A", description="x").version == 1
    assert AuditEntry.objects.filter(object_type="tier").count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"entry": "share"}, "entry_share", "from 1 to 100"),
        ({"entry": "share", "entry_share": Decimal(0)}, "entry_share", "from 1 to 100"),
        ({"entry": "share", "entry_share": Decimal("100.01")}, "entry_share", "from 1 to 100"),
        ({"entry": "value"}, "entry_arr", "an ARR, a growth, or both"),
        ({"entry": "value", "entry_arr": Decimal(-1)}, "entry_arr", "more than 0"),
        ({"entry": "value", "entry_growth": Decimal(-1)}, "entry_growth", "more than 0"),
    ],
)
def test_thresholds_out_of_range_are_refused(here, fields, field, said):
    with pytest.raises(TierRefused, match=said) as refused:
        actions.add_tier(by=BY, name="A", **fields)
    assert refused.value.field == field
    assert Tier.objects.count() == 0


def test_thresholds_of_another_rule_are_dropped(here):
    tier = actions.add_tier(by=BY, name="A", entry="share", entry_share=Decimal(40), entry_arr=Decimal(5))
    assert (tier.entry_share, tier.entry_arr) == (40, None)
    assert actions.edit_tier(tier, by=BY, entry="rest").entry_share is None


def test_a_name_is_used_once_whatever_its_case(here, elsewhere):
    elsewhere.open()
    actions.add_tier(by=BY, name="Top")
    here.open()
    actions.add_tier(by=BY, name="Top")
    other = actions.add_tier(by=BY, name="Other")
    with pytest.raises(TierRefused, match="There is a tier Top already"):
        actions.add_tier(by=BY, name="TOP")
    with pytest.raises(TierRefused, match="another tier tOp"):
        actions.edit_tier(other, by=BY, name="tOp")
    assert order() == [("Top", 1), ("Other", 2)]


def test_a_tier_with_accounts_is_not_removed(here):
    tier = actions.add_tier(by=BY, name="Top")
    here.account.tier = tier
    here.account.save()
    with pytest.raises(TierInUse, match=r"Top has 1 account\. Move them to another tier first\."):
        actions.remove_tier(tier, by=BY)
    assert Tier.objects.get().retired_at is None


def test_a_tier_that_accounts_will_come_into_is_not_removed(here):
    tier = actions.add_tier(by=BY, name="Top")
    TierPlacement.objects.create(
        account=here.account, tier=tier, since=today() + timedelta(days=1), actor="Test"
    )
    with pytest.raises(TierInUse, match="1 account will move into Top later"):
        actions.remove_tier(tier, by=BY)


def test_a_tier_that_was_never_used_is_deleted(here):
    first, last = actions.add_tier(by=BY, name="A"), actions.add_tier(by=BY, name="B")
    assert actions.remove_tier(first, by=BY) is True
    assert order() == [("B", 1)]
    entry = AuditEntry.objects.get(verb="deleted")
    assert (entry.object_label, entry.object_id) == ("A", first.pk)
    assert last.name == "B"


def test_a_tier_with_a_history_is_retired_and_comes_back_by_its_name(here):
    first, _ = actions.add_tier(by=BY, name="A"), actions.add_tier(by=BY, name="B")
    TierPlacement.objects.create(account=here.account, tier=first, since=today(), actor="Test")
    assert actions.remove_tier(first, by=BY) is False
    assert order() == [("B", 1), ("A", 2)]
    assert actions.add_tier(by=BY, name="C").position == 2
    with pytest.raises(TierRefused, match="A is retired"):
        actions.edit_tier(first, by=BY, name="Z")
    back = actions.add_tier(by=BY, name="a", description="again")
    assert (back.pk, back.name, back.position, back.retired_at) == (first.pk, "A", 3, None)
    assert order() == [("B", 1), ("C", 2), ("A", 3)]
