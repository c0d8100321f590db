"""Status in SQL is status in Python, and attainment counts it."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import attainment_of, terms_on, with_status
from playbooks.services.status import Attainment, status_of
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import make_occurrence, make_service

NOW = datetime(2030, 6, 30, 12, tzinfo=UTC)


def near(chance, least=-60, most=60):
    """A day near today."""
    return ago(chance.randrange(least, most))


@pytest.mark.parametrize("seed", range(3))
def test_sql_and_python_agree_on_status(here, elsewhere, seed):
    chance, service = random.Random(seed), make_service()
    for number in range(120):
        starts = near(chance)
        due = starts + timedelta(days=chance.randrange(40))
        delivered = starts + timedelta(days=chance.randrange(80)) if chance.random() < 0.5 else None
        moments = {}
        if chance.random() < 0.4:
            answer_by = NOW + timedelta(hours=chance.randrange(-9, 9), seconds=chance.choice([0, 0, 1]))
            answered = NOW + timedelta(hours=chance.randrange(-9, 9)) if delivered else None
            moments = {"asked_at": NOW, "answer_by": answer_by, "answered_at": answered}
        make_occurrence(
            here.account, service, period=str(number), starts_on=starts, due_on=due,
            grace_days=chance.randrange(15), missed_after=due + timedelta(days=chance.randrange(15, 40)),
            delivered_on=delivered, waived_at=NOW if chance.random() < 0.1 else None, **moments,
        )  # fmt: skip
    rows = list(with_status(TODAY, NOW))
    assert [row.status for row in rows] == [status_of(row, TODAY, NOW) for row in rows]
    found = attainment_of(with_status(TODAY, NOW))
    assert sum(vars(found).values()) == 120
    elsewhere.open()
    assert attainment_of(with_status(TODAY, NOW)) == Attainment()


def test_what_is_not_promised_has_no_terms(here):
    assert terms_on(here.account.pk, TODAY) == {}
    assert ServiceOccurrence.objects.count() == 0
