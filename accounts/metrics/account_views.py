"""What an account's page shows of its numbers: the tab "Usage", and the panel of the overview."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.book.models import LONG_AGO
from accounts.metrics.queries import active_metrics
from accounts.metrics.standing import headline_line, metric_lines
from accounts.usage.activity import WINDOW, activity_of
from accounts.usage.lines import read_events
from accounts.usage.queries import bounds
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url

LATEST = 20
PANEL_SPARK = (240, 56)
LATEST_DAYS = 56


def account_usage(request: Any, pk: int) -> HttpResponse:
    """An account's metrics, what is used and by whom, and the latest events."""
    account, today = get_account(pk), today_of(request.workspace)
    zone = request.workspace.timezone
    last = last_active(account)
    lines = metric_lines(request, pk, active_metrics(), today)
    activity = activity_of(pk, today, zone)
    context = {
        **account_frame(request, account, "account_usage"),
        "usage_metrics": [line for line in lines if not line.is_outcome],
        "outcome_metrics": [line for line in lines if line.is_outcome],
        "activity": activity,
        "stats": stats_of(activity, last, today),
        "window": times.day_range(today - timedelta(days=WINDOW - 1), today),
        "last_active": times.day(last) if last else "",
        "events": latest_events(request, pk, last or today, zone),
    }
    return render(request, "metrics/account.html", context)


def last_active(account: Any) -> date | None:
    """The last day with an event, as far as it is measured; None if there never was one.

    `account` comes from `get_account`.
    """
    day: date | None = account.last_active_on
    return None if day is None or day == LONG_AGO else day


def latest_events(request: Any, account_id: int, last: date, zone: str) -> list[Any]:
    """The newest events of the weeks before the last active day, and those after it; one query."""
    until = today_of(request.workspace) + timedelta(days=2)
    start, end = bounds(last - timedelta(days=LATEST_DAYS), until, zone)
    sources = workspace_url(request, "sources")
    return read_events(account_id, [], start, end, zone=zone, sources=sources, limit=LATEST).lines


def stats_of(activity: Any, last: date | None, today: date) -> list[dict[str, str]]:
    """The tallies of the last four weeks."""
    return [
        {"label": "Active people", "value": formats.number(activity.people_active), "note": ""},
        {
            "label": "Features used",
            "value": formats.number(activity.features_used),
            "note": f"{activity.features_new} new, {activity.features_lost} no longer used",
        },
        {
            "label": "Last active",
            "value": times.relative_day(last, today),
            "note": times.day(last) if last else "",
        },
    ]


def usage_panel(request: Any, account: Any) -> dict[str, Any]:
    """The headline metric and the last active day; one query."""
    today = today_of(request.workspace)
    last = last_active(account)
    return {
        "line": headline_line(request, account.pk, today, size=PANEL_SPARK),
        "last": times.relative_day(last, today) if last else "",
        "last_day": times.day(last),
        "url": workspace_url(request, "account_usage", account.pk),
        "metrics_url": workspace_url(request, "metrics"),
    }
