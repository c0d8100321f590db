"""The reasons in words."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.book.models import PlanStatus
from playbooks.myday.needs import untold
from playbooks.myday.words import (
    late_words,
    new_words,
    owed_words,
    practice_words,
    renewal_words,
    target_words,
)
from playbooks.plans.progress import Agreed, Measured

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("due", "until", "words"),
    [
        (22, 22, "QBR was due 3 days ago"),
        (24, 28, "QBR was due yesterday, within its grace until 28 Nov"),
        (20, 24, "QBR was due 5 days ago"),
        (25, 28, "QBR is due today"),
        (26, 26, "QBR is due tomorrow"),
        (30, 30, "QBR is due in 5 days"),
    ],
)
def test_what_is_owed(due, until, words):
    assert owed_words("QBR", date(2026, 11, due), date(2026, 11, until), TODAY) == words


def test_practices():
    said = [practice_words("Train", date(2026, month, day), TODAY, "yours")
            for month, day in ((11, 12), (11, 25), (12, 1))]  # fmt: skip
    assert said == [
        "Train was due on 12 Nov (yours)",
        "Train is due today (yours)",
        "Train is due on 1 Dec (yours)",
    ]


@pytest.mark.parametrize(
    ("unit", "baseline", "target", "value", "words"),
    [
        ("users", 164, 204, 170, "Users is slipping: 170 of 184 expected"),
        ("%", 30, 60, 40, "Users is slipping: 40% against 45% expected"),
        ("h", 60, 40, 55, "Users is slipping: 55\u00a0h against 50\u00a0h expected"),
    ],
)
def test_targets(unit, baseline, target, value, words):
    agreed = Agreed(Decimal(baseline), Decimal(target), date(2026, 11, 15), date(2026, 12, 5))
    measured = Measured(TODAY, Decimal(value))
    assert target_words("Users", unit, agreed, measured, PlanStatus.SLIPPING, TODAY) == words


def test_a_target_past_its_day_names_the_day():
    agreed = Agreed(Decimal(100), Decimal(200), date(2026, 1, 1), date(2026, 11, 12))
    said = target_words("Users", "", agreed, Measured(TODAY, Decimal(164)), PlanStatus.OFF_TRACK, TODAY)
    assert said == "Users is off track: 164 of 200, due on 12 Nov"


def test_renewals_and_newcomers():
    far = date(2027, 2, 20)
    assert renewal_words(far, TODAY, has_draft=False) == "Renews in 87 days and has no plan"
    soon, past = date(2027, 1, 7), date(2026, 11, 13)
    assert renewal_words(soon, TODAY, has_draft=False) == "Renews in 43 days and has no plan"
    assert renewal_words(soon, TODAY, has_draft=True) == "Renews in 43 days and its plan is a draft"
    assert renewal_words(TODAY, TODAY, has_draft=False) == "Renews today and has no plan"
    assert renewal_words(past, TODAY, has_draft=True) == "Renewal was due 12 days ago"
    assert new_words(TODAY, TODAY, mine=True) == "New in your book today"
    assert new_words(date(2026, 11, 24), TODAY, mine=True) == "New in your book since yesterday"
    assert new_words(date(2026, 11, 23), TODAY, mine=False) == "New in the book since Monday"
    assert new_words(date(2026, 11, 19), TODAY, mine=True) == "New in your book since Thursday"


def test_the_column_of_dates():
    days = [date(2026, 11, 22), date(2026, 11, 24), TODAY, date(2026, 11, 26)]
    assert [late_words(day, TODAY) for day in days] == ["3 days late", "1 day late", "today", "tomorrow"]


def test_attention_tells_only_what_no_other_row_tells():
    def of(*texts):
        return [{"text": text, "weight": 1} for text in texts]

    assert untold(of("Renews in 20 days and the plan is off track", "No activity for 30 days")) == (
        "No activity for 30 days"
    )
    assert untold(of("The plan is slipping", "Renewal was due 3 days ago")) == ""
    assert untold(of("The plan has no data")) == "The plan has no data"
    assert untold([]) == ""
