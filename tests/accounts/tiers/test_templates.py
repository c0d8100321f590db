"""Sets of tiers to start from."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.tiers import actions
from accounts.tiers.checks import TierRefused, check_entry
from accounts.tiers.models import Service, Tier, TierVersion
from accounts.tiers.ordering import out_of_reach
from accounts.tiers.queries import tiers
from accounts.tiers.starting import coming_order, plan_template
from accounts.tiers.templates import TEMPLATES, THREE_TIERS
from accounts.tiers.terms import Terms, hours_a_quarter, terms_of_tiers
from csworkspace.tenancy.clock import today
from tests.kit import BY, client_of


def test_the_top_tier_costs_what_the_capacity_example_assumes():
    assert [tier.hours_a_quarter for tier in THREE_TIERS.tiers] == [Decimal(16), Decimal(5), Decimal("0.5")]


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_template_can_be_applied_and_a_second_time_changes_nothing(here, elsewhere, key):
    names = [tier.name for tier in TEMPLATES[key].tiers]
    assert [tier.name for tier in actions.apply_template(key, by=BY, starts_on=today())] == names
    assert actions.apply_template(key, by=BY, starts_on=today() + timedelta(days=9)) == []
    assert list(Tier.objects.order_by("position").values_list("name", flat=True)) == names
    assert TierVersion.objects.count() == len(names)
    hours = [hours_a_quarter(terms.values()) for terms in terms_of_tiers(today()).values()]
    assert sorted(hours) == sorted(tier.hours_a_quarter for tier in TEMPLATES[key].tiers)
    elsewhere.open()
    assert (Tier.objects.count(), Service.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", TEMPLATES)
def test_rules_of_a_template_are_possible(key):
    for tier in TEMPLATES[key].tiers:
        kept = check_entry(vars(tier))
        assert kept == {name: getattr(tier, name) for name in kept}


def test_a_tier_without_terms_is_completed_and_one_with_terms_is_kept(here):
    scalable = actions.add_tier(by=BY, name="scalable", description="Mine")
    mine = actions.add_tier(by=BY, name="Mine")
    top = actions.add_tier(by=BY, name="Top")
    top = actions.edit_tier(top, by=BY, colour="rust")
    service = actions.ensure_service("Call", "other")
    actions.apply_template("three-tiers", by=BY, starts_on=today())
    assert service.name == "Call"
    assert list(Tier.objects.order_by("position").values_list("name", "colour", "touch")) == [
        ("Mine", "petrol", "shared"),
        ("Top", "rust", "shared"),
        ("Leveraged", "amber", "shared"),
        ("scalable", "slate", "self_service"),
    ]
    scalable.refresh_from_db()
    assert scalable.description == "Mine"
    assert [one.is_kept for one in plan_template(THREE_TIERS)] == [True, True, True]
    assert TierVersion.objects.filter(tier=mine).count() == 0


def test_services_are_shared_by_name_and_brought_back(here):
    qbr = actions.add_service(by=BY, name="qbr", kind="qbr")
    actions.retire_service(qbr, by=BY)
    actions.apply_template("three-tiers", by=BY, starts_on=today())
    assert list(Service.objects.filter(name__iexact="qbr").values_list("pk", "retired_at")) == [
        (qbr.pk, None)
    ]


def test_an_unknown_template_is_refused(here):
    with pytest.raises(TierRefused, match="no such template"):
        actions.apply_template("<script>", by=BY, starts_on=today())


def names_in_order():
    return list(Tier.objects.filter(retired_at=None).order_by("position").values_list("name", flat=True))


def test_tiers_of_a_template_stand_where_somebody_is_left_for_them(here):
    actions.add_tier(by=BY, name="Rest", entry="rest")
    expected = [one.name for one in coming_order(list(tiers()), plan_template(THREE_TIERS))]
    actions.apply_template("three-tiers", by=BY, starts_on=today())
    assert names_in_order() == expected == ["Top", "Leveraged", "Rest", "Scalable"]
    assert out_of_reach(tiers()) == {"Scalable": "Rest"}


def test_a_template_beside_tiers_by_hand_puts_the_rest_below_them(here):
    top, mine = actions.add_tier(by=BY, name="Top"), actions.add_tier(by=BY, name="Mine")
    actions.set_terms(top, by=BY, starts_on=today(), terms=[a_call()])
    actions.apply_template("three-tiers", by=BY, starts_on=today())
    assert names_in_order() == ["Top", "Leveraged", mine.name, "Scalable"]
    assert out_of_reach(tiers()) == {}


def test_a_second_template_names_who_is_out_of_reach_before_it_is_accepted(here):
    actions.apply_template("three-tiers", by=BY, starts_on=today())
    client, url = client_of(here.members["manager"]), here.url("settings/tiers/templates/")
    page = client.get(f"{url}?key=two-tiers").content.decode()
    assert "in this order: Top, Leveraged, Managed, Scalable, Digital." in page
    assert page.count("Gets nobody: Scalable above takes everybody else.") == 1
    client.post(url, {"key": "two-tiers", "starts_on": today()})
    assert names_in_order() == ["Top", "Leveraged", "Managed", "Scalable", "Digital"]


def a_call():
    service = actions.ensure_service("Call", "other")
    return Terms(service.pk, service.name, service.kind, 1, "quarter", Decimal(1), "person", 14, None)
