"""What the page of services shows: the window, whose, of which tier and service, in which state."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from csworkspace.web.urls import id_in
from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import with_status
from playbooks.services.status import COUNTED, TO_DO, OccurrenceStatus
from playbooks.services.windows import Window, WindowError, custom, four_quarters, windows

STATUS = OccurrenceStatus
# Names of the list's states beside the statuses themselves.
STATES = {
    "to_do": TO_DO,
    "not_in_time": (STATUS.DELIVERED_LATE, STATUS.LATE),
    "owed": COUNTED,
    **{status.value: (status,) for status in STATUS},
}
NOBODY = 0


@dataclass(frozen=True)
class ServiceFilter:
    """A view of services owed, as its address says it; owner 0 is nobody, None anybody.

    `by`: what attainment is counted for. state: a key of STATES, or "" for all.
    """

    window: Window
    owner: int | None = None
    tier: int | None = None
    service: int | None = None
    by: str = "csm"
    state: str = "to_do"

    def url(self, **changes: object) -> str:
        """The address's query of this view with some things changed."""
        view = replace(self, **changes)  # type: ignore[arg-type]
        parts: dict[str, object] = {"window": view.window.key}
        if view.window.key == "custom":
            parts |= {"since": view.window.since, "until": view.window.until}
        rest = {f.name: getattr(view, f.name) for f in fields(view) if f.name != "window"}
        parts |= {name: value for name, value in rest.items() if value is not None}
        return f"?{urlencode(parts)}"


def read_filter(query: Mapping[str, str], today: date) -> tuple[ServiceFilter, str]:
    """The view that an address asks for, and a sentence about what it could not mean."""
    window, problem = _window(query, today)
    state = query.get("state", "to_do")
    view = ServiceFilter(
        window=window,
        owner=id_in(query.get("owner", "")),
        tier=id_in(query.get("tier", "")),
        service=id_in(query.get("service", "")),
        by=query.get("by", "") if query.get("by") in ("tier", "service") else "csm",
        state=state if state in STATES or not state else "to_do",
    )
    return view, problem


def _window(query: Mapping[str, str], today: date) -> tuple[Window, str]:
    named = {window.key: window for window in windows(today)}
    if query.get("window") != "custom":
        return named.get(query.get("window", ""), four_quarters(today)), ""
    try:
        return custom(
            date.fromisoformat(query.get("since", "")), date.fromisoformat(query.get("until", ""))
        ), ""
    except WindowError as error:
        return four_quarters(today), str(error)
    except ValueError:
        return four_quarters(today), "Enter both days for your own dates. Until then these are four quarters."


def chosen(view: ServiceFilter, today: date, now: datetime) -> QuerySet[Any]:
    """The services within the window and of the chosen people, tiers and services, with their status."""
    rows = ServiceOccurrence.objects.filter(due_on__gte=view.window.since, due_on__lte=view.window.until)
    if view.owner is not None:
        rows = rows.filter(owner=view.owner or None)
    if view.tier is not None:
        rows = rows.filter(tier=view.tier or None)
    if view.service is not None:
        rows = rows.filter(service_id=view.service)
    return with_status(today, now, rows)


def in_state(view: ServiceFilter, today: date, now: datetime) -> QuerySet[Any]:
    """Those of `chosen` that are in the view's state."""
    rows = chosen(view, today, now)
    if not view.state:
        return rows
    if view.state in ("to_do", "open", "late", "planned", "missed"):
        # The status says the same; said in columns, the index of what is to do serves it.
        rows = rows.filter(delivered_on=None, waived_at=None)
    return rows.filter(status__in=STATES[view.state])
