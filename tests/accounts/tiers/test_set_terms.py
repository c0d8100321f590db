"""Versions of what a tier promises: when they begin, and what they cannot say."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.tiers import actions
from accounts.tiers.checks import TermsRefused
from accounts.tiers.models import ServiceLevel, Tier, TierVersion
from accounts.tiers.queries import levels_of
from accounts.tiers.terms import Terms, in_words, terms_of_tiers
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.versions import Conflict
from tests.kit import BY


def terms(of, **other):
    values = {
        "service_id": of.pk,
        "service": of.name,
        "kind": of.kind,
        "times": 1,
        "per": "quarter",
        "hours": Decimal(8),
        "delivered_by": "person",
        "grace_days": 14,
        "response_hours": None,
    }
    return Terms(**{**values, **other})


@pytest.fixture
def top(here):
    return actions.add_tier(by=BY, name="Top")


@pytest.fixture
def qbr(here):
    return actions.ensure_service("QBR", "qbr", by=BY)


def promised(on):
    return [(one.service, one.times) for tier in terms_of_tiers(on).values() for one in tier.values()]


def set_terms(tier, days, *given, **other):
    return actions.set_terms(tier, by=BY, starts_on=today() + timedelta(days=days), terms=given, **other)


def test_a_change_takes_effect_on_its_day_and_the_past_stays(top, qbr):
    first = set_terms(top, -400, terms(qbr))
    second = set_terms(top, 30, terms(qbr, times=2), note="Asked for by the board.")
    assert (first.number, second.number, second.note) == (1, 2, "Asked for by the board.")
    day = today()
    assert promised(day - timedelta(days=401)) == []
    assert promised(day + timedelta(days=29)) == [("QBR", 1)]
    assert promised(day + timedelta(days=30)) == [("QBR", 2)]
    assert Tier.objects.get().version == top.version == 3


def test_the_audit_log_says_before_and_after_in_words(top, qbr):
    set_terms(top, 0, terms(qbr))
    set_terms(top, 30, terms(qbr, hours=Decimal("6.5")))
    entry = AuditEntry.objects.filter(verb="changed the service levels of").latest("id")
    assert entry.object_label == "Top"
    assert entry.before == {"QBR": "1 a quarter, 8 h, person, 14 days of grace"}
    assert entry.after == {
        "From": times.day(today() + timedelta(days=30)),
        "QBR": "1 a quarter, 6.5 h, person, 14 days of grace",
    }


def test_the_day_of_the_newest_version_replaces_it(top, qbr):
    set_terms(top, -400, terms(qbr))
    planned = set_terms(top, 30, terms(qbr, times=2))
    replaced = set_terms(top, 30, terms(qbr, times=3))
    assert replaced.pk == planned.pk
    assert TierVersion.objects.count() == 2
    assert [one.times for one in levels_of(replaced)] == [3]


def test_the_same_terms_change_nothing(top, qbr):
    first = set_terms(top, -400, terms(qbr))
    assert set_terms(top, 30, terms(qbr, hours=Decimal("8.00"), response_hours=Decimal(4))) == first
    assert (TierVersion.objects.count(), Tier.objects.get().version) == (1, 2)


def test_only_the_note_of_a_planned_version_may_change(top, qbr):
    planned = set_terms(top, 30, terms(qbr), note="First thought.")
    assert set_terms(top, 30, terms(qbr), note="Second thought.").pk == planned.pk
    assert TierVersion.objects.get().note == "Second thought."


def test_versions_do_not_overlap_and_the_past_is_not_rewritten(top, qbr):
    set_terms(top, -400, terms(qbr))
    with pytest.raises(TermsRefused, match=r"Version 1 holds since .*Choose a later day"):
        set_terms(top, -500, terms(qbr, times=2))
    with pytest.raises(TermsRefused, match="is over"):
        set_terms(top, -400, terms(qbr, times=2))
    with pytest.raises(TermsRefused, match="is over"):
        set_terms(top, -1, terms(qbr, times=2))
    set_terms(top, 30, terms(qbr, times=2))
    day = times.day(today() + timedelta(days=30))
    with pytest.raises(TermsRefused, match=f"Version 2 begins on {day}, and versions cannot overlap"):
        set_terms(top, 10, terms(qbr, times=4))
    assert ServiceLevel.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"times": 0}, "QBR: a cadence is 1 to 100 times"),
        ({"times": -1}, "QBR: a cadence is 1 to 100 times"),
        ({"times": 2, "per": "onboarding"}, "QBR: at onboarding means once"),
        ({"per": "century"}, "QBR: choose how often"),
        ({"hours": Decimal("-0.5")}, "QBR: hours are from 0"),
        ({"hours": Decimal(10**9)}, "QBR: hours are from 0"),
        ({"grace_days": -1}, "QBR: grace is from 0"),
        ({"delivered_by": "robot"}, "QBR: choose who"),
        ({"service_id": 10**12, "service": "<b>"}, "no service <b> in the catalogue"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(top, qbr, other, said):
    with pytest.raises(TermsRefused, match=said):
        set_terms(top, 0, terms(qbr, **other))
    assert (TierVersion.objects.count(), Tier.objects.get().version) == (0, 1)


def test_a_service_is_promised_once_and_only_while_in_use(top, qbr):
    with pytest.raises(TermsRefused, match="QBR is there twice"):
        set_terms(top, 0, terms(qbr), terms(qbr, times=2))
    actions.retire_service(qbr, by=BY)
    with pytest.raises(TermsRefused, match="QBR is retired"):
        set_terms(top, 0, terms(qbr))
    with pytest.raises(TermsRefused, match="at least one service"):
        set_terms(top, 0)


def test_a_response_time_needs_its_hours(top):
    service = actions.add_service(by=BY, name="Response", kind="response")
    for hours in (None, Decimal(0), Decimal(-4)):
        with pytest.raises(TermsRefused, match=r"^Response: "):
            set_terms(top, 0, terms(service, response_hours=hours))
    version = set_terms(top, 0, terms(service, response_hours=Decimal(4)))
    assert in_words(levels_of(version)[0]).endswith("answer within 4 h")


def test_the_second_of_two_managers_is_told(top, qbr):
    set_terms(top, 0, terms(qbr), version=1)
    with pytest.raises(Conflict):
        set_terms(top, 30, terms(qbr, times=2), version=1)
    assert TierVersion.objects.count() == 1


def test_only_a_planned_version_is_given_up(top, qbr):
    first, planned = set_terms(top, 0, terms(qbr)), set_terms(top, 30, terms(qbr, times=2))
    with pytest.raises(TermsRefused, match="Version 1 holds since"):
        actions.remove_version(first, by=BY)
    actions.remove_version(planned, by=BY)
    assert list(TierVersion.objects.values_list("number", flat=True)) == [1]
    entry = AuditEntry.objects.get(verb="gave up planned service levels of")
    assert entry.before["QBR"] == "2 a quarter, 8 h, person, 14 days of grace"


def test_everything_stops_by_a_version_without_services(top, qbr):
    set_terms(top, -10, terms(qbr))
    set_terms(top, 30)
    assert promised(today() + timedelta(days=30)) == []
