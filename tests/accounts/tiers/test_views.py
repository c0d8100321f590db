"""The pages about tiers."""

import re
from datetime import timedelta

import pytest

from accounts.accounts.actions import create_account
from accounts.accounts.settling import settle_accounts
from accounts.tiering.models import TierPlacement
from accounts.tiers import actions
from accounts.tiers.models import Tier, TierVersion
from accounts.tiers.terms import next_quarter
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from tests.kit import BY, client_of

NEW = {"name": "Top", "colour": "rust", "touch": "high", "entry": "share", "entry_share": "40"}


@pytest.fixture
def client(here):
    return client_of(here.members["manager"])


def text_of(response):
    return response.content.decode()


def test_tiers_are_added_edited_and_moved(here, client):
    url = here.url("settings/tiers/")
    for name in ("Top", "Scalable"):
        assert client.post(f"{url}new/", {**NEW, "name": name}).status_code == 302
    first, second = Tier.objects.order_by("position")
    assert (first.colour, first.touch, first.entry_share) == ("rust", "high", 40)
    shown = text_of(client.get(f"{url}{second.pk}/edit/"))
    assert 'name="entry_share" value="40"' in shown
    edited = {**NEW, "name": "Scaled", "entry": "rest", "version": second.version}
    assert client.post(f"{url}{second.pk}/edit/", edited).status_code == 302
    client.post(f"{url}{second.pk}/move/", {"direction": "up"})
    assert list(Tier.objects.order_by("position").values_list("name", flat=True)) == ["Scaled", "Top"]


def test_a_new_tier_stands_above_the_one_for_the_rest_and_the_list_warns_after_a_move(here, client):
    url, warning = here.url("settings/tiers/"), "Gets nobody: Rest above takes everybody else."
    for name, entry in (("Top", "share"), ("Rest", "rest"), ("Middle", "hand")):
        answer = client.post(f"{url}new/", {**NEW, "name": name, "entry": entry}, follow=True)
    assert "Middle is tier 2 now." in text_of(answer)
    assert list(Tier.objects.order_by("position").values_list("name", flat=True)) == ["Top", "Middle", "Rest"]
    assert "Some tiers get nobody" not in text_of(client.get(url))
    rest = Tier.objects.get(name="Rest")
    moved = text_of(client.post(f"{url}{rest.pk}/move/", {"direction": "up"}, follow=True))
    assert ("Some tiers get nobody by their rule" in moved, moved.count(warning)) == (True, 1)


def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(here, client):
    actions.add_tier(by=BY, name="Top")
    refused = client.post(here.url("settings/tiers/new/"), {**NEW, "name": " top ", "description": "kept"})
    assert refused.status_code == 422
    assert 'value="kept"' in text_of(refused)
    assert "There is a tier Top already." in text_of(refused)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"entry_share": "101"}, "from 1 to 100"),
        ({"entry_share": "0.5"}, "from 1 to 100"),
        ({"entry_share": ""}, "from 1 to 100"),
        ({"entry_share": "NaN"}, "Write a number like 12.5."),
        ({"entry_share": "x"}, "Write a number like 12.5."),
        ({"entry_share": "1000"}, "Write a share from 1 to 100 percent, with at most two decimals."),
        ({"entry": "value", "entry_arr": "9" * 13}, "Write an amount up to 100,000,000,000, with at most"),
        ({"entry": "value", "entry_arr": "9" * 12}, "more than 0 and at most 100,000,000,000."),
        ({"entry": "value", "entry_growth": "123456"}, "Write a growth up to 10,000, with at most"),
        ({"entry": "value", "entry_growth": "-3"}, "more than 0"),
        ({"entry": "nonsense"}, "not one of the available choices"),
        ({"colour": "pink"}, "not one of the available choices"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"name": "x" * 61}, "at most 60 characters"),
    ],
)
def test_input_that_cannot_be_is_refused(here, client, typed, said):
    refused = client.post(here.url("settings/tiers/new/"), {**NEW, **typed})
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert Tier.objects.count() == 0


def test_the_second_manager_gets_a_conflict_and_nothing_is_overwritten(here, client):
    tier = actions.add_tier(by=BY, name="Top")
    url = here.url(f"settings/tiers/{tier.pk}/edit/")
    seen = {**NEW, "version": 1}
    assert client.post(url, {**seen, "name": "First"}).status_code == 302
    answer = client.post(url, {**seen, "name": "Second"})
    assert answer.status_code == 409
    assert "Somebody else changed this" in text_of(answer)
    assert 'value="Second"' in text_of(answer)
    assert Tier.objects.get().name == "First"


