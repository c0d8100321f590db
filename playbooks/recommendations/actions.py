"""Making recommendations, what customers answer, and how they end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.notifications.actions import notify
from csworkspace.people.models import Membership
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import Conflict
from playbooks.frameworks.models import Behaviour
from playbooks.plays.models import PlayStep
from playbooks.plays.owners import first_here
from playbooks.recommendations.models import UNANSWERED, Recommendation, RecommendationState

STATE = RecommendationState
ANSWERED = "recommendation_answered"
# What customers may say, and what it makes of the recommendation.
ANSWERS = {"accept": STATE.ACCEPTED, "decline": STATE.DECLINED, "done": STATE.TAKEN_UP}
WORDS = {STATE.ACCEPTED: "accepted", STATE.DECLINED: "declined", STATE.TAKEN_UP: "has done"}
# What a step that waits for the answer ends with.
CLOSED = (STATE.TAKEN_UP, STATE.DECLINED, STATE.WITHDRAWN, STATE.EXPIRED)


@dataclass(frozen=True)
class Advice:
    """What is advised: features or a behaviour show that it was taken up."""

    title: str
    text: str = ""
    why: str = ""
    features: list[str] = field(default_factory=list)
    behaviour: Behaviour | None = None
    due_on: date | None = None


@transaction.atomic
def make_recommendation(
    account: Account,
    advice: Advice,
    *,
    by: Actor,
    owner: Membership | None = None,
    step: PlayStep | None = None,
) -> Recommendation:
    """Advise a customer; they see it at once. A step of a play does so once."""
    values: dict[str, Any] = {
        **{name: getattr(advice, name) for name in ("title", "text", "why", "behaviour", "due_on")},
        "features": list(dict.fromkeys(advice.features)),
        "account": account,
        "owner": owner or account.owner,
        "shared_at": timezone.now(),
        "actor": by.label[:160],
    }
    if step is None:
        made, is_new = Recommendation.objects.create(**values), True
    else:
        made, is_new = Recommendation.objects.get_or_create(step=step, defaults=values)
    if is_new:
        record("recommended", made, by=by, after={"account": account.name, "why": advice.why})
        announce("recommendations.changed", by=by, account_ids=[account.pk])
    return made


def lock_recommendation(pk: int) -> Recommendation:
    """The row as it is now, locked."""
    found = Recommendation.objects.select_related("account", "owner")
    return found.select_for_update(of=("self",)).get(pk=pk)


@transaction.atomic
def answer_recommendation(
    recommendation: Recommendation, answer: str, *, by: Actor, note: str = "", seen: int | None = None
) -> Recommendation:
    """What a customer says: one of ANSWERS. Raises Conflict if it has ended or said something else since."""
    locked = lock_recommendation(recommendation.pk)
    state = ANSWERS[answer]
    if locked.state not in UNANSWERED or (seen is not None and locked.version != seen):
        raise Conflict(f"This is “{locked.get_state_display().lower()}” meanwhile. Look at it once more.")
    locked.answered_at, locked.answered_by, locked.answer_note = timezone.now(), by.label[:160], note[:500]
    if state == STATE.TAKEN_UP:
        locked.taken_up_on, locked.taken_up_by = today(), f"{by.label} said so"[:300]
    _move(locked, state, by, {"note": note})
    _tell_owner(locked, by)
    return locked


def _tell_owner(one: Recommendation, by: Actor) -> None:
    notify(
        first_here(one.owner, one.account.owner),
        ANSWERED,
        f"{by.label} {WORDS[STATE(one.state)]} “{one.title}”"[:200],
        key=f"recommendation {one.pk} {one.state}",
        text=f"{one.account.name}. {one.answer_note}"[:500],
        page="recommendation",
        page_args=[one.pk],
    )


def _move(one: Recommendation, state: RecommendationState, by: Actor, after: dict[str, Any]) -> None:
    """The new state of a locked row, in the log, and the news of it."""
    before = {"state": one.get_state_display()}
    one.state, one.version = state, one.version + 1
    if state in CLOSED:
        one.closed_at = timezone.now()
    one.save()
    record(state.label.lower(), one, by=by, before=before, after={"state": state.label, **after})
    announce("recommendations.changed", by=by, account_ids=[one.account_id])
    if one.step_id and state in CLOSED:
        announce(
            "plays.step_ended",
            by=by,
            step_id=one.step_id,
            outcome=str(state.value),
            note=one.taken_up_by or one.answer_note,
            error="",
        )


@transaction.atomic
def take_up(recommendation: Recommendation, *, by: Actor, shown_by: str, on: date) -> bool:
    """It was taken up, and what showed it; False if it has ended already."""
    locked = lock_recommendation(recommendation.pk)
    if locked.state not in UNANSWERED:
        return False
    locked.taken_up_on, locked.taken_up_by = on, shown_by[:300]
    _move(locked, STATE.TAKEN_UP, by, {"shown by": locked.taken_up_by})
    return True


@transaction.atomic
def withdraw_recommendation(
    recommendation: Recommendation, *, by: Actor, reason: str, is_accepted_kept: bool = False
) -> Recommendation:
    """Advise it no more; customers do not see it any longer. Raises Conflict if it has ended.

    is_accepted_kept: and if the customer has accepted it.
    """
    locked = lock_recommendation(recommendation.pk)
    if locked.state not in ((STATE.OPEN,) if is_accepted_kept else UNANSWERED):
        raise Conflict(f"This is “{locked.get_state_display().lower()}” already.")
    _move(locked, STATE.WITHDRAWN, by, {"reason": reason[:300]})
    return locked


@transaction.atomic
def expire_recommendation(recommendation: Recommendation, *, by: Actor) -> bool:
    """Nobody took it up in time; False if it has ended already."""
    locked = lock_recommendation(recommendation.pk)
    if locked.state not in UNANSWERED:
        return False
    _move(locked, STATE.EXPIRED, by, {"due": locked.due_on})
    return True


@transaction.atomic
def mark_seen(account_id: int, only: Collection[int] | None = None) -> int:
    """Somebody of the customer has looked at what is open, or at some of it; how many they saw first now."""
    new = Recommendation.objects.filter(account_id=account_id, state__in=UNANSWERED, seen_at=None)
    if only is not None:
        new = new.filter(pk__in=only)
    return new.update(seen_at=timezone.now())


def lines_of(features: Iterable[str]) -> list[str]:
    """Names of features without what is empty, each once."""
    return list(dict.fromkeys(name.strip() for name in features if name.strip()))
