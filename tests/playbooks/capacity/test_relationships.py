"""How long an account is with its CSM: given, taken, and back within a week."""

from datetime import UTC, datetime, timedelta

import pytest

from playbooks.capacity.relationships import OwnerChange, held_since

START = datetime(2030, 1, 1, tzinfo=UTC)
PRIYA, HELEN = "Priya", "Helen"


def day(number):
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    ("changes", "since"),
    [
        ([(0, HELEN, PRIYA)], 0),
        ([(0, None, PRIYA)], 0),
        ([(0, HELEN, PRIYA), (40, PRIYA, HELEN), (46, HELEN, PRIYA)], 0),
        ([(0, HELEN, PRIYA), (40, PRIYA, HELEN), (47, HELEN, PRIYA)], 47),
        ([(0, PRIYA, HELEN), (3, HELEN, PRIYA)], None),
        ([(0, PRIYA, HELEN), (3, HELEN, None), (8, None, PRIYA)], 8),
        ([(0, None, PRIYA), (3, PRIYA, HELEN), (4, HELEN, "Jonas")], 4),
    ],
)
def test_being_away_for_less_than_a_week_does_not_end_it(changes, since):
    found = held_since([OwnerChange(day(at), left, came) for at, left, came in changes])
    assert found == (None if since is None else day(since))
