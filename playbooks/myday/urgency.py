"""What comes first in a day. Pure functions over plain values; the rule stands here once.

late         a duty past its date and its grace: the most days late first
today        a duty due today, or past its date and still within its grace: the oldest date first
signals      what was seen of an account and nobody has looked at: the most severe first, then the newest
this week    a duty due within the next 7 days: the earliest first; after them what waits without a date
keep an eye  off track before slipping before renewals (the nearest first) before other needs of attention
new          the newest first

Of equal ones the account with the higher ARR comes first, then the name decides. A duty that is due
later than in 7 days is not of this day. Of a part an account shows its MOST most urgent rows; its
others fold behind the last of these, so that a part holds all that belongs to it and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

WEEK_DAYS = 7
MOST = 3


class Kind(IntEnum):
    """What kind of matter it is; in the order of "keep an eye"."""

    DUTY = 0
    READY = 1
    OFF_TRACK = 2
    SLIPPING = 3
    RENEWAL = 4
    ATTENTION = 5
    NEW = 6
    SIGNAL = 7


class Part(IntEnum):
    """The parts of the day, the most urgent first."""

    LATE = 0
    TODAY = 1
    SIGNALS = 2
    WEEK = 3
    WATCH = 4
    NEW = 5


@dataclass(frozen=True)
class Step:
    """The one next action: a link, or with `posts` a button that does it (with these hidden fields)."""

    label: str
    url: str
    posts: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One thing of one account that somebody should know today.

    key: unique among all of the day's things. due_on: the day it is or was due, for something new the
    day it came. in_time_until: the last day of its grace; None if there is none. when: its date in
    words, beside a reason that says it in another way. rank: what comes first among signals, the lowest.
    tone: how the kit colours it, where the kind alone does not say.
    """

    key: str
    kind: Kind
    account_id: int
    reason: str
    step: Step
    due_on: date | None = None
    in_time_until: date | None = None
    when: str = ""
    rank: int = 0
    tone: str = ""


class Standing(NamedTuple):
    """What is compared of an account: its ARR (cents, −1 unknown) and its folded name."""

    arr: int
    name: str


@dataclass
class Entry:
    """A row of the day, and the rows of the same part and account that are folded behind it."""

    item: Item
    part: Part
    more: list[Item] = field(default_factory=list)


def part_of(item: Item, today: date) -> Part | None:
    """The part of the day a thing belongs to; None if it is not of this day."""
    if item.kind in (Kind.NEW, Kind.SIGNAL):
        return Part.NEW if item.kind == Kind.NEW else Part.SIGNALS
    if item.kind not in (Kind.DUTY, Kind.READY):
        return Part.WATCH
    if item.due_on is None or item.kind == Kind.READY:
        return Part.WEEK
    if today > (item.in_time_until or item.due_on):
        return Part.LATE
    if item.due_on <= today:
        return Part.TODAY
    return Part.WEEK if item.due_on <= today + timedelta(days=WEEK_DAYS) else None


def in_order(items: Iterable[Item], accounts: Mapping[int, Standing], today: date) -> list[Entry]:
    """The day's things, the most urgent first; those of accounts that are not known are left out."""
    found = [
        (part, item)
        for item in items
        if item.account_id in accounts and (part := part_of(item, today)) is not None
    ]
    found.sort(key=lambda one: _place(one[0], one[1], accounts[one[1].account_id]))
    return [Entry(item, part) for part, item in found]


def _place(part: Part, item: Item, account: Standing) -> tuple[int, int, int, int, str, str]:
    kind = item.kind if part in (Part.WEEK, Part.WATCH) else item.rank
    dated = part != Part.WATCH or item.kind == Kind.RENEWAL
    day = item.due_on.toordinal() if item.due_on and dated else 0
    newest_first = -day if part in (Part.NEW, Part.SIGNALS) else day
    return part, kind, newest_first, -account.arr, account.name, item.key


def fold(entries: Iterable[Entry]) -> list[Entry]:
    """The rows with at most MOST of an account in a part; the last of them tells what is too much."""
    shown: list[Entry] = []
    of_account: dict[tuple[Part, int], list[Entry]] = {}
    for entry in entries:
        before = of_account.setdefault((entry.part, entry.item.account_id), [])
        if len(before) < MOST:
            before.append(entry)
            shown.append(entry)
        else:
            before[-1].more.append(entry.item)
    return shown
