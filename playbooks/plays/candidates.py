"""Which accounts a playbook's trigger means, and the cause of each: read from the rows, not from the news.

So it does not matter whether news comes twice or not at all: the same rows give the same causes, and a
cause starts a playbook on an account once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from accounts.accounts.models import Account, Stage
from accounts.segments.models import SegmentStay
from accounts.tiers.models import Tier
from csworkspace.tenancy.clock import zone
from csworkspace.web import times
from playbooks.playbooks.audience import signals_for
from playbooks.playbooks.dates import DATES, date_name, days_between
from playbooks.playbooks.definition import BadDefinition, read_version
from playbooks.playbooks.models import PlaybookVersion
from playbooks.playbooks.shapes import Audience, Trigger
from playbooks.plays.chain import changed_by_play, parent_at, recent_acts, who_advised
from playbooks.plays.clock import now, shift
from playbooks.plays.marks import Moved
from playbooks.plays.starting import Wanted

# What was missed for longer than this is too old to begin with.
LATE_DAYS = 14


@dataclass(frozen=True)
class Candidate:
    """A play that a trigger asks for; `at` is when its cause arose, `rank` lets the greater come first."""

    wanted: Wanted
    at: datetime
    rank: int = 0


def trigger_of(version: PlaybookVersion) -> Trigger:
    """The version's trigger; one that cannot be read any more starts nothing."""
    try:
        return read_version(version).trigger
    except BadDefinition:
        return Trigger()


def audience_of(version: PlaybookVersion) -> Audience:
    """The version's audience; one that cannot be read means nobody in particular."""
    try:
        return read_version(version).audience
    except BadDefinition:
        return Audience()


def candidates_of(
    version: PlaybookVersion, today: date, account_ids: Iterable[int] | None = None, late: int = LATE_DAYS
) -> list[Candidate]:
    """Who the trigger means today, of these accounts (None: all); a constant number of queries.

    late: for how many days a cause that was missed still counts. Changes of stage and tier are not
    among them: these are seen once, see `changed`.
    """
    trigger = trigger_of(version)
    finders = {"signal": by_signal, "segment": by_segment, "date": by_date}
    find = finders.get(trigger.kind)
    ids = None if account_ids is None else sorted(set(account_ids))
    return find(version, trigger, today, ids, late) if find else []


def by_signal(
    version: PlaybookVersion, trigger: Trigger, today: date, ids: Sequence[int] | None, late: int
) -> list[Candidate]:
    """Signals that nobody has settled or snoozed, whenever they were raised."""
    rows = signals_for(trigger)
    if ids is not None:
        rows = rows.filter(account_id__in=ids)
    columns = ("pk", "account_id", "title", "raised_at", "severity", "evidence")
    read = list(rows.order_by("-severity", "pk").values_list(*columns))
    gave = who_advised({pk: evidence for pk, *_, evidence in read})
    found = [
        Candidate(
            Wanted(account, f"signal {pk}", f"Signal: {title}", pk, parent_id=gave.get(pk)),
            raised_at,
            severity,
        )
        for pk, account, title, raised_at, severity, _ in read
    ]
    return _below(found)


def by_segment(
    version: PlaybookVersion, trigger: Trigger, today: date, ids: Sequence[int] | None, late: int
) -> list[Candidate]:
    """Accounts that entered the segment, or left it; what filled a new segment did not enter it."""
    is_entry = trigger.move == "enter"
    moment = "entered_at" if is_entry else "left_at"
    since = {f"{moment}__gte": _since(version, late)}
    rows = SegmentStay.objects.filter(segment_id=trigger.segment or 0, **since)
    rows = rows.filter(left_at=None, entered_at__gt=F("segment__created_at")) if is_entry else rows
    if ids is not None:
        rows = rows.filter(account_id__in=ids)
    word = "entered" if is_entry else "left"
    found: Any = rows.order_by("pk").values_list("pk", "account_id", "segment__name", moment)
    return _below(
        [
            Candidate(Wanted(account, f"{word} {pk}", f"It {word} the segment {name}"), at)
            for pk, account, name, at in found
        ]
    )


