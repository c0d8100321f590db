"""What every source tells of what exists, and that nothing of others is told."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from accounts.accounts.actions import change_standing
from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from accounts.metrics.models import Metric
from accounts.revenue.models import ArrPoint
from accounts.tiering.models import TierPlacement
from accounts.tiers.models import Tier
from accounts.visits.models import PortalVisit
from csworkspace.audit.models import AuditEntry
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.models import Assessment, Framework, Level
from playbooks.notes.models import Mention
from playbooks.plans.models import Objective, Plan, Revision, Target
from playbooks.timeline.sources import timeline_sources
from reports.reports.models import Report
from tests.kit import BY
from tests.playbooks.notes.kit import attend, days_ago, make_contact, make_note
from tests.playbooks.services.kit import make_occurrence, make_service

OURS = {"notes", "plans", "maturity", "services", "reports", "standing", "people", "visits"}
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def ask(world, name, before=None, limit=50, account=None):
    """What a source tells of the world's account."""
    source = {one.name: one for one in timeline_sources()}[name]
    return source.find(
        SimpleNamespace(workspace=world.workspace), (account or world.account).pk, before, limit
    )


def told(*args, **options):
    return [one.title for one in ask(*args, **options)]


def furnish(world):
    """Something of every kind, for one account."""
    metric = Metric.objects.create(key="users", name="Users", unit="people")
    furnish_people(world, world.account)
    furnish_plan(world.account, metric)
    furnish_maturity(world.account)
    furnish_deliveries(world.account)
    furnish_standing(world, world.account)


def furnish_people(world, account):
    ruth = make_contact(account, left_on=date(2026, 3, 10), title="Director")
    note = make_note(account, "Review", 3, kind="meeting", text="Ask @csm")
    attend(note, ruth)
    Mention.objects.create(account=account, note=note, member=world.members["csm"])
    for page, hour in (("portal", 9), ("portal_plan", 8)):
        PortalVisit.objects.create(
            account=account, visitor="member 1", visitor_name="Ruth Kessler", page=page, day=NOON.date(),
            first_at=NOON.replace(hour=hour), last_at=NOON,
        )  # fmt: skip


def furnish_plan(account, metric):
    plan = Plan.objects.create(
        account=account, title="Fewer visits", state="active", starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 1), shared_at=NOON,
    )  # fmt: skip
    Revision.objects.create(account=account, plan=plan, number=1, reason="Later start", actor="Priya")
    objective = Objective.objects.create(account=account, plan=plan, position=1, words="x")
    Target.objects.create(
        account=account, objective=objective, metric=metric, baseline=1, value=Decimal(84),
        starts_on=date(2026, 1, 1), due_on=date(2026, 6, 1),
    )  # fmt: skip


def furnish_maturity(account):
    framework = Framework.objects.create(name="Growth", status="active")
    for position, name in enumerate(("Reactive", "Planned"), 1):
        Level.objects.create(framework=framework, position=position, name=name)
    Benchmark.objects.create(
        account=account, number=1, taken_on=date(2026, 1, 2), framework=framework, level=1, actor="Priya"
    )
    for hour, level in enumerate((1, 1, 2, 1)):
        Assessment.objects.create(
            account=account, framework=framework, level=level, assessed_at=NOON.replace(hour=hour),
            superseded_at=None if hour == 3 else NOON,
        )  # fmt: skip


def furnish_deliveries(account):
    service = make_service("Health check", "health")
    make_occurrence(account, service, period="2026-02", delivered_on=date(2026, 2, 20), note="Fine")
    make_occurrence(
        account, service, period="2026-01", missed_after=date(2026, 2, 15), due_on=date(2026, 1, 31)
    )
    Report.objects.create(
        account=account, kind="qbr", period="2026-Q1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31),
        issued_at=NOON, issued_by="Priya",
    )  # fmt: skip


def furnish_standing(world, account):
    tiers = [Tier.objects.create(name=name, position=at) for at, name in enumerate(("Top", "Low"), 1)]
    for tier, since in zip(tiers, (date(2026, 1, 1), date(2026, 3, 1)), strict=True):
        TierPlacement.objects.create(account=account, tier=tier, since=since, reason="Grew", actor="Priya")
    for day, arr in ((1, 100), (2, 100), (3, 250)):
        ArrPoint.objects.create(account=account, as_of=date(2026, day, 1), arr=arr, currency="EUR", actor="x")
    Account.objects.filter(pk=account.pk).update(
        customer_since=date(2025, 1, 1), renewal_on=date(2027, 1, 1), arr=250, currency="EUR"
    )
    change_standing(account, by=BY, stage="established", tier=account.tier, owner=world.members["manager"])


@pytest.fixture
def story(here, elsewhere):
    """An account here, another one beside it, and a lookalike elsewhere, each with the same story."""
    furnish(here)
    elsewhere.open()
    furnish(elsewhere)
    here.open()
    return here


