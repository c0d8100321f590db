"""The page of suggested tiers: trying thresholds, accepting, pinning, planning."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import change_tier
from accounts.accounts.models import Account
from accounts.changes.models import ChangeSet
from accounts.revenue.models import ArrPoint
from accounts.tiering.models import TierPlacement
from accounts.tiers.models import Tier
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from tests.accounts.tiering.makers import make_tiers, pays, promise
from tests.kit import BY, client_of


@pytest.fixture
def tiers(here, elsewhere):
    elsewhere.open()
    make_tiers()
    pays("Theirs", 5000)
    here.open()
    Account.objects.filter(pk=here.account.pk).delete()
    return make_tiers()


@pytest.fixture
def book(tiers):
    """Four accounts: 400, 300, 200 and 90 of 990 in all."""
    return {name: pays(name, arr) for name, arr in (("Ann", 400), ("Ben", 300), ("Cid", 200), ("Dot", 90))}


@pytest.fixture
def page(here):
    client, url = client_of(here.members["manager"]), here.url("settings/tiers/suggestions/")

    def get(status=200, **query):
        response = client.get(url, query)
        assert response.status_code == status
        return response.content.decode()

    get.client, get.url, get.here = client, url, here
    return get


def part(html):
    """What htmx swaps, to the end of the page's own content."""
    return html.split('<div id="suggestions"')[1].split("</main>")[0]


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", part(html)).split())


def digest(html):
    return re.search(r'name="all" value="(\w+)"', html)[1]


def tier_names():
    return dict(Account.objects.order_by("name").values_list("name", "tier__name"))


def test_the_concentration_in_words_and_who_would_move(page, book):
    html = page()
    assert "1 of 4 accounts, 25%, carries 40.4% of $990." in words(html)
    keys = re.findall(r'name="accept" value="([\d.]+)"', html)
    assert [int(key.split(".")[0]) for key in keys] == [
        book[name].pk for name in ("Ann", "Ben", "Cid", "Dot")
    ]
    assert "It is number 1 of 4 by ARR; the first carries 40.4% of it." in words(html)
    assert "Theirs" not in html
    assert tier_names() == dict.fromkeys(book)


def test_thresholds_are_tried_without_changing_the_rules(page, book, tiers):
    assert "3 of 4 accounts, 75%, carry 90.9% of $990." in words(page(share="75"))
    tried = page(share="40", **{f"arr_{tiers['Leveraged'].pk}": "250"})
    assert "ARR of $250 or more" in words(tried)
    assert Tier.objects.get(name="Top").entry_share == 40


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"share": "40", "slide": "75", "was": "40"}, "75"),
        ({"share": "70.5", "slide": "40", "was": "40"}, "70.5"),
        ({"share": "70.5", "slide": "75", "was": "40"}, "70.5"),
        ({"share": "40.2", "slide": "40", "was": "40.2"}, "40.2"),
        ({"slide": "75", "was": "40"}, "75"),
    ],
)
def test_what_differs_from_what_was_shown_counts(page, book, query, shown):
    assert re.search(r'name="share"[^>]*value="([\d.]+)"', page(**query))[1] == shown


REFUSED = {
    "0": "Write a number from 1 to 100, with at most two decimals.",
    "0.5": "Write a number from 1 to 100, with at most two decimals.",
    "100.1": "Write a number from 1 to 100, with at most two decimals.",
    "500": "Write a number from 1 to 100, with at most two decimals.",
    "33.333": "Write a number from 1 to 100, with at most two decimals.",
    "-3": "Write a number from 1 to 100, with at most two decimals.",
    "1e9": "Write a number from 1 to 100, with at most two decimals.",
    "abc": "Write a number like 12.5.",
    "NaN": "Write a number like 12.5.",
    "\x00": "Write a number like 12.5.",
    "": "Write a number from 1 to 100.",
}


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("share", "said"), REFUSED.items())
def test_shares_that_cannot_be_are_refused_and_nothing_is_suggested(page, book, share, said, scripts):
    headers = {"HX-Request": "true"} if scripts else {}
    query = {"share": share, "slide": "75", "was": "40"}
    response = page.client.get(page.url, query, headers=headers)
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count('role="alert"') == 1
    assert f"Share of revenue, % : {said}" in words(html)
    assert ("Accept" in part(html), "carries" in part(html), "<svg" in part(html)) == (False, False, False)
    # Whoever is typing keeps the focus.
    assert ("data-focus" in part(html)) is not scripts


def test_the_field_keeps_what_was_typed_and_the_slider_what_can_be(page, book):
    html = page(422, share="500", slide="40", was="40")
    names = ("share", "slide", "was")
    shown = [re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1] for name in names]
    assert shown == ["500", "40", "40"]


