"""The account page's own panels: facts, and what changed lately."""

from typing import Any

from accounts.accounts.groups import family_of
from accounts.accounts.history import history
from accounts.accounts.queries import Fact, overview_facts
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import number
from csworkspace.web.urls import workspace_url

RECENT = 5
CHILDREN = 8


def facts_panel(request: Any, account: Any) -> dict[str, Any]:
    """What is known about the account."""
    may_work = may(request.membership.role, Needs.WORK)
    known = overview_facts(account, request.workspace.timezone, today_of(request.workspace))
    return {
        "facts": [*family_facts(request, account), *known],
        "edit_url": workspace_url(request, "account_edit", account.pk) if may_work else "",
    }


def family_facts(request: Any, account: Any) -> list[Fact]:
    """The account that it belongs to, and those that belong to it."""
    parent, children = family_of(account)
    facts = [("Belongs to", parent)] if parent else []
    facts += [("Part of it", child) for child in children[:CHILDREN]]
    more = len(children) - CHILDREN
    return [
        *(Fact(label, one.name, workspace_url(request, "account", one.pk)) for label, one in facts),
        *([Fact("Part of it", f"{number(more)} more")] if more > 0 else []),
    ]


def changes_panel(request: Any, account: Any) -> dict[str, Any]:
    """The latest entries of its history."""
    entries = history(account.pk, request.workspace.timezone, limit=RECENT)
    return {"entries": entries[:RECENT], "url": workspace_url(request, "account_history", account.pk)}
