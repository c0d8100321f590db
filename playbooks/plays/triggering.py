"""What triggers start: whom they may, at once; many only after somebody was asked.

Under the playbook's lock, so that two who look at once count each other's plays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from playbooks.playbooks.audience import in_audience
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.plays.candidates import Candidate, audience_of, candidates_of, changed, trigger_of
from playbooks.plays.chain import check_chain, cut_causes, note_loop
from playbooks.plays.churning import pause_on_churn
from playbooks.plays.clock import now
from playbooks.plays.launching import ASK_ABOVE, covered, put_off, started_on, waiting
from playbooks.plays.marks import see_changes
from playbooks.plays.models import ACTIVE, Play
from playbooks.plays.refusals import LoopRefused, StartRefused
from playbooks.plays.starting import Wanted, lock_startable, start_many

TRIGGER = Actor(label="Trigger", origin="trigger")
AT_ONCE = timedelta(hours=1)
# Triggers that are read from the rows again, as often as one likes.
FOLLOWED = ("signal", "segment", "date")


@dataclass(frozen=True)
class Considered:
    """What became of what a trigger asked for."""

    started: int = 0
    put_off: int = 0


def triggered_by(*kinds: str) -> list[PlaybookVersion]:
    """The current versions of active playbooks with such a trigger; one query."""
    found = PlaybookVersion.objects.select_related("playbook").filter(
        playbook__state=PlaybookState.ACTIVE, published_at__isnull=False, trigger__kind__in=kinds
    )
    return [one for one in found.order_by("playbook_id") if one.number == one.playbook.current]


def see(account_ids: Sequence[int]) -> int:
    """Start what changes of stage or tier ask for, and pause what runs on accounts that churned.

    How many plays were started. In one transaction with the marks.
    """
    moves = see_changes(account_ids)
    if not moves:
        return 0
    pause_on_churn(moves, by=TRIGGER)
    return sum(
        consider(version.playbook_id, changed(trigger_of(version), moves)).started
        for version in triggered_by("stage", "tier")
    )


def follow_up(version: PlaybookVersion, account_ids: Iterable[int] | None = None) -> Considered:
    """Start what the rows of today ask for."""
    return consider(version.playbook_id, candidates_of(version, today(), account_ids))


@transaction.atomic
def consider(playbook_id: int, candidates: Sequence[Candidate]) -> Considered:
    """Start what fits: up to the day's limit at once, the rest later, and very many when somebody says so."""
    if not candidates:
        return Considered()
    try:
        playbook, version = lock_startable(playbook_id)
    except StartRefused:
        return Considered()
    day = today()
    fit = without_circles(playbook, fitting(playbook, version, candidates, day))
    if not fit:
        return Considered()
    own = Play.objects.filter(playbook=playbook, actor=TRIGGER.label)
    if own.filter(started_at__gt=now() - AT_ONCE).count() + len(fit) > ASK_ABOVE:
        return Considered(put_off=put_off(playbook, version, fit, by=TRIGGER, asks=True))
    # Who was put off before has the day's plays first.
    room = max(0, playbook.daily_limit - started_on(playbook, day) - waiting(playbook, TRIGGER))
    plays, _ = start_many(playbook, version, fit[:room], by=TRIGGER)
    later = put_off(playbook, version, fit[room:], by=TRIGGER, asks=False)
    return Considered(len(plays), later)


def fitting(
    playbook: Playbook, version: PlaybookVersion, candidates: Sequence[Candidate], day: date
) -> list[Wanted]:
    """The first candidate of each account that may be started on now; a constant number of queries."""
    ids = {one.wanted.account_id for one in candidates}
    allowed = in_audience(audience_of(version), ids) - busy(playbook, ids, day)
    before = set(
        Play.objects.filter(playbook=playbook, account_id__in=ids).values_list("account_id", "cause")
    )
    before |= cut_causes(playbook, ids)
    asked = covered(playbook, ids)
    found: dict[int, Wanted] = {}
    for one in sorted(candidates, key=lambda candidate: -candidate.rank):
        wanted = one.wanted
        is_new = (wanted.account_id, wanted.cause) not in before
        is_told = wanted.account_id in asked and one.at <= asked[wanted.account_id]
        if wanted.account_id in allowed and is_new and not is_told:
            found.setdefault(wanted.account_id, wanted)
    return list(found.values())


def without_circles(playbook: Playbook, fit: Sequence[Wanted]) -> list[Wanted]:
    """Those that go round in no circle; the others are written down on the playbook."""
    parents = Play.objects.in_bulk([one.parent_id for one in fit if one.parent_id])
    kept, cut = [], list[tuple[Wanted, str]]()
    for one in fit:
        try:
            check_chain(playbook, parents.get(one.parent_id or 0))
            kept.append(one)
        except LoopRefused as refusal:
            cut.append((one, str(refusal)))
    accounts = Account.objects.in_bulk([one.account_id for one, _ in cut])
    for one, why in cut:
        note_loop(playbook, accounts.get(one.account_id), one.words, why, key=one.cause, by=TRIGGER)
    return kept


def busy(playbook: Playbook, account_ids: Iterable[int], day: date) -> set[int]:
    """The accounts on which a play of it runs, or ended less than its rest ago; one query."""
    resting = Q(ended_on__gt=day - timedelta(days=playbook.rest_days))
    runs = Q() if playbook.is_parallel else Q(state__in=ACTIVE)
    wanted = resting | runs if runs else resting
    rows = Play.objects.filter(playbook=playbook, account_id__in=list(account_ids)).filter(wanted)
    return set(rows.values_list("account_id", flat=True))
