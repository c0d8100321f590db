"""Definitions in words."""

from datetime import UTC, date, datetime

import pytest

from accounts.segments.definition import read_definition
from accounts.segments.known import Known
from accounts.segments.words import groups_of, sentence_of
from accounts.tiers.models import Tier
from csworkspace.web.formats import NBSP
from tests.accounts.segments.makers import condition, definition, make_metric


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (condition("stage", "in", ["trial", "churned"]), "Stage is one of Trial, Churned."),
        (condition("arr", "at_least", "1000.5"), "ARR is at least $1,001."),
        (condition("arr", "unknown"), "ARR is not known."),
        (condition("renewal", "within", "1"), f"Renewal is within the next 1{NBSP}day."),
        (condition("renewal", "within", "120"), f"Renewal is within the next 120{NBSP}days."),
        (
            condition("renewal", "between", ["2026-01-01", "2026-03-31"]),
            "Renewal is between 1 Jan 2026 and 31 Mar 2026.",
        ),
        (condition("active", "never"), "Last active is never."),
        (condition("attention", "needed"), "Attention is needed."),
        (condition("level", "unknown"), "Maturity level is not assessed."),
        (condition("tags", "none", ["vip"]), "Tags include none of vip."),
        (condition("attribute", "is", "{x}", of="Region"), "Region is “{x}”."),
        (condition("group", "alone"), "The account stands alone."),
        (condition("contacts", "at_most", "1"), "Number of contacts is at most 1."),
        (condition("attainment", "at_most", "80"), "Services on time is at most 80%."),
        (condition("services_late", "some"), "Late services exist."),
        (
            condition("plan", "in", list("abcdefgh")),
            "Plan is one of " + ", ".join(["something that is gone"] * 6) + " and 2 more.",
        ),
    ],
)
def test_a_condition(here, asked, words):
    assert sentence_of(definition(asked), Known()) == words


def test_things_are_named(here):
    metric = make_metric("users", name="Users {0}", unit="people")
    tier = Tier.objects.create(name="Top", position=1)
    wanted = definition(
        condition("tier", "in", [str(tier.pk), "none"]),
        condition("metric", "between", ["1", "20000"], metric.pk),
        condition("metric_change", "fell", "12.5", metric.pk),
        condition("metric", "unknown", of="987"),
        match="any",
    )
    assert sentence_of(wanted, Known()) == (
        f"Tier is one of Top, No tier, or Users {{0}} is between 1 and 20,000{NBSP}people, "
        "or Users {0} fell by at least 12.5% in 4 weeks, or a metric is not known."
    )


def test_groups_stand_in_brackets(here):
    late, soon = condition("renewal", "overdue"), condition("active", "never")
    groups = [{"match": "any", "conditions": [late, soon]}, {"match": "all", "conditions": [late]}]
    wanted = read_definition({"match": "all", "groups": groups})
    assert sentence_of(wanted, Known()) == (
        "(Renewal is overdue, or last active is never), and renewal is overdue."
    )
    assert [(group.head, group.lines) for group in groups_of(wanted, Known())] == [
        ("At least one of these holds", ["Renewal is overdue", "Last active is never"]),
        ("All of these hold", ["Renewal is overdue"]),
    ]


def test_days_are_the_workspaces(here, monkeypatch):
    here.workspace.timezone = "Pacific/Kiritimati"
    here.workspace.save()
    monkeypatch.setattr(
        "csworkspace.tenancy.clock.timezone.now", lambda: datetime(2026, 3, 1, 12, tzinfo=UTC)
    )
    assert Known().today == date(2026, 3, 2)
