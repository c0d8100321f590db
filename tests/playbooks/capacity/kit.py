"""What the capacity tests build on: plain states, and workspaces with tiers, people and accounts."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.accounts.models import Account
from accounts.accounts.settling import settle_accounts
from accounts.tiers.actions import add_service, set_terms
from accounts.tiers.models import Service, Tier
from accounts.tiers.terms import Terms
from csworkspace.people.models import Membership, Role
from playbooks.capacity.arithmetic import productive_hours, quarters_from
from playbooks.capacity.models import CsmCapacity
from playbooks.capacity.state import AccountRow, Csm, State, TierRow
from tests.kit import BY, World, make_person
from tests.playbooks.kit import TODAY

D = Decimal
QUARTERS = quarters_from(TODAY)
TOP, REST = 1, 2
REVIEW, CHECK = 11, 12
FULL = productive_hours(D(40), D("0.25"), D("0.15"))


def terms(
    service_id: int = REVIEW, times: int = 1, per: str = "quarter", hours: Any = 16, **other: Any
) -> Terms:
    """What a tier promises of one service."""
    values = {
        "service": {REVIEW: "Review", CHECK: "Check"}.get(service_id, "Other"),
        "kind": "qbr",
        "delivered_by": "person",
        "grace_days": 14,
        "response_hours": None,
        **other,
    }
    return Terms(service_id=service_id, times=times, per=per, hours=D(str(hours)), **values)


def account(pk: int, owner: int | None, tier: int | None = TOP, **other: Any) -> AccountRow:
    """An account in one tier for all quarters."""
    values = {
        "name": f"Account {pk}",
        "stage": "established",
        "customer_since": date(2025, 1, 1),
        "renewal_on": None,
        "tiers": (tier,) * len(QUARTERS),
        "tier": tier,
        **other,
    }
    return AccountRow(id=pk, owner=owner, **values)


def csm(pk: int, name: str, hours: Any = FULL, **offers: Any) -> Csm:
    """Somebody with the same hours in every quarter."""
    words = {kind: frozenset(found) for kind, found in offers.items()}
    return Csm(pk, name, (D(str(hours)),) * len(QUARTERS), **words)


def state(accounts: list[AccountRow], csms: list[Csm], **other: Any) -> State:
    """Top costs 16 h a quarter, the rest 2 h."""
    promised = {TOP: {REVIEW: terms()}, REST: {CHECK: terms(CHECK, hours=2)}}
    values: dict[str, Any] = {
        "terms": (promised,) * len(QUARTERS),
        "tiers": {TOP: TierRow(TOP, "Top", D(40)), REST: TierRow(REST, "Rest")},
        **other,
    }
    return State(
        today=TODAY,
        quarters=QUARTERS,
        accounts={row.id: row for row in accounts},
        csms={one.id: one for one in csms},
        **values,
    )


def hire(world: World, name: str, hours: Any = None, **offers: Any) -> Membership:
    """A CSM of a workspace, with settings if there are any."""
    person = make_person(f"{name.lower()}@{world.workspace.slug}.example", name)
    member = Membership.objects.create(user=person, role=Role.CSM)
    if hours is not None or offers:
        CsmCapacity.objects.create(membership=member, hours_per_week=D(str(hours or 40)), **offers)
    return member


def promise(name: str = "Top", position: int = 1, hours: Any = 16, **fields: Any) -> tuple[Tier, Service]:
    """A tier that promises a review each quarter."""
    tier = Tier.objects.create(name=name, position=position, **fields)
    service = add_service(by=BY, name=f"{name} review")
    level = terms(service.pk, hours=hours, service=service.name)
    set_terms(tier, by=BY, starts_on=date(2029, 1, 1), terms=[level])
    return tier, service


def sign(count: int, owner: Membership | None, tier: Tier | None, **fields: Any) -> list[Account]:
    """So many accounts."""
    name = fields.pop("name", "Client")
    fields = {"stage": "established", "customer_since": date(2029, 3, 1), **fields}
    made = [
        Account.objects.create(name=f"{name} {n}", owner=owner, tier=tier, **fields)
        for n in range(1, count + 1)
    ]
    settle_accounts([one.pk for one in made], by=BY)
    return made
