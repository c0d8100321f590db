"""A full snapshot made by hand, for everything that renders one."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.book.models import PlanStatus
from playbooks.plans.models import Target
from playbooks.plans.progress import Checkpoint, Measured
from playbooks.plans.queries import TargetProgress
from reports.reports.parts import (
    MetricFact,
    maturity_part,
    metric_part,
    objective_part,
    target_part,
)
from reports.reports.periods import parse_period, previous
from reports.reports.snapshot import frame_part
from reports.reports.verdicts import counts, level_moved, report_verdict

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
START, END = date(2026, 3, 2), date(2026, 9, 30)


def without_tokens(response: Any) -> bytes:
    """A page's bytes without its CSRF tokens, which differ each time."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", response.content)


def walk(first: float, last: float, start: date = START, end: date = END) -> list[tuple[date, Decimal]]:
    """A believable daily series: a bent line with a weekly wave."""
    days = (end - start).days
    wave = (0, 0.012, 0.018, 0.02, 0.01, -0.02, -0.03)
    return [
        (
            start + timedelta(days=i),
            Decimal(str(round((first + (last - first) * (i / days) ** 1.3) * (1 + wave[i % 7]), 1))),
        )
        for i in range(days + 1)
    ]


def make_target(
    name: str, unit: str, baseline: float, target: float, actual: float | None, status: str
) -> dict[str, Any]:
    """A target part that runs from March to the end of the year."""
    return target_part(
        make_progress(name, unit, baseline, target, actual, status),
        END,
        "distinct people in 28 days, from usage events",
    )


def make_progress(
    name: str, unit: str, baseline: float, target: float, actual: float | None, status: str
) -> TargetProgress:
    """What the plan says about such a target; without `actual` it was never measured."""
    daily = walk(baseline, actual) if actual is not None else []
    b, t = Decimal(str(baseline)), Decimal(str(target))
    x = None if actual is None else Decimal(str(actual))
    return TargetProgress(
        target=Target(),
        metric_id=1,
        metric_key=name.lower().replace(" ", "-"),
        name=name,
        unit=unit,
        direction="down" if target < baseline else "up",
        baseline=b,
        baseline_on=START,
        target_value=t,
        starts_on=START,
        due_on=date(2026, 12, 18),
        checkpoints=(Checkpoint(date(2026, 7, 1), b + (t - b) * Decimal("0.4")),),
        expected=b + (t - b) * Decimal("0.73"),
        expected_progress=Decimal("0.73") if t != b else None,
        actual=x,
        measured_on=END if daily else None,
        progress=None if x is None or t == b else (x - b) / (t - b),
        forecast=None if x is None else x + (t - b) * Decimal("0.2"),
        status=PlanStatus(status),
        sentence="",
        points=tuple(Measured(on, value) for on, value in daily),
    )


def make_levels() -> list[dict[str, Any]]:
    """A ladder of five levels of which three hold."""
    names = ["Exploring", "Practising", "Embedded", "Optimising", "Leading"]
    behaviours = [
        [("A team is set up", True), ("First report is published", True)],
        [("Reports are read every week", True), ("Two departments are active", True)],
        [("Alerts are answered within a day", True), ("Data are refreshed daily", True)],
        [("Targets are reviewed monthly", True), ("The API feeds the data warehouse", False)],
        [("Forecasts are shared with the board", False)],
    ]
    return [
        {
            "position": i + 1,
            "name": name,
            "description": "",
            "behaviours": [
                {"name": b, "holds": holds, "detail": "31 times in 28 days" if holds else "not yet seen"}
                for b, holds in behaviours[i]
            ],
        }
        for i, name in enumerate(names)
    ]


def make_objectives() -> list[dict[str, Any]]:
    """Two objectives with three targets: on track, ahead, off track."""
    return [
        objective_part(
            1,
            "Everybody in the regional teams should look at the same numbers on Monday morning, "
            "instead of twelve spreadsheets that disagree.",
            [
                make_target("Monthly active users", "users", 180, 450, 412, "on_track"),
                make_target("Reports read each week", "reports", 320, 900, 861, "ahead"),
            ],
        ),
        objective_part(
            2,
            "Close the month in days, not weeks.",
            [make_target("Days to close the month", "days", 11, 4, 8.5, "off_track")],
        ),
    ]


