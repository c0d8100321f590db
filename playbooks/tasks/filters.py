"""What the task inbox shows: whose tasks, of which playbook, tier and segment, from where, open or done."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.segments.models import SegmentStay
from csworkspace.people.models import Membership, Role
from csworkspace.web.urls import id_in
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.owners import HERE

MINE, TEAM, NOBODY = "mine", "team", "nobody"
ORIGINS = {"play": "A play", "signal": "A signal", "meeting": "A meeting or note", "hand": "By hand"}
OPEN, OVER = "open", "done"
ORIGIN_FILTERS = {
    "play": Q(step__isnull=False),
    "signal": Q(step__isnull=True, signal__isnull=False),
    "meeting": Q(note__isnull=False),
    "hand": Q(step__isnull=True, signal__isnull=True, note__isnull=True),
}


@dataclass(frozen=True)
class TaskFilter:
    """A view of tasks, as its address says it. whose: "mine", "team", "nobody" or a member's id."""

    whose: str = MINE
    state: str = OPEN
    account: int | None = None
    playbook: int | None = None
    tier: int | None = None
    segment: int | None = None
    origin: str = ""

    def url(self, **changes: object) -> str:
        """The address's query of this view with some things changed; "" parts left out."""
        view = replace(self, **changes)  # type: ignore[arg-type]
        parts = {field.name: getattr(view, field.name) for field in fields(view)}
        return f"?{urlencode({name: value for name, value in parts.items() if value not in (None, '')})}"

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides whose and which state is asked."""
        return any((self.account, self.playbook, self.tier, self.segment, self.origin))


def read_filter(query: Mapping[str, str], me: Membership) -> TaskFilter:
    """The view that an address asks for; what it cannot mean is passed over.

    Executives have no tasks of their own to begin with, and an account's are everybody's.
    """
    account = id_in(query.get("account", ""))
    usual = TEAM if account or me.role == Role.EXECUTIVE else MINE
    whose = query.get("whose", "")
    known = whose in (MINE, TEAM, NOBODY) or id_in(whose) is not None
    return TaskFilter(
        whose=whose if known else usual,
        state=OVER if query.get("state") == OVER else OPEN,
        account=account,
        playbook=id_in(query.get("playbook", "")),
        tier=id_in(query.get("tier", "")),
        segment=id_in(query.get("segment", "")),
        origin=query.get("origin", "") if query.get("origin") in ORIGINS else "",
    )


def chosen(view: TaskFilter, me: Membership) -> QuerySet[Task]:
    """The tasks of a view: the earliest due first, without a date last; what is over the latest first."""
    rows = Task.objects.filter(_whose(view, me))
    if view.account is not None:
        rows = rows.filter(account_id=view.account)
    if view.playbook is not None:
        rows = rows.filter(step__play__playbook_id=view.playbook)
    if view.tier is not None:
        rows = rows.filter(account__tier_id=view.tier) if view.tier else rows.filter(account__tier=None)
    if view.segment is not None:
        inside = SegmentStay.objects.filter(segment_id=view.segment, left_at=None)
        rows = rows.filter(Exists(inside.filter(account_id=OuterRef("account_id"))))
    if view.origin:
        rows = rows.filter(ORIGIN_FILTERS[view.origin])
    if view.state == OVER:
        return rows.exclude(state=TaskState.OPEN).order_by("-ended_at", "-pk")
    return rows.filter(state=TaskState.OPEN).order_by(F("due_on").asc(nulls_last=True), "pk")


def _whose(view: TaskFilter, me: Membership) -> Q:
    if view.whose == TEAM:
        return Q()
    if view.whose == NOBODY:
        return Q(owner=None) | ~HERE
    return Q(owner_id=me.pk if view.whose == MINE else id_in(view.whose))


def choices_of(names: Mapping[Any, str], anything: str) -> list[tuple[str, str]]:
    """Options of a filter's field."""
    return [("", anything), *((str(key), name) for key, name in names.items())]
