"""The page of all active plans."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from csworkspace.tenancy.clock import today_of
from playbooks.plans.lists import WORST_FIRST, plan_rows, read_cursor, tally


def plan_list(request: Any) -> HttpResponse:
    """Active plans by status, of everybody or one's own; those that need attention first."""
    status = request.GET.get("status", "")
    status = status if status in WORST_FIRST else ""
    mine = request.GET.get("owner") == "mine"
    owner_id = request.membership.pk if mine else None
    after = read_cursor(request.GET.get("after", ""))
    rows, more = plan_rows(today_of(request.workspace), status=status, owner_id=owner_id, after=after)
    counts = tally(owner_id)
    context = {
        "rows": rows,
        "tabs": [_tab("All", "", sum(counts.values()), status, mine=mine)]
        + [_tab(item.label, item, counts.get(item, 0), status, mine=mine) for item in WORST_FIRST],
        "mine": mine,
        "total": sum(counts.values()),
        "owner_url": _address(status, mine=not mine),
        "first_url": _address(status, mine=mine) if after else "",
        "next_url": _address(status, mine=mine, after=rows[-1].cursor) if more and rows else "",
    }
    return render(request, "plans/list.html", context)


def _tab(label: str, status: str, count: int, current: str, *, mine: bool) -> dict[str, Any]:
    return {
        "label": label,
        "url": _address(status, mine=mine),
        "count": count,
        "current": status == current,
    }


def _address(status: str, *, mine: bool, after: str = "") -> str:
    parts = {"status": status, "owner": "mine" if mine else "", "after": after}
    return f"?{urlencode({name: value for name, value in parts.items() if value})}"
