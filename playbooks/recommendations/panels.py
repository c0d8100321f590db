"""Recommendations in the margin of an account's overview."""

from typing import Any

from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from playbooks.recommendations.queries import open_rows

SHOWN = 3


def recommendations_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """What waits for the customer, and a way to recommend something; one query."""
    rows = open_rows(account.pk, request.workspace, today_of(request.workspace), SHOWN)
    may_work = may(request.membership.role, Needs.WORK)
    if not rows and not may_work:
        return None
    return {
        "rows": rows,
        "url": workspace_url(request, "account_recommendations", account.pk),
        "new_url": workspace_url(request, "recommendation_new", account.pk) if may_work else "",
    }
