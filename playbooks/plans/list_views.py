"""The page of all active plans."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from accounts.segments.queries import segment_choices
from csworkspace.tenancy.clock import today_of
from playbooks.plans.lists import WORST_FIRST, plan_rows, read_cursor, tally


@dataclass(frozen=True)
class PlanFilter:
    """What limits the list: a status, "mine", a segment's id; and the place where the page begins."""

    status: str = ""
    owner: str = ""
    segment: str = ""
    after: str = ""

    def url(self, **changes: str) -> str:
        """The address of this view with some changes; a change begins at the top."""
        parts = vars(replace(self, **{"after": "", **changes}))
        return f"?{urlencode({name: value for name, value in parts.items() if value})}"


def plan_list(request: Any) -> HttpResponse:
    """Active plans by status, of everybody or one's own; those that need attention first."""
    view = read_filter(request.GET)
    owner_id = request.membership.pk if view.owner else None
    segment_id = int(view.segment) if view.segment else None
    today, after = today_of(request.workspace), read_cursor(view.after)
    wanted: dict[str, Any] = {"owner_id": owner_id, "segment_id": segment_id}
    rows, more = plan_rows(today, status=view.status, after=after, **wanted)
    counts = tally(**wanted)
    total = sum(counts.values())
    context = {
        "rows": rows,
        "view": view,
        "segments": segment_choices(),
        "tabs": [_tab("All", "", total, view)]
        + [_tab(item.label, item, counts.get(item, 0), view) for item in WORST_FIRST],
        "total": total,
        "owner_url": view.url(owner="" if view.owner else "mine"),
        "first_url": view.url() if after else "",
        "next_url": view.url(after=rows[-1].cursor) if more and rows else "",
    }
    return render(request, "plans/list.html", context)


def read_filter(data: Any) -> PlanFilter:
    """A view from an address; what is not understood is left out."""
    status, segment = data.get("status", ""), data.get("segment", "")
    is_id = segment.isascii() and segment.isdecimal() and len(segment) < 19
    return PlanFilter(
        status=status if status in WORST_FIRST else "",
        owner="mine" if data.get("owner") == "mine" else "",
        segment=segment if is_id else "",
        after=data.get("after", ""),
    )


def _tab(label: str, status: str, count: int, view: PlanFilter) -> dict[str, Any]:
    return {
        "label": label,
        "url": view.url(status=status),
        "count": count,
        "current": status == view.status,
    }
