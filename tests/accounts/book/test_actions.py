"""The book follows accounts, activity and standing."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.accounts.actions import create_account
from accounts.accounts.models import Account, AccountDomain
from accounts.book.actions import Standing, note_activity, refresh_book, set_standing
from accounts.book.models import LONG_AGO, NEVER, BookRow
from accounts.book.text import fold
from accounts.metrics.models import Metric, MetricState
from accounts.revenue.models import CurrencyRate
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.models import Workspace
from tests.kit import BY


def row_of(account):
    return BookRow.objects.get(account=account)


def test_refresh_makes_a_row_with_what_is_known(here):
    Account.objects.filter(pk=here.account.pk).update(
        name="Élan Værk", external_id="E-1", arr=Decimal("12.34")
    )
    AccountDomain.objects.create(account=here.account, domain="elan.example")
    assert refresh_book([here.account.pk]) == 1
    row = row_of(here.account)
    assert (row.name, row.name_sort, row.search) == ("Élan Værk", "elan værk", "elan værk\nelan.example\ne-1")
    assert (row.arr, row.arr_sort, row.renewal_on) == (Decimal("12.34"), 1234, NEVER)
    assert (row.last_active_on, row.headline, row.level, row.plan_status) == (LONG_AGO, -1, -1, "none")


def test_refresh_changes_only_what_differs(here):
    assert refresh_book() == 1
    assert refresh_book() == 0
    Account.objects.filter(pk=here.account.pk).update(arr=5)
    assert refresh_book() == 1


def test_refresh_takes_the_headline_metric_and_keeps_standing(here):
    metric = Metric.objects.create(key="users", name="Users", is_headline=True)
    MetricState.objects.create(
        account=here.account, metric=metric, day=date(2026, 1, 2), value=7, previous=Decimal("8.5")
    )
    set_standing([Standing(here.account.pk, level=2, plan_status="slipping", attention=40)])
    note_activity({here.account.pk: date(2026, 1, 2)})
    refresh_book([here.account.pk])
    row = row_of(here.account)
    assert (row.headline, row.headline_sort, row.headline_before) == (7, 7.0, Decimal("8.5"))
    assert (row.level, row.plan_status, row.attention) == (2, "slipping", 40)
    assert row.last_active_on == date(2026, 1, 2)


def test_activity_only_rises(here):
    assert note_activity({here.account.pk: date(2026, 3, 1)}) == 1
    assert note_activity({here.account.pk: date(2026, 2, 1)}) == 0
    assert row_of(here.account).last_active_on == date(2026, 3, 1)


def test_standing_is_written_in_one_statement(here, django_assert_num_queries):
    others = [Account.objects.create(name=f"A{n}") for n in range(3)]
    refresh_book()
    reasons = [{"text": "No use for 30 days", "weight": 60}]
    rows = [Standing(a.pk, 1, "off_track", 60, reasons) for a in others]
    # Savepoint, the check for missing rows, the workspace whose figures are forgotten, release;
    # the statement itself goes past Django's counter.
    with django_assert_num_queries(4):
        assert set_standing(rows) == 3
    assert set_standing(rows) == 0
    assert [r.reasons for r in BookRow.objects.filter(attention=60)] == [reasons] * 3


def test_attention_has_bounds(here):
    with pytest.raises(ValueError, match="101"):
        set_standing([Standing(here.account.pk, attention=101)])


def test_the_lookalike_is_never_touched(here, elsewhere):
    refresh_book()
    refresh_book([here.account.pk, elsewhere.account.pk])
    note_activity({elsewhere.account.pk: date(2026, 1, 1)})
    set_standing([Standing(elsewhere.account.pk, attention=9)])
    assert [row.account_id for row in BookRow.objects.all()] == [here.account.pk]
    elsewhere.open()
    assert BookRow.objects.count() == 0


def test_folding_is_the_same_in_both_languages(here):
    for name in ["Élan", "\uff21\uff22 Ltd", "Straße", "Ångström AB", "日本語", " padded "]:
        Account.objects.filter(pk=here.account.pk).update(name=name)
        refresh_book()
        assert row_of(here.account).name_sort == fold(name)


def test_arr_is_sorted_in_the_workspaces_currency_by_the_newest_rate(here, elsewhere):
    elsewhere.open()
    usd = {"currency": "EUR", "into_currency": "USD", "actor": "Test"}
    CurrencyRate.objects.create(since=date(2026, 6, 1), rate=Decimal(9), **usd)
    here.open()
    for since, rate in ((date(2025, 1, 1), "1.5"), (date(2026, 1, 1), "1.25"), (date(9000, 1, 1), "7")):
        CurrencyRate.objects.create(since=since, rate=Decimal(rate), **usd)
    # Stated when the workspace had another currency.
    CurrencyRate.objects.create(since=date(2026, 6, 1), rate=8, **{**usd, "into_currency": "NOK"})
    for code in ("EUR", "USD", "GBP"):
        create_account(by=BY, name=code, arr=Decimal(100), currency=code)
    found = BookRow.objects.exclude(name="Acme Industries").order_by("name")
    assert list(found.values_list("name", "arr_sort")) == [("EUR", 12_500), ("GBP", -1), ("USD", 10_000)]


def test_a_rate_holds_from_the_workspaces_own_day_on(here):
    # 14 hours ahead of UTC: for most of the day it is tomorrow there.
    Workspace.objects.update(timezone="Pacific/Kiritimati")
    CurrencyRate.objects.create(
        currency="EUR", into_currency="USD", since=today(), rate=Decimal(2), actor="Test"
    )
    create_account(by=BY, name="EUR", arr=Decimal(100), currency="EUR")
    assert BookRow.objects.get(name="EUR").arr_sort == 20_000


def test_the_largest_arr_at_the_largest_rate_is_still_sorted(here):
    CurrencyRate.objects.create(
        currency="EUR", into_currency="USD", since=date(2020, 1, 1), rate=Decimal(10**9), actor="Test"
    )
    create_account(by=BY, name="EUR", arr=Decimal("999999999999.99"), currency="EUR")
    assert BookRow.objects.get(name="EUR").arr_sort == 2**63 - 1
