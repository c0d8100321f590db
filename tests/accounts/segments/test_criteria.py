"""Each field and comparison finds exactly the accounts that it says, in its own workspace."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account
from accounts.segments.registry import criteria
from accounts.tiers.models import Tier
from csworkspace.tenancy.clock import today
from tests.accounts.segments.makers import condition, make_book, make_metric, measure, names

ALL = ["Acme Industries", "Ada", "Bo", "Cy", "Di", "Ed"]


@pytest.fixture
def book(here, elsewhere):
    """The book of known content, here and in the lookalike workspace."""
    for world in (elsewhere, here):
        world.open()
        make_book(world)
    return here


CASES = [
    ("stage", "in", ["churned", "adopting"], ["Bo", "Cy"]),
    ("stage", "not_in", ["onboarding", "churned"], ["Ada", "Bo"]),
    ("arr", "at_least", "550", ["Ada"]),
    ("arr", "at_least", "1100", ["Ada"]),
    ("arr", "at_least", "1100.01", []),
    ("arr", "at_most", "500", ["Bo", "Di"]),
    ("arr", "between", ["0", "600"], ["Bo", "Di"]),
    ("arr", "known", None, ["Ada", "Bo", "Cy", "Di"]),
    ("arr", "unknown", None, ["Acme Industries", "Ed"]),
    ("currency", "in", ["EUR", "JPY"], ["Ada", "Cy"]),
    ("currency", "not_in", ["USD"], ["Ada", "Cy"]),
    ("renewal", "within", "30", ["Ada", "Ed"]),
    ("renewal", "later", "30", ["Bo"]),
    ("renewal", "overdue", None, ["Di"]),
    ("renewal", "unknown", None, ["Acme Industries", "Cy"]),
    ("active", "within", "10", ["Ada", "Cy"]),
    ("active", "not_within", "10", ["Acme Industries", "Bo", "Di", "Ed"]),
    ("active", "never", None, ["Acme Industries", "Di", "Ed"]),
    ("attention", "needed", None, ["Bo", "Ed"]),
    ("attention", "not_needed", None, ["Acme Industries", "Ada", "Cy", "Di"]),
    ("attention", "at_least", "41", ["Ed"]),
    ("attention", "at_most", "40", ["Acme Industries", "Ada", "Bo", "Cy", "Di"]),
    ("level", "at_least", "2", ["Ada", "Bo"]),
    ("level", "at_most", "2", ["Bo", "Ed"]),
    ("level", "is", "0", ["Ed"]),
    ("level", "unknown", None, ["Acme Industries", "Cy", "Di"]),
    ("plan", "in", ["slipping", "off_track"], ["Bo", "Ed"]),
    ("plan", "not_in", ["none"], ["Ada", "Bo", "Ed"]),
    ("tags", "any", ["vip", "100%"], ["Ada", "Di"]),
    ("tags", "all", ["vip", "nordic"], ["Ada"]),
    ("tags", "none", ["nordic"], ["Acme Industries", "Cy", "Di", "Ed"]),
    ("tags", "any", ["nobody-has-it"], []),
    ("group", "part", None, ["Bo"]),
    ("group", "parent", None, ["Ada"]),
    ("group", "alone", None, ["Acme Industries", "Cy", "Di", "Ed"]),
    ("contacts", "at_least", "1", ["Ada", "Bo"]),
    ("contacts", "at_least", "0", ALL),
    ("contacts", "at_most", "1", ["Acme Industries", "Bo", "Cy", "Di", "Ed"]),
    ("contacts", "between", ["1", "1"], ["Bo"]),
    ("contacts", "between", ["0", "1"], ["Acme Industries", "Bo", "Cy", "Di", "Ed"]),
    ("since", "within", "30", ["Bo", "Ed"]),
    ("since", "longer", "400", ["Ada"]),
    ("since", "unknown", None, ["Acme Industries", "Cy", "Di"]),
    ("attainment", "at_most", "50", ["Bo"]),
    ("attainment", "at_least", "50", ["Ada", "Bo"]),
    ("attainment", "unknown", None, ["Acme Industries", "Cy", "Di", "Ed"]),
    ("services_late", "some", None, ["Bo"]),
    ("services_late", "no", None, ["Acme Industries", "Ada", "Cy", "Di", "Ed"]),
    ("services_late", "at_least", "3", []),
    ("next_owed", "within", "5", ["Bo"]),
    ("next_owed", "overdue", None, ["Cy"]),
    ("next_owed", "nothing", None, ["Acme Industries", "Ada", "Di", "Ed"]),
]


def test_each_comparison(book):
    wrong = {
        (field, op): names(condition(field, op, value))
        for field, op, value, expected in CASES
        if names(condition(field, op, value)) != expected
    }
    assert wrong == {}


def test_days_of_the_calendar(book):
    day = today()
    ends = [str(day), str(day + timedelta(30))]
    assert names(condition("renewal", "between", ends)) == ["Ada", "Ed"]
    assert names(condition("since", "from", str(day - timedelta(20)))) == ["Bo", "Ed"]
    assert names(condition("since", "before", str(day - timedelta(20)))) == ["Ada"]
    assert names(condition("since", "between", [str(day - timedelta(20)), str(day)])) == ["Bo", "Ed"]


def test_tiers_and_owners(book):
    top = str(Tier.objects.get(name="Top").pk)
    assert names(condition("tier", "in", [top])) == ["Ada", "Di"]
    assert names(condition("tier", "in", [top, "none"])) == ["Acme Industries", "Ada", "Cy", "Di"]
    assert names(condition("tier", "not_in", [top])) == ["Acme Industries", "Bo", "Cy", "Ed"]
    assert names(condition("tier", "not_in", [top, "none"])) == ["Bo", "Ed"]
    assert names(condition("tier", "in", ["none"])) == ["Acme Industries", "Cy"]
    manager = str(book.members["manager"].pk)
    assert names(condition("owner", "in", [manager, "none"])) == ["Ada", "Cy", "Di", "Ed"]
    assert names(condition("owner", "not_in", ["none"])) == ["Acme Industries", "Ada", "Bo"]


def test_attributes_whatever_the_case(book):
    assert names(condition("attribute", "is", "NORTH", of="Region")) == ["Ada"]
    assert names(condition("attribute", "is_not", "north", of="Region")) == ["Bo"]
    assert names(condition("attribute", "contains", "OUT", of="Region")) == ["Bo"]
    assert names(condition("attribute", "contains", "%", of="Region")) == []
    assert names(condition("attribute", "known", of="Region")) == ["Ada", "Bo"]
    assert names(condition("attribute", "unknown", of="Region")) == ["Acme Industries", "Cy", "Di", "Ed"]
    assert names(condition("attribute", "is", "12", of="seats")) == ["Ada"]


def test_metrics_and_their_change(book):
    users, hours = make_metric(), make_metric("hours")
    measure(users, Ada=(50, 100), Bo=(100, 80), Cy=(5, 0), Di=(7, None), Ed=(-5, -10))
    measure(hours, Ada=(1000, 1))
    of = users.pk
    assert names(condition("metric", "at_least", "50", of)) == ["Ada", "Bo"]
    assert names(condition("metric", "at_most", "5", of)) == ["Cy", "Ed"]
    assert names(condition("metric", "between", ["5", "50"], of)) == ["Ada", "Cy", "Di"]
    assert names(condition("metric", "unknown", None, of)) == ["Acme Industries"]
    assert names(condition("metric_change", "fell", "50", of)) == ["Ada"]
    assert names(condition("metric_change", "fell", "50.01", of)) == []
    assert names(condition("metric_change", "rose", "25", of)) == ["Bo", "Ed"]
    assert names(condition("metric_change", "steady", "30", of)) == ["Bo"]


def test_the_headline_metric(book):
    from accounts.book.models import BookRow

    make_metric(is_headline=True)
    BookRow.objects.filter(name="Ada").update(headline=12, headline_sort=12)
    BookRow.objects.filter(name="Bo").update(headline=3, headline_sort=3)
    assert names(condition("headline", "at_least", "3.5")) == ["Ada"]
    assert names(condition("headline", "at_most", "12")) == ["Ada", "Bo"]
    assert names(condition("headline", "between", ["1", "5"])) == ["Bo"]
    assert names(condition("headline", "unknown")) == ["Acme Industries", "Cy", "Di", "Ed"]


def test_nothing_of_another_workspace_is_found(book, elsewhere):
    tier = str(Tier.objects.get(name="Top").pk)
    elsewhere.open()
    assert names(condition("tier", "in", [tier])) == []
    Account.objects.all().delete()
    assert names(condition("stage", "in", ["churned"])) == []
    book.open()
    assert names(condition("stage", "in", ["churned"])) == ["Cy"]


def test_every_comparison_is_tried():
    """Those that the tables above do not name are listed, so that a new one is noticed."""
    tried = {(field, op) for field, op, _, _ in CASES}
    rest = {(item.name, operator.name) for item in criteria() for operator in item.operators} - tried
    elsewhere_tried = {"tier", "owner", "attribute", "metric", "metric_change", "headline", "behaviour"}
    # Of floors above, tried beside what they are about.
    elsewhere_tried |= {"signal_kind", "signal_severity", "score", "score_band", "score_change"}
    assert {pair for pair in rest if pair[0] not in elsewhere_tried} == {
        ("renewal", "between"),
        ("since", "from"),
        ("since", "before"),
        ("since", "between"),
        ("attainment", "between"),
    }
