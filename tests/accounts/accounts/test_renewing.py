"""On which days a subscription can renew."""

from datetime import date

import pytest

from accounts.accounts.models import Account
from accounts.accounts.renewing import renewal_problem
from tests.kit import client_of

TODAY, SINCE = date(2026, 11, 26), date(2024, 3, 14)
OUTSIDE = "Choose a day from 1 Jan 2000 to 31 Dec 2046."
BEFORE = "The account is a customer since 14 Mar 2024, so it cannot have renewed before."


@pytest.mark.parametrize(
    ("day", "since", "problem"),
    [
        (None, SINCE, ""),
        (date(2000, 1, 1), None, ""),
        (date(1999, 12, 31), None, OUTSIDE),
        (date(1999, 12, 31), SINCE, OUTSIDE),
        (date(2024, 3, 13), SINCE, BEFORE),
        (date(2024, 3, 14), SINCE, ""),
        (date(2046, 12, 31), SINCE, ""),
        (date(2047, 1, 1), SINCE, OUTSIDE),
        (date(1995, 1, 1), date(1990, 1, 1), OUTSIDE),
    ],
)
def test_from_the_beginning_on_and_within_twenty_years(day, since, problem):
    assert renewal_problem(day, since, TODAY) == problem


def test_the_accounts_form_says_it_too_but_lets_stay_what_is_there(here):
    Account.objects.update(renewal_on="1990-01-01")
    client, url = client_of(here.members["csm"]), here.url(f"accounts/{here.account.pk}/edit/")
    sent = {"name": "Acme", "stage": "trial", "currency": "USD", "renewal_on": "1990-01-01"}
    assert client.post(url, sent).status_code == 302
    response = client.post(url, {**sent, "renewal_on": "1991-01-01"})
    assert (response.status_code, "Choose a day from 1 Jan 2000" in response.text) == (422, True)
    assert str(Account.objects.get().renewal_on) == "1990-01-01"