def make_metrics() -> list[dict[str, Any]]:
    """Four key metrics against the quarter before."""
    rows = [
        ("Monthly active users", "users", 412, 351, False),
        ("Reports read each week", "reports", 861, 640, False),
        ("Days to close the month", "days", 8.5, 9.1, True),
        ("Active days", "days", 27, 27, False),
    ]
    return [
        metric_part(
            MetricFact(
                n.lower().replace(" ", "-"),
                n,
                u,
                down,
                Decimal(str(now)),
                Decimal(str(then)),
                [Measured(*point) for point in walk(then, now, END - timedelta(182))],
                END - timedelta(182),
                END,
            )
        )
        for n, u, now, then, down in rows
    ]


def make_snapshot(kind: str = "qbr", name: str = "Halvorsen Retail Group", **changes: Any) -> dict[str, Any]:
    """A complete snapshot, version 1; `changes` replace top-level parts."""
    period = parse_period("2026-Q3", TODAY)
    objectives = make_objectives()
    targets = [t for o in objectives for t in o["targets"]]
    names, statuses = [t["name"] for t in targets], [t["status"] for t in targets]
    maturity = maturity_part(
        framework="Data practice, version 2",
        levels=make_levels(),
        level=3,
        before=1,
        before_on=START,
        held_before=["A team is set up", "First report is published"],
    )
    moved = level_moved("Exploring", "Embedded", before_position=1, after_position=3)
    snapshot = {
        **frame_part(kind, period, previous(period), NOW),
        "workspace": {"name": "Tidewater Analytics"},
        "account": {
            "name": name,
            "tier": "Top",
            "owner": "Mara Lindqvist",
            "since_text": "4 Feb 2025",
            "reason_bought": "One place where finance and stores agree on what was sold.",
            "contact": "Tomas Berg, COO",
        },
        "plan": {
            "title": "One truth by Christmas",
            "range": "2 Mar to 18 Dec 2026",
            "owner": "Mara Lindqvist",
            "customer_owner": "Tomas Berg",
            "shared": True,
        },
        "objectives": objectives,
        "counts": counts(statuses),
        "verdict": report_verdict(names, statuses, period=period.label, moved=moved),
        "maturity": maturity,
        "metrics": make_metrics(),
        "usage": {
            "people": {"now_text": "438", "before_text": "377", "change_text": "+16%", "tone": "good"},
            "events": {"now_text": "61,204", "before_text": "50,871", "change_text": "+20%", "tone": "good"},
            "features": {"now_text": "34", "before_text": "31", "change_text": "+3", "tone": "good"},
            "top": [
                {"feature": f, "count_text": f"{c:,}", "people_text": str(p), "share": s}
                for f, c, p, s in [
                    ("report.view", 24180, 402, 1.0),
                    ("dashboard.open", 15022, 377, 0.62),
                    ("alert.acknowledge", 6118, 96, 0.25),
                    ("export.csv", 3904, 61, 0.16),
                    ("api.read", 2210, 4, 0.09),
                ]
            ],
        },
        "delivered": {
            "practices": [
                {"title": "Train the store managers", "done_text": "14 Jul 2026", "who": "Mara Lindqvist"},
                {
                    "title": "Move the weekly report to Sunday night",
                    "done_text": "3 Aug 2026",
                    "who": "Tomas Berg",
                },
            ],
            "revisions": [
                {
                    "number": 1,
                    "on_text": "20 Aug 2026",
                    "reason": "Two stores joined; the target for users was raised.",
                }
            ],
            "reports": [{"title": "Quarterly business review, Q2 2026", "on_text": "9 Jul 2026"}],
        },
        "next": {
            "practices": [
                {
                    "title": "Connect the data warehouse to the API",
                    "who": "Tomas Berg",
                    "side": "Customer",
                    "due_text": "30 Oct 2026",
                    "late": False,
                },
                {
                    "title": "Review targets with finance every month",
                    "who": "Mara Lindqvist",
                    "side": "Us",
                    "due_text": "12 Sep 2026",
                    "late": True,
                },
            ],
            "checkpoints": [
                {"name": "Monthly active users", "value_text": "450 users", "on_text": "18 Dec 2026"},
            ],
        },
        "data": {
            "sources": [
                {"label": "events-2026.ndjson.gz", "count_text": "158,283 events", "on_text": "1 Oct 2026"}
            ],
            "last_event_text": "30 Sep 2026, 22:41",
            "wanted": [],
        },
    }
    return {**snapshot, **changes}
