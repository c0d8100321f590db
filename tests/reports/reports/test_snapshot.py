"""What a snapshot says, number by number."""

import json
from datetime import UTC, date, datetime

import pytest

from csworkspace.tenancy.models import Workspace
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.models import Framework
from playbooks.plans.models import Revision
from reports.reports.document import document
from reports.reports.models import Report
from reports.reports.periods import parse_period
from reports.reports.snapshot import build_snapshot
from tests.reports.story import NOW, make_events, make_metric, make_plan, make_story, measure

TODAY = NOW.date()


@pytest.fixture
def q3(here, elsewhere):
    """The snapshot of the third quarter of an account with a story."""
    make_story(here.account)
    return build_snapshot(here.account, "qbr", parse_period("2026-Q3", TODAY))


@pytest.fixture
def new_york(here):
    """The workspace, in New York: four hours behind UTC in summer."""
    Workspace.objects.update(timezone="America/New_York")
    return here


def test_snapshot_is_plain_json_of_version_1(q3):
    assert json.loads(json.dumps(q3)) == q3
    assert q3["version"] == 1


def test_snapshot_says_what_was_agreed_and_measured(q3):
    (objective,) = q3["objectives"]
    (target,) = objective["targets"]
    assert objective["words"] == "Same numbers for all."
    assert {key: target[key] for key in ("baseline", "actual", "target", "progress")} == {
        "baseline": "100",
        "actual": "150",
        "target": "200",
        "progress": "0.5",
    }
    # 91 of 123 days to the checkpoint of 180 on 1 November: 100 + 80 * 91 / 123.
    assert target["expected"] == "159"
    assert target["status"] == "on_track"
    assert target["verdict"] == (
        "Monthly active users reached 150 of the 200\u00a0users agreed for 31 Dec 2026: on track."
    )
    assert objective["verdict"] == target["verdict"]


def test_snapshot_draws_each_day_of_the_period_since_the_start(q3):
    series = q3["objectives"][0]["targets"][0]["series"]
    assert len(series) == 92
    assert [series[0], series[88], series[89], series[91]] == [
        ["2026-07-01", "100"],
        ["2026-09-27", "100"],
        ["2026-09-28", "150"],
        ["2026-09-30", "150"],
    ]


def test_snapshot_compares_with_the_period_before(q3):
    (metric,) = q3["metrics"]
    assert (metric["now_text"], metric["before_text"], metric["change_text"], metric["tone"]) == (
        "150\u00a0users",
        "90\u00a0users",
        "+60",
        "good",
    )
    assert q3["usage"]["people"] == {
        "now_text": "6", "before_text": "2", "change_text": "+200%", "tone": "good"
    }  # fmt: skip
    assert q3["usage"]["top"] == [
        {"feature": "report.view", "count_text": "6", "people_text": "6", "share": 1.0}
    ]


def test_snapshot_says_what_was_delivered_and_what_is_next(q3):
    assert q3["delivered"] == {
        "practices": [{"title": "Train the managers", "who": "Tomas Berg", "done_text": "3 Aug 2026"}],
        "revisions": [{"number": 1, "reason": "Two stores joined.", "on_text": "20 Aug 2026"}],
        "reports": [],
        "services": [],
        "other_services": [],
    }
    assert q3["next"] == {
        "practices": [
            {
                "title": "Connect the warehouse",
                "who": "Csm of Northwind",
                "side": "Customer",
                "due_text": "12 Sep 2026",
                "late": True,
            }
        ],
        "checkpoints": [
            {"name": "Monthly active users", "value_text": "180\u00a0users", "on_text": "1 Nov 2026"}
        ],
    }


def test_snapshot_shows_the_level_that_the_evidence_gives_on_the_last_day(q3):
    maturity = q3["maturity"]
    assert (maturity["level"], maturity["level_name"], maturity["before"]) == (2, "Regular", 1)
    assert maturity["gained"] == ["Reports are read 5 times"]
    assert [one["name"] for one in maturity["missing"]] == ["Reports are read 500 times"]
    assert q3["verdict"] == "The target is on track; maturity rose from Begun to Regular."


def test_a_benchmark_on_another_version_of_the_framework_is_not_compared(here):
    make_story(here.account)
    old = Framework.objects.create(name="Reading", version=2, status="retired")
    held = [{"name": "Reports are read 500 times", "holds": True}]
    Benchmark.objects.update(framework=old, level=3, evidence=held)
    snapshot = build_snapshot(here.account, "qbr", parse_period("2026-Q3", TODAY))
    maturity = snapshot["maturity"]
    assert (maturity["before"], maturity["before_name"]) == (None, None)
    assert (maturity["gained"], maturity["lost"]) == ([], [])
    assert snapshot["verdict"] == "The target is on track, as agreed."
    assert document(snapshot, {})["maturity"]["sentence"] == (
        "Level 2, Regular. The benchmark of 1 Jul 2026 was taken on another framework or version, so "
        "that the levels cannot be compared."
    )


