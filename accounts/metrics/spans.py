"""Which days of a metric a change of events can have changed. Pure functions."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """Days of an account, both included, whose values are to be made again."""

    account_id: int
    first: date
    last: date


class Touched(NamedTuple):
    """A run of touched days of an account, no further apart than the shortest window."""

    account_id: int
    first: date
    last: date
    days: int = 1


def spans_of(runs: Iterable[Touched], window_days: int, today: date) -> list[Span]:
    """What touched account-days can have changed, without overlaps, in order.

    The value of a day covers it and the window_days - 1 before, so that events of a
    day d count from d to d + window_days - 1, and their leaving shows on the day
    after. Days that have not begun are left out.
    """
    spans: list[Span] = []
    for account_id, first, last, _ in sorted(runs):
        until = min(last + timedelta(days=window_days), today)
        if until < first:
            continue
        if spans and spans[-1].account_id == account_id and first <= spans[-1].last + timedelta(days=1):
            spans[-1] = spans[-1]._replace(last=max(until, spans[-1].last))
        else:
            spans.append(Span(account_id, first, until))
    return spans
