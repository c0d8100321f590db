"""What is ranked: ARR in one currency, now or on a day, with groups."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from accounts.revenue.actions import state_rate
from accounts.revenue.models import ArrPoint
from accounts.revenue.rates import RateMissing
from accounts.tiering.revenue_rows import a_year_before, ranked_accounts, roots_of, rules_of
from accounts.tiering.suggesting import Rule
from accounts.tiers.queries import tiers
from csworkspace.tenancy.clock import today
from tests.accounts.tiering.makers import make_tiers, pays
from tests.kit import BY

DAY = date(2024, 6, 1)


@pytest.fixture(autouse=True)
def alone(here):
    Account.objects.filter(pk=here.account.pk).delete()


def point(account, day, arr, currency="USD"):
    ArrPoint.objects.create(account=account, as_of=day, arr=arr, currency=currency, actor="Test")


def by_name(rows, *fields):
    return {row.name: tuple(getattr(row, field) for field in fields) for row in rows}


def test_now_with_growth_and_groups(here, elsewhere, django_assert_num_queries):
    elsewhere.open()
    pays("Theirs", 999)
    here.open()
    top = make_tiers()["Top"]
    parent = pays("Group", 100, tier=top, tier_pinned=True)
    child = pays("Child", 50, parent=parent)
    pays("Grandchild", None, parent=child)
    pays("Gone", 70, stage="churned")
    year_ago = a_year_before(today())
    point(child, year_ago, 40)
    point(parent, year_ago.replace(year=year_ago.year - 3), 80)
    with django_assert_num_queries(5):
        rows = ranked_accounts()
    assert by_name(rows, "value", "before", "growth", "tier_id", "is_pinned", "is_churned") == {
        "Group": (100, 80, 25, top.pk, True, False),
        "Child": (50, 40, 25, None, False, False),
        "Grandchild": (None, None, None, None, False, False),
        "Gone": (None, None, None, None, False, True),
    }
    assert {row.root_id for row in rows if row.name != "Gone"} == {parent.pk}


def test_on_a_day_by_the_history_whoever_has_left_since():
    gone, fresh = pays("Gone", 5, stage="churned"), pays("New", 10)
    point(gone, date(2023, 1, 1), 30)
    point(gone, date(2024, 1, 1), 60)
    point(gone, date(2025, 1, 1), 0)
    point(fresh, date(2024, 6, 2), 10)
    assert by_name(ranked_accounts(DAY), "value", "before") == {"Gone": (60, 30), "New": (None, None)}
    assert by_name(ranked_accounts(date(2025, 6, 1)), "value", "growth")["Gone"] == (0, -100)


def test_currencies_are_converted_at_the_days_rate_or_refused():
    euro = pays("Euro", 100, currency="EUR")
    point(euro, date(2023, 1, 1), 50, "EUR")
    point(euro, date(2024, 1, 1), 100, "EUR")
    pays("Dollar", 10)
    with pytest.raises(RateMissing, match=r"^1 account pays in EUR, and no rate into USD is stated"):
        ranked_accounts()
    state_rate(by=BY, currency="EUR", since=date(2024, 1, 1), rate=Decimal(2))
    assert by_name(ranked_accounts(), "value") == {"Euro": (200,), "Dollar": (10,)}
    # Then and now at the rate of the day looked at: growth is the customer's, not the currency's.
    assert by_name(ranked_accounts(DAY), "value", "before", "growth")["Euro"] == (200, 100, 100)
    with pytest.raises(RateMissing):
        ranked_accounts(date(2023, 6, 1))


def test_accounts_without_arr_need_no_rate():
    pays("Nothing", None, currency="EUR")
    pays("Zero", 0, currency="GBP")
    pays("Gone", 5, currency="NOK", stage="churned")
    assert by_name(ranked_accounts(), "value") == {"Nothing": (None,), "Zero": (None,), "Gone": (None,)}


def test_roots_of_groups_and_of_circles():
    assert roots_of({1: None, 2: 1, 3: 2, 4: None, 5: 99}) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 5}
    assert roots_of({1: 2, 2: 1, 3: 1}) == {1: 1, 2: 1, 3: 1}
    deep = {n: n - 1 or None for n in range(1, 5000)}
    assert set(roots_of(deep).values()) == {1}


def test_a_year_before():
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_before(date(2024, 3, 1)) == date(2023, 3, 1)


def test_rules_of_tiers():
    made = make_tiers()
    assert rules_of(tiers()) == [
        Rule(made["Top"].pk, "Top", 1, "share", share=Decimal(40)),
        Rule(made["Leveraged"].pk, "Leveraged", 2, "value", arr=Decimal(100), growth=Decimal(25)),
        Rule(made["Scalable"].pk, "Scalable", 3, "rest"),
    ]