def test_every_source_tells_its_part(story):
    assert told(story, "notes") == ["Review"]
    assert told(story, "plans") == [
        "Fewer visits: revised",
        "Target due: Users at 84\u00a0people",
        "Fewer visits: shared with the customer",
        "Fewer visits: the plan begins",
    ]
    assert told(story, "maturity") == [
        "Back to level 1, Reactive",
        "Level 2, Planned reached",
        "Day-1 benchmark: level 1, Reactive",
    ]
    assert told(story, "services") == ["Health check, Feb 2026 delivered", "Health check, Jan 2026 missed"]
    assert told(story, "reports") == ["Quarterly business review 2026-Q1 issued"]
    assert told(story, "people") == ["Ruth Kessler added", "Ruth Kessler left (Director)"]
    assert [(one.title, one.at) for one in ask(story, "visits")] == [
        ("Ruth Kessler opened the portal for the first time", NOON.replace(hour=8))
    ]
    assert [one for one in told(story, "standing") if "no tier" not in one] == [
        "Renewal",
        "Owner: Csm of Northwind to Manager of Northwind",
        "Stage: Onboarding to Established",
        "Tier: Top to Low",
        "ARR: €100 to €250",
        "Tier: Top",
        "Became a customer",
    ]


def test_each_source_takes_one_query_and_keeps_to_its_account(story, django_assert_num_queries):
    other = Account.objects.create(name="Acme Industries")
    for source in timeline_sources():
        if source.name in OURS:
            assert ask(story, source.name, account=other) == []
            before = None
            for _ in range(2):
                with django_assert_num_queries(1):
                    found = ask(story, source.name, before)
                before = (found[0].at, found[0].key) if found else None
    print(f"\nqueries of the timeline: {len(timeline_sources())}, one for each source")


def test_every_source_pages_by_moment_and_key(story):
    for n in range(12):
        make_note(story.account, f"Same {n}", happened_at=NOON)
        Contact.objects.create(account=story.account, name=f"Left {n}", left_on=date(2026, 3, 14))
    for source in timeline_sources():
        if source.name not in OURS:
            continue
        everything, paged, before = ask(story, source.name), [], None
        places = [(one.at, one.key) for one in everything]
        assert (places, len(set(places))) == (sorted(places, reverse=True), len(places))
        while found := ask(story, source.name, before, limit=2):
            paged += found
            before = (found[-1].at, found[-1].key)
        assert paged == everything


def test_nothing_of_the_lookalike_is_told(here, elsewhere):
    elsewhere.open()
    furnish(elsewhere)
    here.open()
    for source in timeline_sources():
        if source.name in OURS:
            assert ask(here, source.name) == []
            assert ask(here, source.name, account=elsewhere.account) == []


def test_what_is_gone_or_not_yet_so_is_not_told(here):
    account = here.account
    make_note(account, removed_at=days_ago(0))
    Plan.objects.create(account=account, title="Draft", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 1))
    service = make_service()
    make_occurrence(account, service, missed_after=date(2031, 1, 1), due_on=date(2030, 12, 1))
    make_occurrence(
        account, service, period="x", missed_after=date(2026, 1, 1), due_on=date(2025, 12, 1),
        waived_at=days_ago(3),
    )  # fmt: skip
    Report.objects.create(
        account=account, kind="qbr", period="2026-Q1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31)
    )
    AuditEntry.objects.create(
        actor="x", origin="x", verb="edited", object_type="account", object_id=account.pk,
        object_label="x", before={"arr": "1"}, after={"arr": "2"},
    )  # fmt: skip
    for name in OURS:
        assert ask(here, name) == []


def test_many_people_of_a_day_are_one_line(here):
    for name in "edcba":
        make_contact(here.account, name)
    (one,) = ask(here, "people")
    assert (one.title, one.text) == ("5 people added", "a, b, c, d and 1 more")


def test_arr_that_moves_every_month_is_one_line_a_quarter(here):
    for month, arr in enumerate((100, 90, 80, 70, 60, 60, 50), 1):
        point = date(2025, month, 1)
        ArrPoint.objects.create(account=here.account, as_of=point, arr=arr, currency="EUR", actor="x")
    assert [(one.title, one.at.date()) for one in ask(here, "standing")] == [
        ("ARR: €60 to €50", date(2025, 7, 1)),
        ("ARR: €80 to €60 in 2 steps", date(2025, 5, 1)),
        ("ARR: €100 to €80 in 2 steps", date(2025, 3, 1)),
    ]


def test_days_begin_where_the_workspace_is(here):
    here.workspace.timezone = "Asia/Tokyo"
    make_contact(here.account, left_on=date(2026, 3, 14))
    left = next(one for one in ask(here, "people") if "left" in one.title)
    assert left.at == datetime(2026, 3, 13, 15, tzinfo=UTC)
