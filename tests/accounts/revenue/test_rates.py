"""Stated rates, their page, and what follows when the workspace's currency changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.accounts.actions import create_account
from accounts.book.models import BookRow
from accounts.revenue.actions import RateRefused, remove_rate, state_rate
from accounts.revenue.models import CurrencyRate
from accounts.revenue.rates import RateMissing, check_rates, converted, rates_on
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.people.actions import edit_workspace
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.models import Workspace
from tests.kit import BY, client_of

NEW_YEAR = date(2026, 1, 1)


def sorts():
    return dict(BookRow.objects.exclude(name="Acme Industries").values_list("name", "arr_sort"))


@pytest.fixture
def payers(here):
    for code in ("EUR", "USD"):
        create_account(by=BY, name=code, arr=Decimal(100), currency=code)


def test_rates_hold_from_their_day_and_refresh_the_book(here, payers):
    assert sorts() == {"EUR": -1, "USD": 10_000}
    first = state_rate(by=BY, currency="EUR", since=NEW_YEAR, rate=Decimal("1.25"))
    state_rate(by=BY, currency="EUR", since=date(2026, 6, 1), rate=Decimal("1.5"))
    assert rates_on(date(2025, 12, 31)) == {"USD": 1}
    assert rates_on(date(2026, 5, 31)) == {"EUR": Decimal("1.25"), "USD": 1}
    assert sorts() == {"EUR": 15_000, "USD": 10_000}
    remove_rate(CurrencyRate.objects.exclude(pk=first.pk).get(), by=BY)
    assert sorts() == {"EUR": 12_500, "USD": 10_000}
    verbs = AuditEntry.objects.filter(object_type="currencyrate").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["stated", "stated", "removed"]


def test_rates_that_cannot_be(here):
    with pytest.raises(RateRefused, match="USD is the workspace's own currency: its rate is always 1"):
        state_rate(by=BY, currency="USD", since=NEW_YEAR, rate=Decimal(2))
    state_rate(by=BY, currency="EUR", since=NEW_YEAR, rate=Decimal(2))
    with pytest.raises(RateRefused, match="A rate of EUR from 1 Jan 2026 is stated already"):
        state_rate(by=BY, currency="EUR", since=NEW_YEAR, rate=Decimal(3))
    assert CurrencyRate.objects.get().rate == 2


def test_amounts_without_a_rate_are_refused_by_name():
    rates = {"USD": Decimal(1)}
    with pytest.raises(RateMissing) as refused:
        check_rates(["EUR", "GBP", "EUR", "USD"], rates, "USD", NEW_YEAR)
    assert refused.value.currencies == {"EUR": 2, "GBP": 1}
    assert str(refused.value) == (
        "3 accounts pay in EUR and GBP, and no rate into USD is stated for 1 Jan 2026. "
        "Amounts in different currencies are never added up."
    )
    check_rates(["USD"], rates, "USD", NEW_YEAR)
    assert converted(Decimal("10.005"), "EUR", {"EUR": Decimal("1.5")}) == Decimal("15.01")
    assert (converted(None, "USD", rates), converted(Decimal(1), "EUR", rates)) == (None, None)


def pay_in(world, currency):
    edit_workspace(Workspace.objects.get(), by=BY, currency=currency)
    job = Job.objects.get(kind="revenue.currency", status="queued")
    assert run_job(world.workspace.pk, job.pk) == "succeeded"


def test_another_currency_of_the_workspace_lets_old_rates_rest(here, payers):
    state_rate(by=BY, currency="EUR", since=NEW_YEAR, rate=Decimal("1.25"))
    pay_in(here, "EUR")
    assert rates_on(today()) == {"EUR": 1}
    assert sorts() == {"EUR": 10_000, "USD": -1}
    pay_in(here, "USD")
    assert rates_on(today()) == {"EUR": Decimal("1.25"), "USD": 1}
    assert sorts() == {"EUR": 12_500, "USD": 10_000}


def test_the_page(here, elsewhere, payers):
    elsewhere.open()
    create_account(by=BY, name="Theirs", arr=Decimal(1), currency="SEK")
    state_rate(by=BY, currency="SEK", since=NEW_YEAR, rate=Decimal("0.1"))
    here.open()
    client, url = client_of(here.members["manager"]), here.url("settings/currencies/")
    page = client.get(url).content.decode()
    assert ("No rate" in page, "SEK" in page) == (True, False)
    assert client.post(url, {"currency": "eur", "rate": "1.1", "since": "2026-01-01"}).status_code == 302
    later = today() + timedelta(days=9)
    client.post(url, {"currency": "EUR", "rate": "1.2", "since": later.isoformat()})
    page = client.get(url).content.decode()
    assert [text in page for text in ("No rate", "In effect", "Planned", "Earlier")] == [
        False,
        True,
        True,
        False,
    ]
    stated = CurrencyRate.objects.get(since=NEW_YEAR)
    assert client.post(f"{url}{stated.pk}/removals/").status_code == 302
    assert CurrencyRate.objects.filter(since=NEW_YEAR).count() == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rate": "0"}, "A rate is more than 0."),
        ({"rate": "-1"}, "A rate is more than 0."),
        ({"rate": "NaN"}, "Enter a number."),
        ({"currency": "EURO"}, "Write the three letters of the currency, such as EUR."),
        ({"currency": "usd"}, "own currency: its rate is always 1"),
        ({"since": "0001-01-01"}, "Choose a day from 1970 to 2100."),
    ],
)
def test_the_page_refuses(here, values, message):
    client, url = client_of(here.members["admin"]), here.url("settings/currencies/")
    refused = client.post(url, {"currency": "EUR", "rate": "1.1", "since": "2026-01-01", **values})
    assert (refused.status_code, message in refused.content.decode()) == (422, True)
    assert CurrencyRate.objects.count() == 0
