"""Tiers: their names and their order."""

from accounts.tiers import actions
from accounts.tiers.models import Tier
from csworkspace.audit.models import AuditEntry
from tests.kit import BY


def test_tiers_move_and_keep_their_positions_dense(here):
    first, second, third = (actions.add_tier(by=BY, name=name) for name in ("A", "B", "C"))
    assert actions.move_tier(third, by=BY, up=True) is True
    assert actions.move_tier(first, by=BY, up=True) is False
    assert list(Tier.objects.order_by("position").values_list("name", "position")) == [
        ("A", 1),
        ("C", 2),
        ("B", 3),
    ]
    actions.rename_tier(second, by=BY, name="Bee")
    assert AuditEntry.objects.filter(verb="renamed").get().after == {"name": "Bee"}
