"""Replaying history: how indicators would have come out on past days, without writing any reading.

Of day after day it is carried along where an indicator held, so that hysteresis works as it does live.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from playbooks.indicators.asked import Known
from playbooks.indicators.evaluating import Asking
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names


class Change(NamedTuple):
    """An indicator began or ended to hold on an account, as far as the days looked at show."""

    day: date
    indicator: str
    account_id: int
    verb: str
    value: str
    compared: str
    tested: str


@dataclass
class Tally:
    """What a replay found of one indicator; `judged`, `held`, `no_data` count account-days."""

    indicator: Indicator
    days: int = 0
    judged: int = 0
    held: int = 0
    no_data: int = 0
    began: int = 0
    ended: int = 0
    accounts: set[int] = field(default_factory=set)
    now: set[int] = field(default_factory=set)


def replay(tallies: Sequence[Tally], day: date, known: Known, names: Names) -> Iterator[Change]:
    """Judge a day with what was held the time before; one statement for each indicator."""
    asking = Asking(day, known, names)
    for tally in tallies:
        yield from _one(tally, asking)


def _one(tally: Tally, asking: Asking) -> Iterator[Change]:
    held = set()
    tally.days += 1
    for one in asking.judge(tally.indicator, None, held=tally.now):
        if one.holds is None:
            tally.no_data += 1
            # Without data nothing has ended: the cause may well go on.
            if one.account_id in tally.now:
                held.add(one.account_id)
            continue
        # Who is not asked is not judged, but what held has ended there.
        tally.judged += int("outside" not in one.detail)
        if one.holds:
            held.add(one.account_id)
            tally.held += 1
        if one.holds != (one.account_id in tally.now):
            verb = "began" if one.holds else "ended"
            numbers = (
                "" if n is None else f"{n.normalize():f}" for n in (one.value, one.compared, one.tested)
            )
            yield Change(asking.day, tally.indicator.key, one.account_id, verb, *numbers)
            tally.began += int(one.holds)
            tally.ended += int(not one.holds)
    tally.accounts |= held
    tally.now = held