@pytest.mark.parametrize("verb", ["acceptances", "pins"])
def test_nothing_is_done_with_thresholds_that_cannot_be(page, book, tiers, verb):
    seen, key = digest(page()), f"{book['Ann'].pk}.0.{tiers['Top'].pk}"
    for share in ("500", "0", "-5", ""):
        for chosen in ({"all": seen}, {"accept": [key]}):
            answer = page.client.post(f"{page.url}{verb}/", {**chosen, "share": share, "reason": "Why"})
            assert (answer.status_code, "Accept" in part(answer.content.decode())) == (422, False)
    assert (ChangeSet.objects.count(), tier_names()) == (0, dict.fromkeys(book))


def test_further_thresholds_that_cannot_be_are_named(page, book, tiers):
    for value in ("0", "-1", "9" * 12, "1.001"):
        text = words(page(422, **{f"arr_{tiers['Leveraged'].pk}": value}))
        assert "Leveraged: ARR from : Write a number from 1 to 100,000,000,000, with" in text


def test_the_page_stands_in_the_settings_below_the_tiers(here, page, book):
    html = page()
    crumbs = html.split('aria-label="Breadcrumbs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)">([^<]+)<', crumbs) == [(here.url("settings/tiers/"), "Tiers")]
    current = re.findall(r'aria-current="page">([^<]+)<', html)
    assert set(current) == {"Settings"}


def test_groups_are_called_so(page, tiers):
    parent = pays("Ann", 400)
    pays("Ann North", 300, parent=parent)
    pays("Ben", 700)
    text = words(page(share="50"))
    assert "The last group of them pays $700 a year." in text
    assert "1 more group pays exactly as much as the last one and is in it too." in text
    assert "3 of 3 accounts" in text


def test_dates_out_of_range_are_refused(page, book):
    for day in ("9999-01-01", "0001-01-01", (today() + timedelta(days=1)).isoformat()):
        assert "Choose a day of the past" in page(422, as_of=day)


def test_htmx_gets_the_results_alone(here, page, book):
    response = page.client.get(page.url, {"share": "75"}, headers={"HX-Request": "true"})
    html = response.content.decode().strip()
    assert (html.startswith('<div id="suggestions"'), response["Vary"].count("HX-Request")) == (True, 1)
    assert "carry 90.9%" in html


def test_as_of_a_day_of_the_history(page, book):
    ArrPoint.objects.create(account=book["Dot"], as_of=date(2024, 1, 1), arr=50, currency="USD", actor="Test")
    html = page(as_of="2024-06-01")
    assert "1 of 1 account, 100%, carries 100.0% of $50." in words(html)
    assert "3 accounts have no ARR on that day: not ranked." in words(html)
    assert "No account had ARR on that day" in page(as_of="2020-01-01")


def test_chosen_rows_are_accepted_and_shown_as_a_change(page, book, tiers):
    keys = [f"{book[name].pk}.0.{tiers[tier].pk}" for name, tier in (("Ann", "Top"), ("Dot", "Scalable"))]
    response = page.client.post(f"{page.url}acceptances/", {"accept": keys})
    made = ChangeSet.objects.get()
    assert response["Location"].endswith(f"/changes/{made.pk}/")
    assert (made.title, made.made) == ("Suggested tiers: 2 accounts", 2)
    assert tier_names() == {"Ann": "Top", "Ben": None, "Cid": None, "Dot": "Scalable"}
    placed = TierPlacement.objects.get(account=book["Ann"])
    assert placed.reason == "It is number 1 of 4 by ARR; the first carries 40.4% of it."


def test_all_are_accepted_as_they_were_seen(page, book):
    seen = digest(page(share="75"))
    assert page.client.post(f"{page.url}acceptances/", {"all": seen}).status_code == 409
    assert tier_names() == dict.fromkeys(book)
    page.client.post(f"{page.url}acceptances/", {"all": seen, "share": "75"})
    assert tier_names() == {"Ann": "Top", "Ben": "Top", "Cid": "Top", "Dot": "Scalable"}


def test_what_somebody_else_moved_meanwhile_is_left_alone(here, page, book, tiers):
    seen, key = digest(page()), f"{book['Ann'].pk}.0.{tiers['Top'].pk}"
    change_tier(book["Ann"], by=BY, tier=tiers["Leveraged"])
    refused = page.client.post(f"{page.url}acceptances/", {"all": seen})
    assert (refused.status_code, "Somebody else changed this" in refused.content.decode()) == (409, True)
    response = page.client.post(f"{page.url}acceptances/", {"accept": [key]}, follow=True)
    assert "is not suggested any more" in response.content.decode()
    assert tier_names()["Ann"] == "Leveraged"


