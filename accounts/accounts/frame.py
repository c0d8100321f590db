"""The frame around every page of an account: header, why they bought, tabs."""

from typing import Any

from accounts.accounts.queries import header_of
from csworkspace.tenancy.clock import today_of
from csworkspace.web.slots import Tab, tabs
from csworkspace.web.urls import workspace_url


def account_frame(request: Any, account: Any, current_tab: str) -> dict[str, Any]:
    """The context of templates/accounts/frame.html, which a tab's template extends.

    `account` comes from `get_account`; `current_tab` is the tab's URL name (or its
    label in lower case). Fill the block "content" of the frame.
    """
    return {
        "account": account,
        "header": header_of(account, today_of(request.workspace)),
        "tabs": [_link(request, account, tab, current_tab) for tab in tabs("account")],
        "crumbs": [{"label": "Book of business", "url": workspace_url(request, "book")}],
    }


def _link(request: Any, account: Any, tab: Tab, current_tab: str) -> dict[str, Any]:
    return {
        "label": tab.label,
        "url": workspace_url(request, tab.url_name, account.pk),
        "current": current_tab in (tab.url_name, tab.label.lower()),
    }
