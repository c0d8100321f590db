"""The account page's own panels: facts, and what changed lately."""

from typing import Any

from accounts.accounts.history import history
from accounts.accounts.queries import overview_facts
from csworkspace.people.access import Needs, may
from csworkspace.web.urls import workspace_url

RECENT = 5


def facts_panel(request: Any, account: Any) -> dict[str, Any]:
    """What is known about the account."""
    may_work = may(request.membership.role, Needs.WORK)
    return {
        "facts": overview_facts(account, request.workspace.timezone),
        "edit_url": workspace_url(request, "account_edit", account.pk) if may_work else "",
    }


def changes_panel(request: Any, account: Any) -> dict[str, Any]:
    """The latest entries of its history."""
    entries = history(account.pk, request.workspace.timezone, limit=RECENT)
    return {"entries": entries[:RECENT], "url": workspace_url(request, "account_history", account.pk)}