def test_a_tier_that_somebody_else_changed_is_not_removed(here, client):
    tier = actions.add_tier(by=BY, name="Top")
    url = here.url(f"settings/tiers/{tier.pk}/")
    assert 'name="version" value="1"' in text_of(client.get(url))
    actions.edit_tier(tier, by=BY, description="Promised to the board")
    answer = client.post(f"{url}removals/", {"version": "1"})
    assert (answer.status_code, "Somebody else changed this" in text_of(answer)) == (409, True)
    assert 'name="version" value="2"' in text_of(answer)
    assert Tier.objects.count() == 1
    assert client.post(f"{url}removals/", {"version": "2"}).status_code == 302
    assert Tier.objects.count() == 0


def test_a_manager_finds_the_settings_that_are_theirs(here, client):
    page = (
        text_of(client.get(here.url("settings/tiers/"))).split('aria-label="Settings"')[1].split("</nav>")[0]
    )
    links = re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', page)
    assert (here.url("settings/currencies/"), "Currencies") in links
    assert {client.get(url).status_code for url, _ in links} == {200}


def test_the_list_tells_rules_hours_and_the_next_change(here, elsewhere, client, django_assert_num_queries):
    elsewhere.open()
    actions.add_tier(by=BY, name="Theirs")
    here.open()
    counts = []
    for key in ("two-tiers", "enterprise"):
        actions.apply_template(key, by=BY, starts_on=today())
        with django_assert_num_queries(16):
            counts.append(text_of(client.get(here.url("settings/tiers/"))))
    page = counts[-1]
    assert "Theirs" not in page
    assert "The fewest accounts that carry 50% of ARR" in page
    managed = Tier.objects.get(name="Managed")
    actions.set_terms(managed, by=BY, starts_on=next_quarter(today()), terms=[])
    assert times.day(next_quarter(today())) in text_of(client.get(here.url("settings/tiers/")))


def test_a_tier_s_page_shows_now_planned_and_before(here, client, django_assert_num_queries):
    actions.apply_template("three-tiers", by=BY, starts_on=today() - timedelta(days=400))
    tier = Tier.objects.get(name="Top")
    here.account.tier = tier
    here.account.save()
    settle_accounts([here.account.pk], by=BY)
    actions.set_terms(tier, by=BY, starts_on=today(), terms=[], note="<b>a pause</b>")
    with django_assert_num_queries(16):
        page = text_of(client.get(here.url(f"settings/tiers/{tier.pk}/")))
    assert "No service is promised." in page
    assert "&lt;b&gt;a pause&lt;/b&gt;" in page
    assert "Version 1, " in page
    assert "16\u00a0h" in page
    assert "1 account must move to another tier first." in page


def test_churned_accounts_cost_no_hours(here, client):
    actions.apply_template("three-tiers", by=BY, starts_on=today())
    tier = Tier.objects.get(name="Top")
    for name, stage in (("One", "adopting"), ("Two", "adopting"), ("Gone", "churned")):
        create_account(by=BY, name=name, tier=tier, stage=stage)
    page = text_of(client.get(here.url(f"settings/tiers/{tier.pk}/")))
    assert ("1 of them churned" in page, "32\u00a0h" in page, "48\u00a0h" in page) == (True, True, False)
    form = text_of(client.get(here.url(f"settings/tiers/{tier.pk}/terms/")))
    assert ("2 accounts of the tier, a quarter" in form, "32\u00a0h" in form) == (True, True)
    assert "3 accounts must move to another tier first." in page


def test_a_tier_in_use_is_not_removed_and_an_empty_one_is(here, client):
    tier, empty = actions.add_tier(by=BY, name="Top"), actions.add_tier(by=BY, name="Empty")
    here.account.tier = tier
    here.account.save()
    answer = client.post(here.url(f"settings/tiers/{tier.pk}/removals/"), follow=True)
    assert "Top has 1 account. Move them to another tier first." in text_of(answer)
    client.post(here.url(f"settings/tiers/{empty.pk}/removals/"))
    assert list(Tier.objects.values_list("name", flat=True)) == ["Top"]
    TierPlacement.objects.create(account=here.account, tier=tier, since=today(), actor="Test")
    here.account.tier = None
    here.account.save()
    answer = client.post(here.url(f"settings/tiers/{tier.pk}/removals/"), follow=True)
    assert "Top is retired. Its history stays." in text_of(answer)
    assert client.get(here.url(f"settings/tiers/{tier.pk}/edit/")).status_code == 404
    assert "This tier is retired" in text_of(client.get(here.url(f"settings/tiers/{tier.pk}/")))


