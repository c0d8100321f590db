"""The tier of one account: history, planned moves, pin, own terms."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import change_tier
from accounts.accounts.models import Account
from accounts.tiering.models import ServiceOverride, TierPlacement
from csworkspace.tenancy.clock import today
from tests.accounts.tiering.makers import make_tiers, pays, promise
from tests.kit import BY, client_of

LATER = timedelta(days=40)


@pytest.fixture
def tiers(here):
    return make_tiers()


@pytest.fixture
def account(here, tiers):
    made = pays("Ann", 400, tier=tiers["Scalable"])
    change_tier(made, by=BY, tier=tiers["Top"], reason="Signed the group")
    return Account.objects.get(pk=made.pk)


@pytest.fixture
def client(here):
    return client_of(here.members["manager"])


@pytest.fixture
def url(here, account):
    return here.url(f"accounts/{account.pk}/tier/")


def terms(service, **more):
    values = {
        "service": service.pk, "is_owed": "yes", "times": 1, "per": "month", "hours": "2",
        "delivered_by": "person", "grace_days": 7, "starts_on": today().isoformat(), "reason": "Asked for it",
    }  # fmt: skip
    return {**values, **more}


def test_history_with_reasons(client, url):
    page = client.get(url).content.decode()
    assert [text in page for text in ("Signed the group", "Scalable", "None: the tier’s terms hold")] == [
        True
    ] * 3


def test_a_move_is_planned_and_cancelled(here, client, url, account, tiers):
    on = (today() + LATER).isoformat()
    values = {"tier": tiers["Leveraged"].pk, "on": on, "reason": "After the renewal"}
    assert client.post(f"{url}moves/", values).status_code == 302
    planned = TierPlacement.objects.get(is_planned=True)
    assert "After the renewal" in client.get(url).content.decode()
    for _ in range(2):
        assert client.post(f"{url}moves/{planned.pk}/cancellations/").status_code in (302, 404)
    assert TierPlacement.objects.filter(is_planned=True).count() == 0


def test_a_second_plan_replaces_the_first_and_says_so(client, url, tiers):
    values = {"tier": tiers["Leveraged"].pk, "on": (today() + LATER).isoformat(), "reason": "First"}
    assert "The move is planned." in client.post(f"{url}moves/", values, follow=True).content.decode()
    again = {**values, "tier": tiers["Scalable"].pk, "on": (today() + LATER * 2).isoformat()}
    page = client.post(f"{url}moves/", again, follow=True).content.decode()
    assert "The move is planned. It replaces 1 older plan." in page
    assert TierPlacement.objects.get(is_planned=True).tier == tiers["Scalable"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"on": ""}, "This field is required."),
        ({"on": "2000-01-01"}, "That day is over."),
        ({"on": "9999-01-01"}, "within the next ten years"),
        ({"on": "today"}, "Choose a later day"),
        ({"reason": " "}, "This field is required."),
        ({"tier": "999999"}, "Select a valid choice"),
        ({"tier": "top"}, "The account is there already."),
    ],
)
def test_moves_that_cannot_be(client, url, tiers, values, message):
    good = {"tier": tiers["Leveraged"].pk, "on": (today() + LATER).isoformat(), "reason": "Why"}
    if values.get("tier") == "top":
        values = {"tier": tiers["Top"].pk}
    if values.get("on") == "today":
        values = {"on": today().isoformat()}
    refused = client.post(f"{url}moves/", {**good, **values})
    assert (refused.status_code, message in refused.content.decode()) == (422, True)
    assert TierPlacement.objects.filter(is_planned=True).count() == 0


def test_pin_and_unpin(client, url, account):
    assert client.post(f"{url}pins/", {"reason": ""}).status_code == 422
    client.post(f"{url}pins/", {"reason": "A reference"})
    assert "A reference" in client.get(url).content.decode()
    client.post(f"{url}pins/removals/")
    assert not Account.objects.get(pk=account.pk).tier_pinned


def test_own_terms_are_agreed_and_ended(client, url, account, tiers):
    service = promise(tiers["Top"], Decimal(8))
    assert client.get(f"{url}overrides/new/").status_code == 200
    assert client.post(f"{url}overrides/new/", terms(service)).status_code == 302
    page = client.get(url).content.decode()
    assert ("1 a month" in page, "6.0 CSM hours a quarter" in page) == (True, True)
    refused = client.post(f"{url}overrides/new/", terms(service))
    assert refused.status_code == 422
    assert "Review has its own terms from" in refused.content.decode()
    made = ServiceOverride.objects.get()
    assert client.post(f"{url}overrides/{made.pk}/endings/", {"on": "x"}).status_code == 422
    assert client.post(f"{url}overrides/{made.pk}/endings/", {"on": today().isoformat()}).status_code == 302
    assert ServiceOverride.objects.get().ends_on == today()


def test_an_end_in_the_past_is_refused_beside_its_field(client, url, account, tiers):
    service = promise(tiers["Top"], Decimal(8))
    client.post(f"{url}overrides/new/", terms(service, starts_on=(today() - LATER).isoformat()))
    made = ServiceOverride.objects.get()
    refused = client.post(f"{url}overrides/{made.pk}/endings/", {"on": "2000-01-01"})
    assert (refused.status_code, "what was owed stays as it was" in refused.content.decode()) == (422, True)
    assert ServiceOverride.objects.get().ends_on is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"times": 0}, "Review: a cadence is 1 to 100 times."),
        ({"times": -1}, "Review: a cadence is 1 to 100 times."),
        ({"hours": "-1"}, "Review: hours are from 0 to 1,000."),
        ({"hours": "NaN"}, "Write a number like 12.5."),
        ({"hours": "99999"}, "Write hours from 0 to 1,000, with at most two decimals."),
        ({"times": "101"}, "Write a number from 1 to 100."),
        ({"times": "1.5"}, "Write a whole number."),
        ({"grace_days": "366"}, "Write a number of days from 0 to 365."),
        ({"grace_days": -1}, "Review: grace is from 0 to 365 days."),
        ({"per": "century"}, "Select a valid choice"),
        ({"per": "onboarding", "times": 2}, "means once; write 1."),
        ({"ends_on": "2000-01-01"}, "It would end before it begins."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_own_terms_that_cannot_be(client, url, tiers, values, message):
    service = promise(tiers["Top"], Decimal(8))
    refused = client.post(f"{url}overrides/new/", terms(service, **values))
    assert (refused.status_code, message in refused.content.decode()) == (422, True)
    assert ServiceOverride.objects.count() == 0


def test_one_account_does_not_reach_another(here, client, url, account, tiers):
    other = pays("Ben", 5, tier=tiers["Top"])
    service = promise(tiers["Top"], Decimal(8))
    client.post(f"{url}overrides/new/", terms(service))
    made = ServiceOverride.objects.get()
    theirs = here.url(f"accounts/{other.pk}/tier/")
    assert client.post(f"{theirs}overrides/{made.pk}/endings/", {"on": today()}).status_code == 404
    assert client.post(f"{theirs}moves/{TierPlacement.objects.first().pk}/cancellations/").status_code == 404


def test_the_number_of_queries_does_not_grow(client, url, account, tiers):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for name in ("Leveraged", "Scalable", "Top"):
            change_tier(account, by=BY, tier=tiers[name])
    assert counts[0] == counts[1]
