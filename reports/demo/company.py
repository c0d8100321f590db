"""The demo company itself: its people, customers and metrics.

Each step looks at its own rows first, so that a build which was interrupted goes on.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress

from accounts.accounts.actions import create_account
from accounts.accounts.models import Account, PortalViewer, Stage
from accounts.contacts.actions import create_contact
from accounts.contacts.models import Contact, ContactRole
from accounts.metrics.actions import define_metric
from accounts.metrics.models import Aggregation, Direction, Metric, MetricKind
from accounts.tiers.models import Tier
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership, Role, User
from reports.demo.cast import CUSTOMER, FEATURES, PASSWORD, SLUG, TEAM, Customer, customers
from reports.demo.events import people_of

# Which CSM looks after the top customers; the first one has every kind of story.
OWNERS = [0, 1, 2, 0, 1, 0, 3, 2]
TIERS = [
    ("Top", "Executive relationship, a business review every quarter."),
    ("Leveraged", "Shared CSM, data delivered by the workspace and signed by the CSM."),
    ("Scalable", "Portal, content and office hours."),
]
REASONS = [
    "Our planners spend every morning on the phone. We want the board to be right at seven, without calls.",
    "We go back to one in four sites a second time. That is what eats our margin.",
    "The auditors asked for proof of every visit, and ours is in shoe boxes.",
    "We are growing by acquisition and need one way of working in all depots.",
    "Customers ask when we come. We would like to be able to say it, and be right.",
]
USAGE: list[dict[str, Any]] = [
    {
        "key": "monthly-users",
        "name": "Monthly active users",
        "unit": "users",
        "aggregation": Aggregation.USERS,
        "is_headline": True,
        "description": "People who used the product at least once in the 28 days.",
    },
    {
        "key": "jobs-in-the-field",
        "name": "Jobs completed on mobile",
        "unit": "jobs",
        "aggregation": Aggregation.SUM,
        "features": ["jobs.*"],
        "description": "Jobs handled in the mobile app in the 28 days.",
    },
    {
        "key": "automated-dispatches",
        "name": "Automated dispatches",
        "unit": "runs",
        "aggregation": Aggregation.COUNT,
        "features": FEATURES["automate"],
        "description": "Rules, autofill and optimiser runs in the 28 days.",
    },
    {
        "key": "breadth",
        "name": "Features in use",
        "unit": "features",
        "aggregation": Aggregation.FEATURES,
        "description": "Different features used in the 28 days.",
    },
]
OUTCOMES: list[dict[str, Any]] = [
    {
        "key": "first-visit-fix-rate",
        "name": "First-visit fix rate",
        "unit": "%",
        "direction": Direction.UP,
        "description": "Share of jobs closed on the first visit, as the customer reports it.",
    },
    {
        "key": "planning-hours",
        "name": "Planning hours per 100 jobs",
        "unit": "h",
        "direction": Direction.DOWN,
        "description": "Planners' hours for every 100 jobs, as the customer reports it.",
    },
]


def add_person(email: str, name: str, role: str) -> Membership:
    """A person with the demo password, as a member of the open workspace."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return Membership.objects.get_or_create(user=user, defaults={"role": role})[0]


def hire_team() -> list[Membership]:
    """Everybody who works at the demo company; the CSMs."""
    team = [add_person(f"{local}@{SLUG}.example", name, role) for name, local, role in TEAM]
    return [member for member in team if member.role == Role.CSM]


def stage_of(customer: Customer, renewal: date, today: date) -> str:
    """A lifecycle stage that fits the customer's story."""
    if customer.shape == "churn":
        return Stage.CHURNED
    if customer.since <= 4:
        return Stage.ONBOARDING
    if (renewal - today).days <= 60:
        return Stage.RENEWING
    return Stage.ESTABLISHED if customer.depth >= 3 else Stage.ADOPTING


def sign_customers(csms: list[Membership], today: date, by: Actor, cast: Sequence[Customer] = ()) -> None:
    """The tiers and the accounts with their contacts: the sixty customers, or those of `cast`."""
    tiers = [
        Tier.objects.get_or_create(name=name, defaults={"position": number, "description": text})[0]
        for number, (name, text) in enumerate(TIERS, 1)
    ]
    known = set(Account.objects.values_list("name", flat=True))
    for number, customer in enumerate(cast or customers()):
        if customer.name in known:
            continue
        since = today - timedelta(days=int(customer.since * 30.4) + number * 23 % 75)
        renewal = since + timedelta(days=365 * ((today - since).days // 365 + 1))
        gone = customer.shape == "churn"
        account = create_account(
            by=by,
            name=customer.name,
            domains=[customer.domain],
            external_id=f"TW-{1001 + number}",
            tier=tiers[customer.tier - 1],
            stage=stage_of(customer, renewal, today),
            owner=csms[(OWNERS[number] if number < len(OWNERS) else number) % len(csms)],
            arr=Decimal(0 if gone else customer.arr),
            currency="EUR",
            customer_since=since,
            renewal_on=None if gone else renewal,
            reason_bought=REASONS[number % len(REASONS)],
            attributes={"industry": customer.industry, "region": customer.region},
        )
        meet_people(account, customer, by)


def meet_people(account: Account, customer: Customer, by: Actor) -> None:
    """Sponsor, champion and some users; the second addresses of people are identities of theirs."""
    roles = [ContactRole.SPONSOR, ContactRole.CHAMPION, ContactRole.ADMIN]
    titles = ["Director of Service", "Head of Planning", "Systems Coordinator"]
    named = people_of(customer)
    shown = named[: max(3, min(8, len(named)))] + [person for person in named[8:] if person.second]
    for number, person in enumerate(shown):
        create_contact(
            account,
            by=by,
            name=person.name,
            email=person.email,
            title=titles[number] if number < 3 else "",
            role=roles[number] if number < 3 else ContactRole.USER,
            identities=[person.second] if person.second else [],
        )


def define_metrics(by: Actor) -> None:
    """Four usage metrics and two outcomes."""
    known = set(Metric.objects.values_list("key", flat=True))
    for definition in USAGE:
        if definition["key"] not in known:
            define_metric(by=by, **definition)
    for definition in OUTCOMES:
        if definition["key"] not in known:
            define_metric(by=by, kind=MetricKind.OUTCOME, **definition)


def invite_customer() -> None:
    """A customer who signs in to the portal of one account."""
    name, email, account_name = CUSTOMER
    account = Account.objects.get(name=account_name)
    member = add_person(email, name, Role.VIEWER)
    PortalViewer.objects.get_or_create(membership=member, account=account)
    if not Contact.objects.filter(account=account, email=email).exists():
        Contact.objects.create(
            account=account, name=name, email=email, title="Director of Operations", role=ContactRole.SPONSOR
        )
