"""Thresholds that were emptied: none, wherever the page leads."""

import re
from html import unescape

import pytest

from accounts.accounts.models import Account
from accounts.tiers.models import Tier
from tests.accounts.tiering.makers import make_tiers, pays
from tests.kit import client_of


@pytest.fixture
def tiers(here):
    Account.objects.all().delete()
    made = make_tiers()
    pays("Ann", 400)
    # Without a threshold of ARR Ben is in no tier but the last.
    pays("Ben", 300)
    return made


@pytest.fixture
def client(here):
    return client_of(here.members["manager"])


def hidden(html):
    form = html.split('class="suggestion-form"')[1]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
        if name != "csrfmiddlewaretoken"
    }


def names():
    return dict(Account.objects.order_by("name").values_list("name", "tier__name"))


def emptied(tiers):
    pk = tiers["Leveraged"].pk
    return {"share": "40", f"arr_{pk}": "", f"growth_{pk}": "25", "as_of": ""}


def test_an_emptied_threshold_is_accepted_as_it_was_seen(here, client, tiers):
    url = here.url("settings/tiers/suggestions/")
    html = client.get(url, emptied(tiers)).content.decode()
    seen = re.search(r'name="all" value="(\w+)"', html)[1]
    assert client.post(f"{url}acceptances/", {**hidden(html), "all": seen}).status_code == 302
    assert names() == {"Ann": "Top", "Ben": "Scalable"}
    assert Tier.objects.get(name="Leveraged").entry_arr == 100


def test_an_emptied_threshold_counts_for_the_chosen(here, client, tiers):
    url = here.url("settings/tiers/suggestions/")
    html = client.get(url, emptied(tiers)).content.decode()
    ben = Account.objects.get(name="Ben")
    key = f"{ben.pk}.0.{tiers['Scalable'].pk}"
    assert key in html
    client.post(f"{url}acceptances/", {**hidden(html), "accept": key})
    assert names() == {"Ann": None, "Ben": "Scalable"}


def test_it_stays_emptied_on_the_way_back(here, client, tiers):
    url = here.url("settings/tiers/suggestions/")
    answer = client.post(f"{url}acceptances/", {**emptied(tiers), "accept": "0.0.0"})
    assert f"arr_{tiers['Leveraged'].pk}=&" in answer["Location"]
    html = client.get(answer["Location"]).content.decode()
    assert re.search(rf'name="arr_{tiers["Leveraged"].pk}"[^>]*>', html)[0].count("value") == 0
