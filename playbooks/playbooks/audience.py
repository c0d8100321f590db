"""Which accounts a playbook is for, and on which its trigger would start plays right now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts.accounts.models import Account, Stage
from accounts.segments.evaluate import accounts_in
from csworkspace.web.formats import plural
from playbooks.playbooks.dates import DATES
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.shapes import Audience, Definition, Trigger
from playbooks.plays.models import ACTIVE, Play
from playbooks.signals.models import Signal, SignalState

AHEAD_DAYS = 30
EXAMPLES = 5
AWAKE = (SignalState.OPEN, SignalState.ACKNOWLEDGED)
# A trigger starts on so many within the hour; more wait for a manager's yes.
ASK_ABOVE = 25
ONLY_CHANGES = {
    "stage": "Accounts whose stage changes from now on are started, not those that are in it already.",
    "tier": "Accounts whose tier changes from now on are started, not those that have it already.",
    "segment": "Accounts that enter the segment from now on are started, not those that are in it already.",
    "leave": "Accounts that leave the segment from now on are started, not those that are outside already.",
    "manual": "Somebody starts it on an account by hand.",
}


@dataclass(frozen=True)
class WouldStart:
    """How many accounts the trigger would start plays on today, some of them, and what is to be known."""

    count: int
    words: str
    note: str = ""
    examples: Sequence[tuple[int, str]] = field(default_factory=tuple)


def accounts_for(audience: Audience) -> QuerySet[Account]:
    """The accounts that an audience has now; churned ones only if their stage is named."""
    found = Account.objects.filter(stage__in=audience.stages or set(Stage.values) - {Stage.CHURNED})
    if audience.segment is not None:
        found = found.filter(pk__in=accounts_in(audience.segment))
    return found.filter(tier_id__in=audience.tiers) if audience.tiers else found


def in_audience(audience: Audience, account_ids: Iterable[int]) -> set[int]:
    """Those of the accounts that are in the audience now; at most two queries."""
    return set(accounts_for(audience).filter(pk__in=list(account_ids)).values_list("pk", flat=True))


def signals_for(trigger: Trigger) -> QuerySet[Signal]:
    """The signals that the trigger starts on: what nobody has settled or snoozed."""
    found = Signal.objects.filter(state__in=AWAKE, severity__gte=trigger.severity)
    if trigger.indicators:
        found = found.filter(indicator_id__in=trigger.indicators)
    return found.filter(kind__in=trigger.signal_kinds) if trigger.signal_kinds else found


def would_start(version: PlaybookVersion, today: date, definition: Definition | None = None) -> WouldStart:
    """On which accounts the trigger would start plays today, if it were published now; at most four queries.

    Left out are accounts on which a play of the playbook runs (unless several may), or that rest after one.
    """
    read = definition or read_version(version)
    trigger, playbook = read.trigger, version.playbook
    wanted = _wanted(playbook, trigger, today)
    if wanted is None:
        key = "leave" if trigger.kind == "segment" and trigger.move == "leave" else trigger.kind
        return WouldStart(0, "It would start on no account today.", ONLY_CHANGES[key])
    found = accounts_for(read.audience).filter(wanted)
    busy = Q(ended_on__gt=today - timedelta(days=playbook.rest_days))
    busy = busy if playbook.is_parallel else busy | Q(state__in=ACTIVE)
    found = found.exclude(pk__in=Play.objects.filter(busy, playbook=playbook).values("account_id"))
    examples = list(found.order_by("name", "pk").values_list("pk", "name")[:EXAMPLES])
    count = found.count()
    words = f"It would start on {plural(count, 'account') if count else 'no account'} today."
    if count > ASK_ABOVE:
        words = f"It would ask a manager first: it would start on {plural(count, 'account')}."
    notes = [_limit(playbook, count), _ahead(read, today)]
    return WouldStart(count, words, " ".join(note for note in notes if note), examples)


def _limit(playbook: Playbook, count: int) -> str:
    if count <= playbook.daily_limit:
        return ""
    return f"At most {plural(playbook.daily_limit, 'play')} a day: the rest follows on the next days."


def _wanted(playbook: Playbook, trigger: Trigger, today: date) -> Q | None:
    """The accounts for which the trigger's moment is now; None if only later changes count."""
    if trigger.kind == "signal":
        # A signal starts a playbook once.
        told = playbook.plays.filter(signal__isnull=False).values("signal")
        fresh = signals_for(trigger).exclude(pk__in=told)
        return Q(pk__in=fresh.values("account_id"))
    if trigger.kind == "date":
        return Q(**{DATES[trigger.date].field: today - timedelta(days=trigger.days)})
    return None


def _ahead(definition: Definition, today: date) -> str:
    """For a date: how many accounts reach it within the next 30 days."""
    trigger = definition.trigger
    if trigger.kind != "date":
        return ""
    first = today - timedelta(days=trigger.days)
    name = DATES[trigger.date].field
    near = {f"{name}__gt": first, f"{name}__lte": first + timedelta(days=AHEAD_DAYS)}
    count = accounts_for(definition.audience).filter(**near).count()
    return f"In the next {AHEAD_DAYS} days the date comes for {plural(count, 'account')} more."
