"""Starting playbooks on accounts: who may be started on, and one play for one cause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from accounts.accounts.models import Account, Stage
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.notifications.actions import notify
from csworkspace.people.queries import team
from csworkspace.tenancy.clock import today
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.playbooks.steps import step_kind
from playbooks.plays.chain import LoopRefused, check_chain, note_loop
from playbooks.plays.clock import now
from playbooks.plays.flow import planned_steps
from playbooks.plays.models import ACTIVE, Play, PlayStep
from playbooks.plays.owners import leader_of, whom_to_tell
from playbooks.plays.refusals import StartRefused
from playbooks.signals.models import Signal

ADVANCE_JOB, TOGETHER = "plays.advance", 200
NOT_ACTIVE = {
    PlaybookState.DRAFT: "{name} is a draft. Publish it first.",
    PlaybookState.PAUSED: "{name} is paused: it starts no plays until somebody resumes it.",
    PlaybookState.RETIRED: "{name} is retired and starts no plays any more.",
}
ONCE = {
    "play_one_active": (
        "{playbook} runs on {account} already. Finish or stop that play first.",
        "it runs there already",
    ),
    "play_once_per_cause": (
        "{playbook} was started on {account} for this cause before.",
        "it was started for this cause before",
    ),
}
GONE = "the account is not there any more"


@dataclass(frozen=True)
class Wanted:
    """A play that is to be started: on which account, and why; `words` is the cause for people."""

    account_id: int
    cause: str
    words: str
    signal_id: int | None = None
    parent_id: int | None = None
    owner_id: int | None = None


@transaction.atomic
def start_play(
    playbook: Playbook,
    account: Account,
    *,
    by: Actor,
    cause: str,
    cause_words: str,
    signal: Signal | None = None,
    parent: Play | None = None,
    owner_id: int | None = None,
) -> Play:
    """Start a playbook on an account; its first step begins in the background at once.

    Raises StartRefused with a sentence: the playbook is not active, the account has churned, a play of
    it runs there, the cause has started one before, or playbooks start each other in a circle.
    """
    locked, version = lock_startable(playbook.pk)
    wanted = Wanted(
        account.pk,
        cause,
        cause_words,
        signal.pk if signal else None,
        parent.pk if parent else None,
        owner_id,
    )
    play = make_play(locked, version, account, wanted, by=by)
    settle_starts([play], by=by)
    return play


def lock_startable(playbook_id: int) -> tuple[Playbook, PlaybookVersion]:
    """The playbook under its lock, one start at a time, with its newest version. Raises StartRefused."""
    playbook = Playbook.objects.select_for_update(no_key=True).get(pk=playbook_id)
    refusal = NOT_ACTIVE.get(PlaybookState(playbook.state))
    if refusal:
        raise StartRefused(refusal.format(name=playbook.name))
    version = PlaybookVersion.objects.filter(
        playbook=playbook, number=playbook.current or 0, published_at__isnull=False
    ).first()
    if version is None:
        raise StartRefused(f"{playbook.name} has no published version. Publish it first.")
    return playbook, version


def start_many(
    playbook: Playbook, version: PlaybookVersion, wanted: Sequence[Wanted], *, by: Actor
) -> tuple[list[Play], dict[int, str]]:
    """Start some plays of a locked playbook together; those that were started, and why others were not.

    What would go round in a circle is written down on the playbook. A constant number of statements for
    each play.
    """
    accounts = Account.objects.select_related("owner__user").in_bulk([one.account_id for one in wanted])
    plays: list[Play] = []
    refused: dict[int, str] = {}
    for one in wanted:
        account = accounts.get(one.account_id)
        if account is None:
            refused[one.account_id] = GONE
            continue
        try:
            plays.append(make_play(playbook, version, account, one, by=by))
        except StartRefused as refusal:
            refused[one.account_id] = refusal.why
            if isinstance(refusal, LoopRefused):
                note_loop(playbook, account, one.words, str(refusal), key=one.cause, by=by)
    settle_starts(plays, by=by)
    return plays, refused


def make_play(
    playbook: Playbook, version: PlaybookVersion, account: Account, wanted: Wanted, *, by: Actor
) -> Play:
    """The play with its steps as rows; `settle_starts` must follow. Raises StartRefused."""
    check_account(account, version)
    parent = Play.objects.filter(pk=wanted.parent_id).first() if wanted.parent_id else None
    depth = check_chain(playbook, parent)
    if wanted.owner_id and not team().filter(pk=wanted.owner_id).exists():
        raise StartRefused("That colleague does not work here any more. Choose another one.")
    _check_free(playbook, account)
    play = Play(
        account=account,
        playbook=playbook,
        playbook_version=version,
        signal_id=wanted.signal_id,
        parent=parent,
        depth=depth,
        cause=wanted.cause[:160],
        cause_words=wanted.words[:300],
        owner_id=wanted.owner_id,
        is_parallel=playbook.is_parallel,
        started_at=now(),
        started_on=today(),
        renewal_on=account.renewal_on,
        actor=by.label[:160],
    )
    _insert(play)
    PlayStep.objects.bulk_create(steps_of(play, version))
    record("started", play, by=by, after={"account": account, "cause": wanted.words, "version": version})
    return play


def check_account(account: Account, version: PlaybookVersion) -> None:
    """Raise StartRefused for a churned account, unless the audience names churned ones."""
    stages = version.audience.get("stages") or []
    if account.stage == Stage.CHURNED and Stage.CHURNED not in stages:
        text = f"{account.name} has churned, and this playbook is not for churned accounts."
        raise StartRefused(text, "it has churned")


def _check_free(playbook: Playbook, account: Account) -> None:
    # The constraint knows how the playbook was when a play started; this, under its lock, how it is.
    others = Play.objects.filter(playbook=playbook, account=account, state__in=ACTIVE)
    if not playbook.is_parallel and others.exists():
        raise _not_again("play_one_active", playbook, account)


def _not_again(constraint: str, playbook: Playbook, account: Account) -> StartRefused:
    text, why = ONCE[constraint]
    words = text.format(playbook=playbook.name, account=account.name)
    return StartRefused(words, why, is_again=True)


def steps_of(play: Play, version: PlaybookVersion) -> list[PlayStep]:
    """The rows of a play's steps, none of which has begun."""
    return [
        PlayStep(
            account_id=play.account_id,
            play=play,
            key=step.key,
            position=position,
            kind=step.kind,
            title=step.title[:200],
        )
        for position, step in enumerate(planned_steps(version.steps))
    ]