def test_snapshot_names_its_sources(q3):
    assert q3["data"] == {
        "sources": [
            {
                "label": "report.view-2026-09-28.ndjson",
                "count_text": "6 events",
                "on_text": "28 Sep 2026",
            }
        ],
        "last_event_text": "28 Sep 2026, 09:00",
        "wanted": [],
    }


def test_what_came_after_the_period_is_not_in_it(here):
    make_story(here.account)
    period = parse_period("2026-Q3", TODAY)
    before = build_snapshot(here.account, "qbr", period)
    metric = here.account.plans.get().objectives.get().targets.get().metric
    measure(here.account, metric, {date(2026, 10, 1): 999})
    make_events(here.account, date(2026, 10, 1), 9)
    after = build_snapshot(here.account, "qbr", period)
    assert {**after, "generated_at": ""} == {**before, "generated_at": ""}


def test_days_are_those_of_the_workspace_s_time_zone(new_york):
    """At 2 o'clock UTC it is still the day before in New York."""
    make_story(new_york.account)
    Revision.objects.update(revised_at=datetime(2026, 10, 1, 2, tzinfo=UTC))
    for issued_at in (datetime(2026, 10, 1, 2, tzinfo=UTC), datetime(2026, 7, 1, 2, tzinfo=UTC)):
        Report.objects.create(
            account=new_york.account,
            kind="qbr",
            period="2026-Q2",
            starts_on="2026-04-01",
            ends_on="2026-06-30",
            actor="Test",
            issued_at=issued_at,
        )
    delivered = build_snapshot(new_york.account, "qbr", parse_period("2026-Q3", TODAY))["delivered"]
    assert [one["on_text"] for one in delivered["revisions"]] == ["30 Sep 2026"]
    assert [one["on_text"] for one in delivered["reports"]] == ["30 Sep 2026"]


@pytest.mark.parametrize(("hour", "title"), [(3, None), (4, "One truth")])
def test_a_plan_is_closed_on_the_day_of_the_workspace_s_time_zone(new_york, hour, title):
    closed_at = datetime(2026, 7, 1, hour, 30, tzinfo=UTC)
    make_plan(new_york.account, make_metric(), state="closed", closed_at=closed_at)
    plan = build_snapshot(new_york.account, "qbr", parse_period("2026-Q3", TODAY))["plan"]
    assert (plan and plan["title"]) == title


def test_a_plan_that_began_later_or_is_a_draft_is_not_in_it(here):
    make_plan(here.account, make_metric(), state="draft")
    snapshot = build_snapshot(here.account, "qbr", parse_period("2026-Q3", TODAY))
    assert (snapshot["plan"], snapshot["objectives"]) == (None, [])
    make_plan(here.account, make_metric(key="other", is_headline=False))
    snapshot = build_snapshot(here.account, "qbr", parse_period("2026-Q2", TODAY))
    assert snapshot["plan"] is None


def test_without_anything_it_says_what_is_missing(here):
    snapshot = build_snapshot(here.account, "progress", parse_period("2026-Q3", TODAY))
    assert snapshot["verdict"] == "There was no plan with targets in Q3 2026."
    assert [sentence.partition(".")[0] for sentence in snapshot["data"]["wanted"]] == [
        "No usage event of this period or the one before has been received for this account",
        "No success plan was followed in this period",
        "There is no maturity framework in use, so that no level can be shown",
    ]


def test_a_snapshot_takes_as_many_queries_for_three_targets_as_for_one(here, django_assert_num_queries):
    from playbooks.plans.models import Objective, Target

    plan = make_story(here.account)
    period = parse_period("2026-Q3", TODAY)
    with django_assert_num_queries(SNAPSHOT_QUERIES):
        build_snapshot(here.account, "qbr", period)
    words = Objective.objects.create(account=here.account, plan=plan, position=2, words="More.")
    for number in range(2):
        metric = make_metric(key=f"m{number}", name=f"Metric {number}", is_headline=False)
        Target.objects.create(
            account=here.account,
            objective=words,
            metric=metric,
            baseline=1,
            starts_on=plan.starts_on,
            value=2,
            due_on=plan.ends_on,
        )
    with django_assert_num_queries(SNAPSHOT_QUERIES):
        build_snapshot(here.account, "qbr", period)


SNAPSHOT_QUERIES = 27
