"""What the inbox shows: whose accounts, of which tier and segment, which kinds, severities and states."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from accounts.segments.evaluate import accounts_in
from csworkspace.people.models import Membership, Role
from csworkspace.web.urls import id_in
from playbooks.indicators.models import Severity, SignalKind
from playbooks.signals.models import Signal, SignalState

ALL, NOBODY = "all", "none"
WAITING = "waiting"
# Names of the list's states beside the states themselves.
STATES = {
    WAITING: (SignalState.OPEN, SignalState.ACKNOWLEDGED),
    **{state.value: (state,) for state in SignalState},
}


@dataclass(frozen=True)
class SignalFilter:
    """One view of the inbox, as its address says it; empty means no limit.

    owner: "all", "none" or a membership's id, of the account's owner. state: a key of STATES.
    """

    owner: str = ALL
    kind: str = ""
    severity: str = ""
    tier: str = ""
    segment: str = ""
    indicator: str = ""
    state: str = WAITING

    def url(self, **changes: Any) -> str:
        """The address's query of this view with some things changed."""
        view = replace(self, **changes)
        named = {one.name: getattr(view, one.name) for one in fields(view)}
        return f"?{urlencode({name: value for name, value in named.items() if value})}"

    @property
    def narrows(self) -> bool:
        """Whether something but owner and state is limited."""
        return bool(self.kind or self.severity or self.tier or self.segment or self.indicator)

    @property
    def is_past(self) -> bool:
        """Whether it shows what is over: the newest first, then, not the worst."""
        return self.state == SignalState.RESOLVED


def usual_owner(member: Membership) -> str:
    """A CSM starts with their own accounts, others with everybody's."""
    return str(member.pk) if member.role == Role.CSM else ALL


def read_filter(query: Mapping[str, str], member: Membership) -> SignalFilter:
    """The view that an address asks for; what is not understood is left out."""
    owner, state = query.get("owner", ""), query.get("state", "")
    severity, kind = query.get("severity", ""), query.get("kind", "")
    known = owner in (ALL, NOBODY) or id_in(owner) is not None
    return SignalFilter(
        owner=owner if known else usual_owner(member),
        kind=kind if kind in SignalKind.values else "",
        severity=severity if severity in map(str, Severity.values) else "",
        tier=_id(query.get("tier", "")),
        segment=_id(query.get("segment", "")),
        indicator=_id(query.get("indicator", "")),
        state=state if state in STATES else WAITING,
    )


def _id(text: str) -> str:
    return text if id_in(text) is not None else ""


def chosen(view: SignalFilter) -> QuerySet[Signal]:
    """The signals of the view in any state; at most one query of its own, for the segment."""
    rows = Signal.objects.all()
    if view.owner != ALL:
        rows = rows.filter(account__owner_id=None if view.owner == NOBODY else int(view.owner))
    if view.kind:
        rows = rows.filter(kind=view.kind)
    if view.severity:
        rows = rows.filter(severity__gte=int(view.severity))
    if view.tier:
        rows = rows.filter(account__tier_id=int(view.tier))
    if view.segment:
        rows = rows.filter(account_id__in=accounts_in(int(view.segment)))
    if view.indicator:
        rows = rows.filter(indicator_id=int(view.indicator))
    return rows


def in_state(view: SignalFilter, rows: QuerySet[Signal]) -> QuerySet[Signal]:
    """Those in the view's state."""
    return rows.filter(state__in=STATES[view.state])
