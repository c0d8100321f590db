"""Tiers in words, and who uses which service."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.tiering.models import ServiceOverride
from accounts.tiers import actions
from accounts.tiers.checks import TierRefused
from accounts.tiers.models import Service, Tier
from accounts.tiers.pages import catalogue, differences, entry_in_words, once_in_words, promises_of
from accounts.tiers.queries import levels_of, newest_version, users_of
from accounts.tiers.template_pages import preview
from accounts.tiers.templates import THREE_TIERS
from accounts.tiers.terms import cadence, hours_a_quarter, in_words
from csworkspace.tenancy.clock import today
from tests.kit import BY


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"entry": "share", "entry_share": Decimal(40)}, "The fewest accounts that carry 40% of ARR"),
        ({"entry": "value", "entry_arr": Decimal(25_000)}, "ARR from €25,000"),
        ({"entry": "value", "entry_growth": Decimal(30)}, "Growth from 30% a year"),
        (
            {"entry": "value", "entry_arr": Decimal(25_000), "entry_growth": Decimal(30)},
            "ARR from €25,000 or growth from 30% a year",
        ),
        ({"entry": "rest"}, "Everybody who is in no tier above"),
        ({"entry": "hand"}, "By hand only"),
    ],
)
def test_an_entry_rule_in_words(fields, words):
    assert entry_in_words(Tier(**fields), "EUR") == words


def test_a_cadence_in_words():
    assert [cadence(*one) for one in [(1, "quarter"), (2, "month"), (1, "onboarding"), (1, "renewal")]] == [
        "1 a quarter",
        "2 a month",
        "at onboarding",
        "before each renewal",
    ]


def test_what_dates_bring_is_named_beside_the_sum():
    levels = THREE_TIERS.tiers[0].levels
    assert once_in_words(levels) == "6\u00a0h at onboarding, 4\u00a0h before each renewal"


def test_versions_are_told_apart(here):
    day = today()
    actions.apply_template("two-tiers", by=BY, starts_on=day - timedelta(days=90))
    tier = Tier.objects.get(name="Managed")
    first = levels_of(newest_version(tier))
    kept = [one for one in first if one.service != "QBR"]
    actions.set_terms(tier, by=BY, starts_on=day + timedelta(days=30), terms=kept)
    found = promises_of(tier, day, here.workspace)
    assert (found.now.number, [card.number for card in found.planned], found.past) == (1, [2], [])
    assert [(one.field, one.before, one.after) for one in found.planned[0].changes] == [
        ("QBR", "1 a quarter, 5 h, person, 14 days of grace", "not promised"),
        ("Hours a quarter", "8\u00a0h", "3\u00a0h"),
    ]
    later = promises_of(tier, day + timedelta(days=30), here.workspace)
    assert (later.now.number, later.planned, [card.number for card in later.past]) == (2, [], [1])
    assert promises_of(tier, date(2000, 1, 1), here.workspace).now is None
    assert differences(first, first) == []
    assert hours_a_quarter(kept) == 3
    assert in_words(kept[0]).startswith("1 a month, 0.5 h")


def test_the_catalogue_says_who_uses_a_service(here, elsewhere, django_assert_num_queries):
    day = today()
    elsewhere.open()
    actions.apply_template("three-tiers", by=BY, starts_on=day)
    here.open()
    actions.apply_template("two-tiers", by=BY, starts_on=day)
    for name in ("Call", "Visit"):
        actions.ensure_service(name, "other")
    visit = Service.objects.get(name="Visit")
    values = {"reason": "Far away", "actor": "Test", "starts_on": day, "account": here.account}
    ServiceOverride.objects.create(service=visit, **values)
    actions.retire_service(Service.objects.get(name="Call"), by=BY)
    with django_assert_num_queries(3):
        lines, retired = catalogue(day)
    assert [(one.service.name, one.tiers, one.own_terms) for one in lines] == [
        ("Campaign", ["Digital"], ""),
        ("Health check", ["Managed"], ""),
        ("Kick-off", ["Managed"], ""),
        ("Portal and content", ["Digital"], ""),
        ("QBR", ["Managed"], ""),
        ("Renewal preparation", ["Managed"], ""),
        ("Response time", ["Managed", "Digital"], ""),
        ("Value-progress report", ["Managed", "Digital"], ""),
        ("Visit", [], "1 account"),
    ]
    assert [one.name for one in retired] == ["Call"]
    with pytest.raises(TierRefused, match="Visit is promised by 1 account with terms of its own"):
        actions.retire_service(visit, by=BY)
    assert users_of(day - timedelta(days=1)) == users_of(day)


def test_a_preview_says_what_would_become_of_each_tier(here):
    actions.apply_template("two-tiers", by=BY, starts_on=today())
    top = actions.add_tier(by=BY, name="Top")
    qbr = actions.ensure_service("QBR", "qbr")
    terms = levels_of(newest_version(Tier.objects.get(name="Managed")))
    actions.set_terms(top, by=BY, starts_on=today(), terms=[one for one in terms if one.service_id == qbr.pk])
    actions.add_tier(by=BY, name="Leveraged")
    found = preview(THREE_TIERS, "EUR")
    assert [(one.name, one.fate) for one in found.tiers] == [
        ("Top", "Stays as it is: it promises something already"),
        ("Leveraged", "Gets these service levels"),
        ("Scalable", "Will be added"),
    ]
    assert (found.new_services, found.is_done) == (["Training"], False)