def by_date(
    version: PlaybookVersion, trigger: Trigger, today: date, ids: Sequence[int] | None, late: int
) -> list[Candidate]:
    """Accounts whose day has come, or came since this trigger was published and was missed."""
    if trigger.date not in DATES:
        return []
    local = ZoneInfo(zone())
    first = max(shift(today, -late), _since(version, late).astimezone(local).date())
    asked = Account.objects.all() if ids is None else Account.objects.filter(pk__in=ids)
    found = days_between(asked, trigger, shift(first, -trigger.days), shift(today, -trigger.days))
    name = trigger.attribute or trigger.date
    return [
        Candidate(
            Wanted(pk, f"{name} {day}", date_words(trigger, day)),
            datetime.combine(shift(day, trigger.days), time(), local),
        )
        for pk, day in found
    ]


def date_words(trigger: Trigger, day: date) -> str:
    """ "120 days before the renewal date, 14 Mar 2027"."""
    what = f"{date_name(trigger)}, {times.day(day)}"
    if not trigger.days:
        return f"On {what}"
    return f"{abs(trigger.days)} days {'before' if trigger.days < 0 else 'after'} {what}"


def changed(trigger: Trigger, moves: Sequence[Moved]) -> list[Candidate]:
    """What these changes ask for, with the play that made the change, if one did; up to two queries.

    A tier follows from other changes in roundabout ways, so that every play counts that acted lately.
    """
    if trigger.kind == "stage":
        fits = [move for move in moves if move.is_stage and move.stage in trigger.stages]
        by_play = changed_by_play([move.account_id for move in fits], "stage") if fits else {}
        return [_stage(move, by_play.get((move.account_id, move.stage))) for move in fits]
    if trigger.kind == "tier":
        fits = [move for move in moves if move.is_tier and _is_wanted(move.tier, trigger.tiers)]
        names = dict(Tier.objects.values_list("pk", "name")) if fits else {}
        return _below([_tier(move, names.get(move.tier or 0, "")) for move in fits])
    return []


def _is_wanted(tier: int | None, wanted: Sequence[int]) -> bool:
    return tier is not None and (not wanted or tier in wanted)


def _stage(move: Moved, parent: int | None) -> Candidate:
    words = f"The stage changed from {Stage(move.old_stage).label} to {Stage(move.stage).label}"
    cause = f"stage {move.stage} {move.at.isoformat()}"
    return Candidate(Wanted(move.account_id, cause, words, parent_id=parent), move.at)


def _tier(move: Moved, name: str) -> Candidate:
    cause = f"tier {move.tier} {move.at.isoformat()}"
    return Candidate(Wanted(move.account_id, cause, f"The tier changed to {name}"), move.at)


def _below(found: list[Candidate]) -> list[Candidate]:
    """The same, each below the play that acted on its account lately, before the cause arose."""
    acts = recent_acts({one.wanted.account_id for one in found}) if found else {}
    placed = []
    for one in found:
        lately = parent_at(acts.get(one.wanted.account_id, ()), one.at)
        placed.append(replace(one, wanted=replace(one.wanted, parent_id=one.wanted.parent_id or lately)))
    return placed


def _since(version: PlaybookVersion, late: int) -> datetime:
    """From when on causes count: since the playbook has had this trigger, at most so many days ago.

    A draft counts as published now.
    """
    published = PlaybookVersion.objects.filter(
        playbook_id=version.playbook_id, number__lte=version.number, published_at__isnull=False
    ).order_by("-number")
    same = takewhile(lambda row: row[0] == version.trigger, published.values_list("trigger", "published_at"))
    first = min((at for _, at in same if at), default=now())
    return max(first, now() - timedelta(days=late))
