"""What the pages of recommendations print."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.models import Workspace
from csworkspace.web.formats import plural
from csworkspace.web.times import day, relative_day
from playbooks.recommendations.models import UNANSWERED, Recommendation, RecommendationState

STATE = RecommendationState
MARKS = {
    STATE.OPEN: "waiting",
    STATE.ACCEPTED: "running",
    STATE.TAKEN_UP: "done",
    STATE.DECLINED: "closed",
    STATE.WITHDRAWN: "closed",
    STATE.EXPIRED: "overdue",
}
SHOWN = 200
# An answer to what the customer has not even seen for so long is not to be expected.
LONG = 14


@dataclass(frozen=True)
class RecommendationRow:
    """A recommendation as pages print it; `so_far` says what the customer did with it."""

    id: int
    title: str
    text: str
    why: str
    state: str
    mark: str
    so_far: str
    is_ignored: bool
    due: str
    is_late: bool
    owner: str
    note: str
    is_open: bool
    is_accepted: bool
    version: int


def recommendations_of(account_id: int, *, portal: bool = False) -> QuerySet[Recommendation]:
    """An account's recommendations: open ones, accepted ones, the rest; each by due date, then the newest."""
    order = [When(state=state, then=Value(place)) for place, state in enumerate(UNANSWERED)]
    first = Case(*order, default=Value(len(order)), output_field=IntegerField())
    found = Recommendation.objects.filter(account_id=account_id).select_related("owner__user", "behaviour")
    if portal:
        found = found.exclude(state=STATE.WITHDRAWN)
    return found.alias(first=first).order_by("first", "due_on", "-id")


def rows_of(
    account_id: int, workspace: Workspace, today: date, *, portal: bool = False
) -> list[RecommendationRow]:
    """The same, ready to print; one query."""
    found = recommendations_of(account_id, portal=portal)[:SHOWN]
    return [row_of(one, workspace, today, portal=portal) for one in found]


def row_of(
    one: Recommendation, workspace: Workspace, today: date, *, portal: bool = False
) -> RecommendationRow:
    """One recommendation, ready to print."""
    state = STATE(one.state)
    waits = state in UNANSWERED
    silent_since = day_in(workspace, one.seen_at or one.shared_at)
    return RecommendationRow(
        id=one.pk,
        title=one.title,
        text=one.text,
        why=one.why,
        state=state.label,
        mark=MARKS[state],
        so_far=so_far(one, workspace, today, portal=portal),
        is_ignored=state == STATE.OPEN and silent_since <= today - timedelta(days=LONG),
        due=f"{day(one.due_on)} ({relative_day(one.due_on, today)})"
        if one.due_on and waits
        else day(one.due_on),
        is_late=waits and one.due_on is not None and one.due_on < today,
        owner=str(one.owner) if one.owner else "",
        note=one.answer_note,
        is_open=waits,
        is_accepted=state == STATE.ACCEPTED,
        version=one.version,
    )


def so_far(one: Recommendation, workspace: Workspace, today: date, *, portal: bool = False) -> str:
    """What became of it: "Seen, not answered for 9 days". Customers do not read what showed it to us."""
    if one.state == STATE.TAKEN_UP and portal:
        return f"Taken up, {day(one.taken_up_on)}" if one.taken_up_on else "Taken up"
    if one.state == STATE.TAKEN_UP:
        return f"{one.taken_up_by}, {day(one.taken_up_on)}" if one.taken_up_on else one.taken_up_by
    if one.state == STATE.WITHDRAWN:
        return f"Withdrawn {_on(one.closed_at, workspace)}"
    if one.state == STATE.EXPIRED:
        return f"Not taken up by {day(one.due_on)}"
    if one.answered_at:
        verb = "Accepted" if one.state == STATE.ACCEPTED else "Declined"
        return f"{verb} by {one.answered_by}, {_on(one.answered_at, workspace)}"
    days = max(0, (today - day_in(workspace, one.seen_at or one.shared_at)).days)
    span = plural(days, "day")
    if one.seen_at:
        return f"Seen, not answered for {span}" if days else "Seen today"
    return f"Not seen for {span}" if days else "Shared today"


def _on(moment: Any, workspace: Workspace) -> str:
    return day(day_in(workspace, moment or timezone.now()))


def open_rows(account_id: int, workspace: Workspace, today: date, most: int) -> list[RecommendationRow]:
    """A few of those without an end; one query."""
    found = recommendations_of(account_id).filter(state__in=UNANSWERED)[:most]
    return [row_of(one, workspace, today) for one in found]