def _insert(play: Play) -> None:
    try:
        with transaction.atomic():
            play.save(force_insert=True)
    except IntegrityError as error:
        cause: Any = error.__cause__
        constraint = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
        if constraint not in ONCE:
            raise
        raise _not_again(constraint, play.playbook, play.account) from error


def settle_starts(plays: Sequence[Play], *, by: Actor) -> None:
    """What follows from starts: their first steps, the news, and a word to those who lead them."""
    if not plays:
        return
    advance_soon([play.pk for play in plays], by=by)
    announce("plays.changed", by=by, account_ids=sorted({play.account_id for play in plays}))
    for play in plays:
        _tell(play, by)


def _tell(play: Play, by: Actor) -> None:
    leader = leader_of(play)
    if leader is not None and (leader.pk == by.membership_id or _first_step_tells(play)):
        return
    gap = "" if leader else "Nobody leads it: hand it to a colleague. "
    notify(
        whom_to_tell(play),
        "play_started",
        f"{play.playbook.name} was started on {play.account.name}",
        key=f"play {play.pk} started",
        text=f"{gap}{play.cause_words}",
        page="play",
        page_args=[play.pk],
        # What a trigger started is news even to who moved the trigger.
        by=by if play.cause.startswith("by hand") else None,
    )


def _first_step_tells(play: Play) -> bool:
    """Whether its first step will be news to whoever leads it: a task, or e-mails for their look."""
    first = next(iter(planned_steps(play.playbook_version.steps)), None)
    kind = step_kind(first.kind) if first else None
    return bool(first and kind and kind.tells_leader(dict(first.params)))


def advance_soon(play_ids: Iterable[int], *, by: Actor, key: str = "", look: bool = False) -> None:
    """Start the jobs that move plays on, so many plays in each."""
    ids = list(play_ids)
    for number, start in enumerate(range(0, len(ids), TOGETHER)):
        group = ids[start : start + TOGETHER]
        title = "Move plays on"
        start_job(ADVANCE_JOB, title, by=by, key=f"{key} {number}" if key else "", play_ids=group, look=look)
