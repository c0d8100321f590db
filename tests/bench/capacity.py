"""Capacity: the page for 200 CSMs and 10,000 accounts against its rows alone, its growth, and the optimiser
against a greedy hand-over."""

import random
from datetime import date
from decimal import Decimal
from time import process_time
from typing import Any

from django.db import connection

from tests.bench.books import client_of, make_book, queries_of
from tests.bench.ratios import Ratio, medians, seconds_of

CSMS = 200
ROUNDS = 7
OWNERS = """
update accounts_account set owner_id = (%(owners)s::bigint[])[1 + id %% %(count)s], stage = 'established',
    attributes = jsonb_build_object('region', (array['uk', 'dach', 'nordics', 'france'])[1 + id %% 4]),
    customer_since = date '2020-01-01' + (id * 17 %% 2000)::int
"""
# What the page reads, without anything that it is made of.
ROWS = [
    "select id, name, owner_id, stage, customer_since, renewal_on, tier_id from accounts_account "
    "where stage <> 'churned' order by name, id",
    "select account_id, since, tier_id from accounts_tierplacement where is_planned order by since, id",
    "select m.id, u.name from csworkspace_membership m join csworkspace_user u on u.id = m.user_id",
    "select membership_id, hours_per_week, meeting_share, leave_share from playbooks_csmcapacity",
    "select membership_id, starts_on, ends_on from playbooks_absence",
    "select v.tier_id, l.* from accounts_servicelevel l join accounts_tierversion v on v.id = l.version_id",
    "select * from accounts_serviceoverride",
]


def run() -> list[Ratio]:
    """The manager's page, small and large, and a proposal for the large one."""
    small, large = furnished("capacity-1000", 1_000), furnished("capacity-10000", 10_000)
    (client, url), (other, other_url) = large[1:], small[1:]
    asked = len(queries_of(client, url))
    page, rows = medians(lambda: client.get(url), lambda: bare_rows(large[0]), rounds=ROUNDS)
    more, less = medians(lambda: client.get(url), lambda: other.get(other_url), rounds=ROUNDS)
    return [
        Ratio("queries at 200 CSMs and 10,000 accounts", asked, 1, "queries", 32),
        Ratio("page against fetching its rows by bare SQL", page, rows, "s", 12),
        Ratio("processor time of the page", processor_seconds(client, url), 1, "s", 1),
        Ratio("10,000 accounts against 1,000", more, less, "s", 10),
        *balancing(),
    ]


def furnished(slug: str, count: int) -> tuple[Any, Any, str]:
    """A workspace with 200 CSMs who own so many accounts, tiers with terms; a client and the page."""
    from accounts.tiers.actions import add_service, set_terms
    from accounts.tiers.models import Tier
    from accounts.tiers.terms import Terms
    from csworkspace.people.models import Membership, Role, User
    from csworkspace.tenancy.database import open_workspace
    from tests.kit import BY

    workspace, member = make_book(slug, count)
    with open_workspace(workspace.pk):
        people = User.objects.bulk_create(
            [User(email=f"c{n}@{slug}.example", name=f"C {n}") for n in range(CSMS)]
        )
        csms = Membership.objects.bulk_create([Membership(user=one, role=Role.CSM) for one in people])
        services = [add_service(by=BY, name=f"Service {n}") for n in range(8)]
        for tier, hours in zip(Tier.objects.order_by("position"), ("2", "0.6", "0.1"), strict=True):
            terms = [
                Terms(one.pk, one.name, "other", 1, per, Decimal(hours), "person", 14, None)
                for one, per in zip(
                    services, [*["quarter"] * 5, "year", "onboarding", "renewal"], strict=True
                )
            ]
            set_terms(tier, by=BY, starts_on=date(2020, 1, 1), terms=terms)
        with connection.cursor() as cursor:
            cursor.execute(OWNERS, {"owners": [one.pk for one in csms], "count": CSMS})
    with connection.cursor() as cursor:
        cursor.execute("analyze accounts_account")
    client, url = client_of(member), f"/w/{workspace.slug}/capacity/"
    client.get(url)
    return workspace, client, url


def processor_seconds(client: Any, url: str) -> float:
    """What the page costs this process, whoever else keeps the machine busy."""
    begun = process_time()
    for _ in range(ROUNDS):
        client.get(url)
    return (process_time() - begun) / ROUNDS


def bare_rows(workspace: Any) -> None:
    """Fetch what the page is made of."""
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk), connection.cursor() as cursor:
        for sql in ROWS:
            cursor.execute(sql)
            cursor.fetchall()


def balancing() -> list[Ratio]:
    """Balancing 10,000 accounts of 200 CSMs: its time, and its movement against a greedy hand-over."""
    from playbooks.capacity.balancing import Balance, balance

    rows, csms, has = uneven_team()
    balance(rows[:200], csms, has)
    found: list[Balance] = []
    taken = seconds_of(lambda: found.append(balance(rows, csms, has)))
    if not found[0].is_optimal or found[0].left_over:
        raise RuntimeError("the optimiser did not finish")
    moved, left = greedy(rows, csms, has)
    return [
        Ratio("balancing 200 CSMs and 10,000 accounts", taken, 1, "s", 30),
        Ratio("accounts moved, against the greedy hand-over", len(found[0].handovers), moved, "accounts", 1),
        Ratio("hours still too much, besides the greedy ones", 0, left or 1, "h", 1),
    ]


def greedy(rows: list[Any], csms: dict[int, Any], has: dict[int, Decimal]) -> tuple[int, float]:
    """Who has too much gives the newest accounts to whoever has most room: accounts moved, hours left."""
    from playbooks.capacity.balancing import may_serve

    free = dict(has)
    for row in rows:
        free[row.owner] -= row.hours
    moved = 0
    for row in sorted(rows, key=lambda row: (row.months, row.id)):
        if free[row.owner] < 0:
            takers = [pk for pk, room in free.items() if room >= row.hours and may_serve(csms[pk], row.needs)]
            if takers:
                taker = max(takers, key=lambda pk: free[pk])
                free[taker] -= row.hours
                free[row.owner] += row.hours
                moved += 1
    return moved, float(-sum(room for room in free.values() if room < 0))


def uneven_team() -> tuple[list[Any], dict[int, Any], dict[int, Decimal]]:
    """200 CSMs with two regions each, whose books are of very different size."""
    from playbooks.capacity.balancing import Holding, Needs
    from playbooks.capacity.state import Csm

    chance, regions = random.Random(1), ["uk", "dach", "nordics", "france"]
    hours = Decimal(450)
    csms = {
        pk: Csm(pk, f"C {pk}", (hours,), regions=frozenset(chance.sample(regions, 2)))
        for pk in range(1, CSMS + 1)
    }
    costs = [Decimal(cost) for cost in ("28", "16", "6", "2.5", "32", "19", "8.25")]
    rows = []
    for number in range(1, 10_001):
        owner = 1 + int(CSMS * chance.random() ** 1.5)
        region = chance.choice(sorted(csms[owner].regions))
        cost = chance.choices(costs, [1, 3, 6, 8, 0.3, 0.8, 1.5])[0]
        rows.append(Holding(number, owner, cost, Needs(region=region), chance.randrange(80)))
    return rows, csms, dict.fromkeys(csms, hours)
