"""Plays that lead to plays: where a change came from, and where a chain of them ends.

A step that changes an account keeps in its result what it set. A change of stage or tier that is seen
later is matched with it exactly; for signals and segments, which follow from changes in roundabout ways,
every play counts whose step changed the account within the day before. A signal that tells of advice comes
from the play that gave it, however long ago.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.notifications.actions import notify
from playbooks.playbooks.models import Playbook
from playbooks.plays.clock import now
from playbooks.plays.models import CutCircle, Play, PlayStep, StepState
from playbooks.plays.owners import manager_ids
from playbooks.plays.refusals import LoopRefused
from playbooks.recommendations.models import Recommendation
from playbooks.signals.queries import named_in

DEEPEST = 3
LOOP = "did not start: circle"
CIRCLE = "playbooks would have started each other"
RECENT = timedelta(days=1)
__all__ = [
    "LoopRefused",
    "changed_by_play",
    "check_chain",
    "cut_causes",
    "note_loop",
    "parent_at",
    "recent_acts",
    "who_advised",
]


def check_chain(playbook: Playbook, parent: Play | None) -> int:
    """How deep a play below `parent` would be. Raises LoopRefused; at most four queries."""
    if parent is None:
        return 0
    depth = parent.depth + 1
    if depth > DEEPEST:
        text = f"{depth} plays would have led to each other. A person should look at it first."
        raise LoopRefused(text, CIRCLE)
    above: Play | None = parent
    while above is not None:
        if above.playbook_id == playbook.pk:
            text = f"A play of {playbook.name} led to this: the playbooks start each other."
            raise LoopRefused(text, CIRCLE)
        above = Play.objects.filter(pk=above.parent_id).first() if above.parent_id else None
    return depth


def note_loop(
    playbook: Playbook, account: Account | None, cause: str, why: str, *, key: str, by: Actor
) -> None:
    """Write down on the playbook that a circle was cut, and tell the managers, once for each cause.

    key: the cause; from now on it starts the playbook on the account no more (see `cut_causes`).
    """
    if account is not None:
        cut = {"playbook": playbook, "account": account, "cause": key[:160]}
        _, is_new = CutCircle.objects.get_or_create(**cut, defaults={"cut_at": now()})
        if not is_new:
            return
    name = account.name if account else ""
    pk = account.pk if account else 0
    record(LOOP, playbook, by=by, after={"account": name, "cause": cause, "why": why})
    notify(
        manager_ids(),
        "play_loop",
        f"{playbook.name} was not started on {name}",
        key=f"loop {playbook.pk} {pk} {key}",
        text=f"{why} Change the trigger of one of them.",
        page="plays",
    )


def cut_causes(playbook: Playbook, account_ids: Iterable[int]) -> set[tuple[int, str]]:
    """The (account, cause) pairs that went round in a circle; one query."""
    found = CutCircle.objects.filter(playbook=playbook, account_id__in=list(account_ids))
    return set(found.values_list("account_id", "cause"))


def changed_by_play(account_ids: Iterable[int], field: str) -> dict[tuple[int, Any], int]:
    """(account, value that was set) → the latest play whose step set it in the last day; one query."""
    rows = _acts(account_ids, "change").filter(result__field=field)
    told = rows.values_list("account_id", "result", "play_id")
    return {(account, result.get("after")): play for account, result, play in told}


def recent_acts(account_ids: Iterable[int]) -> dict[int, list[tuple[datetime, int]]]:
    """Account → (when, play) of steps that acted on the world in the last day, latest first; one query."""
    found: dict[int, list[tuple[datetime, int]]] = {}
    rows = _acts(account_ids, "change", "webhook").reverse()
    for account, play, at in rows.values_list("account_id", "play_id", "ended_at"):
        if at is not None:
            found.setdefault(account, []).append((at, play))
    return found


def who_advised(evidence: Mapping[int, Any]) -> dict[int, int]:
    """Signal → the play that gave the advice which the signal's evidence names; at most one query."""
    named = {pk: named_in(rows, "recommendation") for pk, rows in evidence.items()}
    wanted = {advice for advice in named.values() if advice is not None}
    if not wanted:
        return {}
    rows = Recommendation.objects.filter(pk__in=wanted, step__isnull=False)
    plays = dict(rows.values_list("pk", "step__play_id"))
    return {pk: plays[advice] for pk, advice in named.items() if advice in plays}


def parent_at(acts: Sequence[tuple[datetime, int]], at: datetime) -> int | None:
    """The latest play that acted before a cause arose: what was there already it cannot have caused."""
    return next((play for acted, play in acts if acted <= at), None)


def _acts(account_ids: Iterable[int], *kinds: str) -> QuerySet[PlayStep]:
    rows = PlayStep.objects.filter(
        play__account_id__in=list(account_ids),
        kind__in=kinds,
        state=StepState.DONE,
        ended_at__gt=now() - RECENT,
    )
    return rows.order_by("ended_at", "pk")
