"""Starts on many accounts: asked for first, then so many a day, in order, until done or stopped."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.notifications.actions import notify, retitle
from csworkspace.tenancy.clock import today
from csworkspace.web.formats import plural
from csworkspace.web.versions import CONFLICT, Conflict
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.plays.clock import now
from playbooks.plays.models import Launch, LaunchState, Play
from playbooks.plays.owners import manager_ids
from playbooks.plays.refusals import PlayRefused
from playbooks.plays.starting import Wanted

LAUNCH_JOB = "plays.launch"
# So many start at once, by triggers within the hour; more wait for a manager's yes.
ASK_ABOVE = 25
# The word with which causes of launches by triggers begin.
BY_TRIGGER = "trigger"
BY_HAND = "by hand"
ASKS = "launch_asks"
# Refusals count for so long.
REMEMBERED = timedelta(days=366)
OPEN = (LaunchState.ASKING, LaunchState.RUNNING)


def covered(playbook: Playbook, account_ids: Iterable[int]) -> dict[int, datetime]:
    """Account → until when causes of it are in a launch already, waiting or refused; one query."""
    wanted, found = set(account_ids), dict[int, datetime]()
    lately = Q(state__in=OPEN) | Q(decided_at__gt=now() - REMEMBERED)
    rows = Launch.objects.filter(lately, playbook=playbook).exclude(state=LaunchState.DONE).order_by("pk")
    for ids, state, created, decided in rows.values_list("account_ids", "state", "created_at", "decided_at"):
        until = now() if state in OPEN else decided or created
        found |= dict.fromkeys(wanted & set(ids), until)
    return found


def started_on(playbook: Playbook, day: date) -> int:
    """How many plays of it began on a day by triggers and launches; those by hand are beyond the limits."""
    found = Play.objects.filter(playbook=playbook, started_on=day)
    return found.exclude(cause__startswith=f"{BY_HAND} ").count()


def waiting(playbook: Playbook, by: Actor) -> int:
    """How many accounts were only put off to the next days, and asked nobody."""
    found = Launch.objects.filter(playbook=playbook, state=LaunchState.RUNNING, decided_by=by.label)
    return sum(len(ids) for ids in found.values_list("account_ids", flat=True))


def put_off(
    playbook: Playbook, version: PlaybookVersion, wanted: Sequence[Wanted], *, by: Actor, asks: bool
) -> int:
    """Let these starts wait for an answer, or only for the next days; how many. The playbook is locked."""
    if not wanted:
        return 0
    state = LaunchState.ASKING if asks else LaunchState.RUNNING
    causes = {str(one.account_id): cause_json(one) for one in wanted}
    ids = list(map(int, causes))
    found = (
        Launch.objects.select_for_update(no_key=True)
        .filter(playbook=playbook, playbook_version=version, state=state, cause__startswith=f"{BY_TRIGGER} ")
        # What waits only for the next day does not line up behind what a person approved.
        .filter(decided_by="" if asks else by.label[:160])
        .first()
    )
    if found is not None:
        more = [pk for pk in ids if pk not in set(found.account_ids)]
        found.account_ids, found.asked = [*found.account_ids, *more], found.asked + len(more)
        found.causes = {**causes, **found.causes}
        found.save(update_fields=["account_ids", "asked", "causes"])
        if asks:
            retitle(ASKS, f"launch {found.pk}", asking_words(playbook, found))
        return len(more)
    words = wanted[0].words if len(wanted) == 1 else f"Its trigger, for {plural(len(ids), 'account')}"
    number = Launch.objects.filter(playbook=playbook, cause__startswith=f"{BY_TRIGGER} ").count() + 1
    cause = f"{BY_TRIGGER} {number}"
    open_launch(playbook, version, ids, by=by, cause=cause, words=words, asks=asks, causes=causes)
    return len(ids)


def cause_json(one: Wanted) -> dict[str, Any]:
    """What a launch keeps of a start: its cause, and where it came from."""
    return {"cause": one.cause, "words": one.words, "signal": one.signal_id, "parent": one.parent_id}


def kept_cause(launch: Launch, account_id: int) -> Wanted | None:
    """What a launch has kept of the start on an account."""
    kept = launch.causes.get(str(account_id))
    if not kept:
        return None
    return Wanted(account_id, kept["cause"], kept["words"], kept.get("signal"), kept.get("parent"))


@transaction.atomic
def open_launch(
    playbook: Playbook,
    version: PlaybookVersion,
    account_ids: Sequence[int],
    *,
    by: Actor,
    cause: str,
    words: str,
    asks: bool,
    causes: Mapping[str, Any] | None = None,
) -> Launch:
    """A launch that asks the managers, or one that goes on by itself on the next days."""
    made = Launch.objects.create(
        playbook=playbook,
        playbook_version=version,
        cause=cause[:160],
        cause_words=words[:300],
        state=LaunchState.ASKING if asks else LaunchState.RUNNING,
        account_ids=list(account_ids),
        causes=dict(causes or {}),
        asked=len(account_ids),
        per_day=max(1, min(playbook.daily_limit, 1000)),
        actor=by.label[:160],
        decided_by="" if asks else by.label[:160],
        decided_at=None if asks else now(),
    )
    record("asked for" if asks else "opened", made, by=by, after={"accounts": made.asked, "cause": words})
    if asks:
        notify(
            manager_ids(),
            ASKS,
            asking_words(playbook, made),
            key=f"launch {made.pk}",
            text=words,
            page="launch",
            page_args=[made.pk],
            by=by,
        )
    return made


def asking_words(playbook: Playbook, launch: Launch) -> str:
    """ "Start Rescue on 31 accounts?"."""
    return f"Start {playbook.name} on {plural(launch.asked, 'account')}?"


def _lock(launch: Launch, *states: str) -> Launch:
    locked = Launch.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "playbook", "playbook_version"
    )
    found = locked.get(pk=launch.pk)
    if found.state not in states:
        raise PlayRefused(f"This launch is not open for that any more: {found.get_state_display().lower()}.")
    return found


@transaction.atomic
def approve_launch(launch: Launch, *, by: Actor, per_day: int, asked: int | None = None) -> Launch:
    """Start so many a day, the first ones at once. Raises Conflict if more accounts came than were seen."""
    launch = _lock(launch, LaunchState.ASKING)
    if asked is not None and launch.asked != asked:
        raise Conflict(CONFLICT)
    launch.state, launch.per_day = LaunchState.RUNNING, per_day
    _decide(launch, by, "state", "per_day")
    record("approved", launch, by=by, after={"accounts": launch.asked, "a day": per_day})
    start_day(launch, today(), by=by)
    return launch


@transaction.atomic
def refuse_launch(launch: Launch, *, by: Actor, reason: str = "") -> Launch:
    """Start none of them; the same causes do not ask again."""
    launch = _lock(launch, LaunchState.ASKING)
    launch.state = LaunchState.REFUSED
    _decide(launch, by, "state")
    record("refused", launch, by=by, after={"accounts": launch.asked, "reason": reason})
    return launch


@transaction.atomic
def stop_launch(launch: Launch, *, by: Actor, reason: str = "") -> Launch:
    """Start no more of them; plays that were started go on."""
    launch = _lock(launch, LaunchState.RUNNING)
    launch.state = LaunchState.STOPPED
    _decide(launch, by, "state")
    record("stopped", launch, by=by, after={"left": len(launch.account_ids), "reason": reason})
    return launch


def _decide(launch: Launch, by: Actor, *fields: str) -> None:
    launch.decided_by, launch.decided_at = by.label[:160], now()
    launch.save(update_fields=[*fields, "decided_by", "decided_at"])


@transaction.atomic
def start_day(launch: Launch, day: date, *, by: Actor) -> Job | None:
    """Start a day's part of a running launch in the background, once a day."""
    launch = Launch.objects.select_for_update(no_key=True).get(pk=launch.pk)
    key = f"{launch.pk} on {day}"
    is_done = launch.state != LaunchState.RUNNING or Job.objects.filter(kind=LAUNCH_JOB, key=key).exists()
    if is_done:
        return None
    until = launch.started + launch.per_day
    title = f"Start {launch.playbook.name} on accounts"
    return start_job(LAUNCH_JOB, title, by=by, key=key, launch=launch.pk, until=until)


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """The names of accounts that are there; one query."""
    return dict(Account.objects.filter(pk__in=list(account_ids)).values_list("pk", "name"))
