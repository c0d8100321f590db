"""What revenue ranks: every account with its ARR in the workspace's currency, now or on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.accounts.models import Account, Stage
from accounts.revenue.models import ArrPoint
from accounts.revenue.rates import check_rates, converted, rates_on
from accounts.tiering.suggesting import Ranked, Rule
from accounts.tiers.models import Tier
from csworkspace.tenancy.clock import today_of
from csworkspace.tenancy.models import Workspace

Amount = tuple[Decimal | None, str]


@dataclass(frozen=True)
class _Account:
    pk: int
    name: str
    parent_id: int | None
    tier_id: int | None
    is_pinned: bool
    stage: str
    arr: Decimal | None
    currency: str


def ranked_accounts(as_of: date | None = None) -> list[Ranked]:
    """Every account, ready to be ranked; a constant number of queries. Raises RateMissing.

    as_of None: the ARR of now, without what churned accounts once paid. A day: the ARR in effect on it
    by its history, whoever has left since. Both amounts are converted at the rates of that day, so that
    growth is the customer's and not the currency's. Tiers and pins are always those of now.
    """
    workspace = Workspace.objects.get()
    day = as_of or today_of(workspace)
    accounts = _accounts()
    now = _arr_on(day) if as_of else {one.pk: (one.arr, one.currency) for one in accounts}
    if as_of is None:
        now |= {one.pk: (None, one.currency) for one in accounts if one.stage == Stage.CHURNED}
    before, rates = _arr_on(a_year_before(day)), rates_on(day)
    check_rates((currency for arr, currency in now.values() if arr), rates, workspace.currency, day)
    roots = roots_of({one.pk: one.parent_id for one in accounts})
    return [_ranked(one, roots[one.pk], now, before, rates) for one in accounts]


def rules_of(tiers: Iterable[Tier]) -> list[Rule]:
    """The entry rules of tiers."""
    return [
        Rule(
            tier.pk,
            tier.name,
            tier.position,
            tier.entry,
            tier.entry_share,
            tier.entry_arr,
            tier.entry_growth,
        )
        for tier in tiers
    ]


def roots_of(parents: Mapping[int, int | None]) -> dict[int, int]:
    """Account → the account on top of its group. A circle, should there be one, ends where it closes."""
    found: dict[int, int] = {}
    for start in parents:
        path, at = [], start
        while at not in found and at not in path:
            path.append(at)
            up = parents.get(at)
            if up is None or up not in parents:
                break
            at = up
        root = found.get(at, at)
        found |= dict.fromkeys(path, root)
    return found


def a_year_before(day: date) -> date:
    """The same day a year earlier; 28 February for a leap day."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _accounts() -> list[_Account]:
    fields = ("pk", "name", "parent_id", "tier_id", "tier_pinned", "stage", "arr", "currency")
    return [_Account(*row) for row in Account.objects.order_by("pk").values_list(*fields)]


def _arr_on(day: date) -> dict[int, Amount]:
    points = ArrPoint.objects.filter(as_of__lte=day).order_by("account_id", "-as_of").distinct("account_id")
    return {pk: (arr, code) for pk, arr, code in points.values_list("account_id", "arr", "currency")}


def _ranked(
    one: _Account,
    root_id: int,
    now: Mapping[int, Amount],
    before: Mapping[int, Amount],
    rates: Mapping[str, Decimal],
) -> Ranked:
    unknown = (None, one.currency)
    return Ranked(
        account_id=one.pk,
        name=one.name,
        root_id=root_id,
        value=converted(*now.get(one.pk, unknown), rates),
        before=converted(*before.get(one.pk, unknown), rates),
        tier_id=one.tier_id,
        is_pinned=one.is_pinned,
        is_churned=one.stage == Stage.CHURNED,
    )
