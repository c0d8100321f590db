"""Things to find."""

from typing import Any

from playbooks.plans.actions import create_plan
from playbooks.plans.models import Plan
from tests.kit import BY, World
from tests.playbooks.kit import ago


def plan_of(world: World, title: str, **fields: Any) -> Plan:
    """A draft plan of the world's account."""
    return create_plan(
        world.account,
        by=BY,
        title=title,
        starts_on=ago(50),
        ends_on=ago(-50),
        owner=world.members["csm"],
        **fields,
    )
