"""Files that list all paying accounts day by day (month by month): who is missing pays nothing any more.

Other files name changes only. The two are told apart by how they go on: pure functions over days.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

LEAST_DAYS = 3
MOSTLY = 0.9

Days = Mapping[int, set[date]]


def lists_everybody(days: Days) -> bool:
    """Whether a file (account → its days in it) lists all paying accounts on each of its days.

    So it is when at least nine of ten entries are followed by one of the same account on the file's
    next day. A file of changes skips the days on which an account's ARR stays.
    """
    following = dict(pairwise(grid_of(days)))
    if len(following) + 1 < LEAST_DAYS:
        return False
    goes_on = [following[day] in own for own in days.values() for day in own if day in following]
    return sum(goes_on) >= MOSTLY * len(goes_on)


def endings(days: Days) -> list[tuple[int, date]]:
    """Each account with the first day on which a list of everybody misses it, after a day that has it."""
    following = dict(pairwise(grid_of(days)))
    return [
        (account_id, following[day])
        for account_id, own in sorted(days.items())
        for day in sorted(own)
        if day in following and following[day] not in own
    ]


def grid_of(days: Days) -> list[date]:
    """The days that a file is about, in order."""
    return sorted(set().union(*days.values()))
