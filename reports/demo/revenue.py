"""What the demo company's customers paid over two years, and what was agreed with some of them."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.accounts.actions import edit_account
from accounts.accounts.models import Account
from accounts.revenue.actions import write_points
from accounts.revenue.models import ArrPoint
from accounts.tiering.actions import Move, pin_accounts, plan_moves
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiering.overrides import add_override
from accounts.tiers.models import DeliveredBy, Per, Service, Tier
from accounts.tiers.terms import next_quarter
from csworkspace.audit.actor import Actor
from reports.demo.cast import Customer, customers

YEAR = timedelta(days=365)
# Growth of ARR in percent at each renewal, by the shape of the customer's story.
GROWTH = {"growth": 32, "recover": 8, "steady": 4, "season": 2, "slip": -4, "decline": -12}
GROUP = ("Fairhaven Hospitals", ["Ashgrove Care", "Juniper Medical"])
PINNED, PIN_REASON = "Port of Valdane", "The first port in the country: all others ask for them."
SPECIAL, SERVICE = "Calder Water", "QBR"
GROWING, MOVE_REASON = "Castellan Security", "Doubles its crews in spring: agreed at the renewal."

Point = tuple[int, date, Decimal, str]


def write_revenue(today: date, by: Actor) -> None:
    """ARR for two years, a group, a strategic pin, other terms of one service, and one planned move."""
    remember_arr(today, by)
    join_group(by)
    pin_strategic(by)
    agree_terms(today, by)
    plan_growth(today, by)


def remember_arr(today: date, by: Actor) -> None:
    """Each account's ARR since two years ago; it changes at renewals."""
    if ArrPoint.objects.filter(as_of__lt=today).exists():
        return
    accounts = {account.external_id: account for account in Account.objects.all()}
    points: list[Point] = []
    for number, customer in enumerate(customers()):
        account = accounts.get(f"TW-{1001 + number}")
        if account:
            points += points_of(account, customer, today)
    # What was written down when the accounts were made says the same a second time.
    ArrPoint.objects.filter(account__in={pk for pk, *_ in points}).delete()
    write_points(points, by=by)


def points_of(account: Account, customer: Customer, today: date) -> list[Point]:
    """The account's points, the oldest first: `customer.arr` is what it pays, or paid at last."""
    since = account.customer_since or today
    renewals = [since + YEAR * count for count in range((today - since).days // 365 + 1)]
    growth = 1 + Decimal(GROWTH.get(customer.shape, 0)) / 100
    found, arr = [], Decimal(customer.arr)
    for day in reversed(renewals):
        found.append((account.pk, max(day, today - 2 * YEAR), arr, account.currency))
        if day <= today - 2 * YEAR:
            break
        arr = round(arr / growth / 500) * Decimal(500)
    if customer.shape == "churn":
        left = max(today - timedelta(days=45), renewals[-1] + timedelta(days=1))
        found.insert(0, (account.pk, min(left, today), Decimal(0), account.currency))
    return found[::-1]


def join_group(by: Actor) -> None:
    """A group of care homes."""
    parent, children = GROUP
    for account in Account.objects.filter(name__in=children, parent=None).order_by("pk"):
        edit_account(account, by=by, parent=Account.objects.get(name=parent))


def pin_strategic(by: Actor) -> None:
    """A reference that stays in the top tier."""
    account = Account.objects.get(name=PINNED)
    if not account.tier_pinned:
        pin_accounts([account.pk], by=by, reason=PIN_REASON)


def agree_terms(today: date, by: Actor) -> None:
    """A customer whose board wants a review every month for half a year."""
    account, service = Account.objects.get(name=SPECIAL), Service.objects.get(name=SERVICE)
    if ServiceOverride.objects.filter(account=account).exists():
        return
    add_override(
        account,
        by=by,
        service=service,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=150),
        is_owed=True,
        times=1,
        per=Per.MONTH,
        hours=Decimal(4),
        delivered_by=DeliveredBy.PERSON,
        grace_days=7,
        response_hours=None,
        reason="Their board follows the roll-out month by month.",
    )


def plan_growth(today: date, by: Actor) -> None:
    """A customer that moves up with the next quarter."""
    account = Account.objects.get(name=GROWING)
    if not TierPlacement.objects.filter(account=account, is_planned=True).exists():
        tier = Tier.objects.get(name="Leveraged")
        move = Move(account.pk, account.tier_id, tier.pk, MOVE_REASON)
        plan_moves([move], next_quarter(today), by=by)