def test_hostile_choices_change_nothing(page, book, elsewhere, here):
    for key in ("", "x", "1.0.1", "-1.0.1", "9" * 40, "1.0.1.0", "\x00"):
        assert page.client.post(f"{page.url}acceptances/", {"accept": [key]}).status_code == 302
    assert ChangeSet.objects.count() == 0
    bad_day = {"accept": ["1.0.1"], "on": "2000-01-01"}
    assert page.client.post(f"{page.url}acceptances/", bad_day).status_code == 422


def test_accepted_for_a_later_day_they_are_planned_and_can_be_cancelled(page, book, tiers):
    on = today() + timedelta(days=10)
    page.client.post(f"{page.url}acceptances/", {"all": digest(page()), "on": on.isoformat()})
    assert tier_names() == dict.fromkeys(book)
    assert TierPlacement.objects.filter(is_planned=True, since=on).count() == 4
    assert "4 moves" in words(page())
    for day in ("", "x", "2020-01-01"):
        page.client.post(f"{page.url}cancellations/", {"day": day})
    assert TierPlacement.objects.count() == 4
    page.client.post(f"{page.url}cancellations/", {"day": on.isoformat()})
    assert TierPlacement.objects.count() == 0


def test_rows_show_the_plan_that_holds_and_a_later_one_replaces_it(page, book, tiers):
    soon, later = today() + timedelta(days=10), today() + timedelta(days=20)
    key = f"{book['Ann'].pk}.0.{tiers['Top'].pk}"
    for day in (later, soon):
        answer = page.client.post(
            f"{page.url}acceptances/", {"accept": [key], "on": day.isoformat()}, follow=True
        )
    assert f"1 move planned for {times.day(soon)}. It replaces 1 older plan." in answer.content.decode()
    text = words(page())
    assert f"Planned: Top from {times.day(soon)}" in text
    assert times.day(later) not in text
    page.client.post(f"{page.url}acceptances/", {"accept": [key]})
    assert "Planned moves" not in words(page())


def test_pinned_rows_leave_the_suggestions(page, book, tiers):
    key = f"{book['Ann'].pk}.0.{tiers['Top'].pk}"
    assert page.client.post(f"{page.url}pins/", {"accept": [key], "reason": " "}).status_code == 422
    page.client.post(f"{page.url}pins/", {"accept": [key], "reason": "A reference"})
    account = Account.objects.get(name="Ann")
    assert (account.tier_pinned, account.tier_pin_reason) == (True, "A reference")
    html = page()
    assert key not in html
    assert "1 account is pinned: counted, but not moved." in words(html)
    assert "A reference" in words(html)
    page.client.post(page.here.url(f"accounts/{account.pk}/tier/pins/removals/"), {"next": "suggestions"})
    assert key in page()


def test_hours_now_and_after(page, book, tiers):
    promise(tiers["Top"], Decimal(8))
    change_tier(book["Dot"], by=BY, tier=tiers["Top"])
    html = page()
    assert "They would cost as many CSM hours as now." in words(html)
    text = words(page(share="75"))
    assert "They would take 16.0 CSM hours a quarter: 8.0 now, 24.0 after." in text


def test_what_is_missing_says_what_to_do(here, page):
    assert "No tiers yet" in page()
    tier = Tier.objects.create(name="Top", position=1)
    assert "No account has ARR" in page()
    pays("Ann", 400)
    assert "No tier takes accounts by a rule" in page()
    tier.entry, tier.entry_share = "share", 40
    tier.save()
    change_tier(Account.objects.get(name="Ann"), by=BY, tier=tier)
    assert "Nobody: every account is in the tier" in page()
    pays("Euro", 100, currency="EUR")
    html = page()
    assert "no rate into USD is stated" in html
    assert here.url("settings/currencies/") in html
    assert "<svg" not in part(html)


def test_names_are_text(here, page, tiers):
    pays("<script>alert(1)</script>", 5)
    assert "<script>alert" not in page()


def test_the_number_of_queries_does_not_grow(page, book):
    counts = []
    for more in (0, 150):
        for n in range(more):
            pays(f"More {n}", 50 + n)
        with CaptureQueriesContext(connection) as queries:
            html = page()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert ("1–100 of 154 suggestions" in words(html), html.count('name="accept"')) == (True, 100)
    rest = page(start="100")
    assert rest.count('name="accept"') == 54


def test_who_may(here, book):
    url = here.url("settings/tiers/suggestions/")
    for role, status in (("admin", 200), ("manager", 200), ("csm", 403), ("executive", 403), ("viewer", 404)):
        assert client_of(here.members[role]).get(url).status_code == status