def test_only_a_planned_version_is_given_up(here, client):
    actions.apply_template("two-tiers", by=BY, starts_on=today())
    tier = Tier.objects.get(name="Digital")
    planned = actions.set_terms(tier, by=BY, starts_on=next_quarter(today()), terms=[])
    now = TierVersion.objects.get(tier=tier, number=1)
    for version in (now, planned):
        client.post(here.url(f"settings/tiers/versions/{version.pk}/removals/"))
    assert list(tier.versions.values_list("number", flat=True)) == [1]


def test_a_template_is_looked_at_before_it_is_accepted(here, client):
    url = here.url("settings/tiers/templates/")
    assert text_of(client.get(url)).count("Look at it") == 3
    page = text_of(client.get(f"{url}?key=three-tiers"))
    assert "Will be added" in page
    assert Tier.objects.count() == 0
    day = today() - timedelta(days=30)
    assert client.post(url, {"key": "three-tiers", "starts_on": day}).status_code == 302
    assert set(TierVersion.objects.values_list("starts_on", flat=True)) == {day}
    again = client.post(url, {"key": "three-tiers", "starts_on": day}, follow=True)
    assert "so nothing was changed" in text_of(again)
    assert "There is nothing to make" in text_of(client.get(f"{url}?key=three-tiers"))
    assert client.get(f"{url}?key=nonsense").status_code == 404
    assert client.post(url, {"key": "two-tiers", "starts_on": "0001-01-01"}).status_code == 422


def test_services_are_added_edited_retired_and_brought_back(here, client):
    url = here.url("settings/catalogue/")
    assert "No services yet" in text_of(client.get(url))
    assert client.post(f"{url}new/", {"name": "Health call", "kind": "health"}).status_code == 302
    assert client.post(f"{url}new/", {"name": "HEALTH call", "kind": "health"}).status_code == 422
    service = actions.ensure_service("Health call", "health")
    assert client.post(f"{url}{service.pk}/", {"name": "Health check", "kind": "health"}).status_code == 302
    client.post(f"{url}{service.pk}/retirements/")
    assert client.get(f"{url}{service.pk}/").status_code == 404
    client.post(f"{url}{service.pk}/returns/")
    service.refresh_from_db()
    assert (service.name, service.retired_at) == ("Health check", None)


def seen_on(client, url):
    return re.search(r'name="seen" value="([^"]+)"', text_of(client.get(url)))[1]


def test_the_second_manager_of_a_service_gets_a_conflict(here, client):
    service = actions.add_service(by=BY, name="Health call", kind="health")
    url = here.url(f"settings/catalogue/{service.pk}/")
    seen = seen_on(client, url)
    for name, kind, status in (("First", "health", 302), ("Second", "health", 409)):
        answer = client.post(url, {"name": name, "kind": kind, "seen": seen})
        assert answer.status_code == status
    assert "Not saved" in text_of(answer)
    assert "Somebody else changed this" in text_of(answer)
    assert 'value="Second"' in text_of(answer)
    service.refresh_from_db()
    assert service.name == "First"
    assert (
        client.post(url, {"name": "Second", "kind": "health", "seen": seen_on(client, url)}).status_code
        == 302
    )


def test_what_was_seen_cannot_be_made_up(here, client):
    one, two = (actions.add_service(by=BY, name=name, kind="health") for name in ("One", "Two"))
    url = here.url(f"settings/catalogue/{one.pk}/")
    theirs = seen_on(client, here.url(f"settings/catalogue/{two.pk}/"))
    for seen in ("x", '["One","health",""]', "::", theirs, "é:b:c"):
        answer = client.post(url, {"name": "Three", "kind": "health", "seen": seen})
        assert (answer.status_code, "Open it again." in text_of(answer)) == (422, True)
    one.refresh_from_db()
    assert one.name == "One"


def test_a_promised_service_is_not_retired(here, client, django_assert_num_queries):
    actions.apply_template("two-tiers", by=BY, starts_on=today())
    qbr = actions.ensure_service("QBR", "qbr")
    url = here.url("settings/catalogue/")
    answer = client.post(f"{url}{qbr.pk}/retirements/", follow=True)
    assert "QBR is promised by Managed. Take it out there first." in text_of(answer)
    with django_assert_num_queries(15):
        client.get(url)
