"""On which accounts a version's trigger would start plays right now, said before it is published."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.accounts.models import Account
from csworkspace.web.formats import plural
from playbooks.playbooks.audience import accounts_for
from playbooks.playbooks.dates import days_between
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.shapes import Definition
from playbooks.plays.candidates import candidates_of
from playbooks.plays.launching import ASK_ABOVE
from playbooks.plays.triggering import fitting

AHEAD_DAYS = 30
EXAMPLES = 5
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


def would_start(version: PlaybookVersion, today: date) -> WouldStart:
    """On which accounts the trigger would start plays today, if the version were published now.

    By what triggers themselves go by, so that the number is theirs; a constant number of queries.
    """
    read, playbook = read_version(version), version.playbook
    fit = fitting(playbook, version, candidates_of(version, today), today)
    found = Account.objects.filter(pk__in=[one.account_id for one in fit])
    examples = list(found.order_by("name", "pk").values_list("pk", "name")[:EXAMPLES])
    count = len(fit)
    words = f"It would start on {plural(count, 'account') if count else 'no account'} today."
    if count > ASK_ABOVE:
        words = f"It would ask a manager first: it would start on {plural(count, 'account')}."
    notes = [_only_changes(read, count), _limit(playbook, count), _ahead(read, today)]
    return WouldStart(count, words, " ".join(note for note in notes if note), examples)


def _only_changes(definition: Definition, count: int) -> str:
    trigger = definition.trigger
    leaves = trigger.kind == "segment" and trigger.move == "leave"
    return "" if count else ONLY_CHANGES.get("leave" if leaves else trigger.kind, "")


def _limit(playbook: Playbook, count: int) -> str:
    if count <= playbook.daily_limit:
        return ""
    return f"At most {plural(playbook.daily_limit, 'play')} a day: the rest follows on the next days."


def _ahead(definition: Definition, today: date) -> str:
    """For a date: how many accounts reach it within the next 30 days."""
    trigger = definition.trigger
    if trigger.kind != "date":
        return ""
    first = today - timedelta(days=trigger.days)
    days = first + timedelta(days=1), first + timedelta(days=AHEAD_DAYS)
    count = len(days_between(accounts_for(definition.audience), trigger, *days))
    return f"In the next {AHEAD_DAYS} days the date comes for {plural(count, 'account')} more."
