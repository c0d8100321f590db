"""Maturity on the account's overview."""

from typing import Any

from csworkspace.web import formats
from csworkspace.web.urls import workspace_url
from playbooks.frameworks.queries import account_maturity, active_framework


def maturity_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The ladder and what is missing for the next level; left out without a framework."""
    url = workspace_url(request, "account_maturity", account.pk)
    maturity = account_maturity(account.pk)
    if maturity is None:
        return {"maturity": None, "url": url} if active_framework() else None
    following = maturity.next_level
    return {
        "maturity": maturity,
        "url": url,
        "next": following,
        "missing": following.missing if following else (),
        "missing_words": formats.plural(len(following.missing), "behaviour") if following else "",
    }
