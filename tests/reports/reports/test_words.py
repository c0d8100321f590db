"""Periods, verdicts and parts: pure functions."""

from datetime import date
from decimal import Decimal

import pytest

from reports.reports.content import canonical
from reports.reports.parts import pairs
from reports.reports.periods import PeriodError, default_period, parse_period, previous, recent_periods
from reports.reports.verdicts import (
    TargetWords,
    counts,
    level_moved,
    objective_verdict,
    people_active,
    report_verdict,
    target_verdict,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "key", "start", "end", "as_of"),
    [
        ("2026-Q3", "2026-Q3", date(2026, 7, 1), date(2026, 9, 30), date(2026, 9, 30)),
        (" 2026-q4 ", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31), TODAY),
        ("2024-02", "2024-02", date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 29)),
        ("2026-11", "2026-11", date(2026, 11, 1), date(2026, 11, 30), TODAY),
    ],
)
def test_a_period_is_a_quarter_or_a_month(text, key, start, end, as_of):
    period = parse_period(text, TODAY)
    assert (period.key, period.starts_on, period.ends_on, period.as_of) == (key, start, end, as_of)
    assert period.to_date == (as_of < end)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q0", "2026-Q5", "2026-13", "Q3 2026", "0001-Q1", "x" * 999]
)
def test_other_texts_are_refused_with_an_example(text):
    with pytest.raises(PeriodError, match="2026-Q3"):
        parse_period(text, TODAY)


def test_the_future_is_refused():
    with pytest.raises(PeriodError, match="Q1 2027 has not begun"):
        parse_period("2027-Q1", TODAY)


def test_the_period_before_has_the_same_length():
    assert previous(parse_period("2026-Q1", TODAY)).key == "2025-Q4"
    assert previous(parse_period("2026-01", TODAY)).key == "2025-12"
    assert default_period(TODAY).key == "2026-Q3"
    assert not default_period(TODAY).to_date
    assert [p.key for p in recent_periods(TODAY, 2, 2)] == ["2026-Q4", "2026-Q3", "2026-11", "2026-10"]


def words(status, progress, **changes):
    values = {
        "name": "Users",
        "status": status,
        "actual": "412",
        "figure": "412",
        "expected": "400",
        "target": "450",
        "due": "30 Sep 2026",
        "progress": None if progress is None else Decimal(progress),
        "over": False,
        "falling": False,
    }
    return TargetWords(**{**values, **changes})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (words("on_track", "0.9"), "Users reached 412 of the 450 agreed for 30 Sep 2026: on track."),
        (words("ahead", "1.1"), "Users stands at 412: the target of 450 for 30 Sep 2026 is met."),
        (
            words("slipping", "0.5"),
            "Users stands at 412; 400 was expected by now on the way to 450 for 30 Sep 2026: slipping.",
        ),
        (
            words("on_track", "0.9", falling=True),
            "Users stands at 412; 400 was expected by now on the way to 450 for 30 Sep 2026: on track.",
        ),
        (
            words("off_track", "0.9", over=True),
            "Users ended at 412; 450 was agreed for 30 Sep 2026: off track.",
        ),
        (words("no_data", None), "Users has no value that still counts; 450 is agreed for 30 Sep 2026."),
        (
            words("on_track", None),
            "Users stands at 412; it is to stay at 450 until 30 Sep 2026: on track.",
        ),
    ],
)
def test_a_target_has_one_sentence(given, sentence):
    assert target_verdict(given) == sentence


def test_an_objective_speaks_for_its_targets():
    assert objective_verdict([], [], []) == "No target has been agreed for this objective yet."
    assert objective_verdict(["One."], ["A"], ["ahead"]) == "One."
    assert objective_verdict(["", ""], ["A", "B"], ["ahead", "on_track"]) == (
        "Both targets are on track or ahead."
    )
    assert objective_verdict(["", "", ""], ["A", "B", "C"], ["ahead", "slipping", "no_data"]) == (
        "1 of 3 targets is on track or ahead; B is slipping and C has no data."
    )


@pytest.mark.parametrize(
    ("statuses", "moved", "sentence"),
    [
        ([], "", "There was no plan with targets in Q3."),
        (["no_data"] * 2, "", "None of the 2 targets has been measured yet."),
        (["ahead"] * 3, "", "All 3 targets are on track or ahead, as agreed."),
        (["off_track"], "", "The target is not on track; T0 is off track."),
        (["off_track"] * 4, "", "No target is on track; T0 is off track, T1 is off track and 2 more."),
        (["ahead"], "maturity rose from A to B", "The target is on track; maturity rose from A to B."),
    ],
)
def test_the_cover_has_one_sentence(statuses, moved, sentence):
    names = [f"T{n}" for n in range(len(statuses))]
    assert report_verdict(names, statuses, period="Q3", moved=moved) == sentence


def test_a_level_moves_up_down_or_not():
    assert level_moved("A", "B", before_position=1, after_position=2) == "maturity rose from A to B"
    assert level_moved("B", "A", before_position=2, after_position=1) == "maturity fell from B to A"
    assert level_moved("A", "A", before_position=1, after_position=1) == ""
    assert level_moved(None, "A", before_position=0, after_position=1) == ""


def test_without_a_plan_the_cover_says_who_was_active():
    assert people_active(0, 5, before_label="Q2") == ""
    assert people_active(1, 0, before_label="Q2") == "1 person was active, after 0 in Q2"
    assert report_verdict([], [], period="Q3", moved=people_active(1200, 21, before_label="Q2")) == (
        "There was no plan with targets in Q3; 1,200 people were active, after 21 in Q2."
    )


def test_counts_leave_out_what_nobody_has():
    assert counts(["off_track", "ahead", "off_track"]) == [
        {"status": "ahead", "label": "Ahead", "count": 1},
        {"status": "off_track", "label": "Off track", "count": 2},
    ]


def test_long_series_are_thinned_with_first_and_last_kept():
    series = [(date.fromordinal(738000 + n), Decimal(n)) for n in range(1000)]
    thinned = pairs(series, 200)
    assert len(thinned) == 200
    assert [thinned[0][1], thinned[-1][1]] == ["0", "999"]
    assert pairs(series[:3], 200) == [[day.isoformat(), str(value)] for day, value in series[:3]]


def test_equal_content_is_one_text():
    assert canonical({"b": 1, "a": [1, "é"]}) == canonical({"a": [1, "é"], "b": 1}) == '{"a":[1,"é"],"b":1}'
