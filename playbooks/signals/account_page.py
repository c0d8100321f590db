"""What an account's pages show of its signals."""

from typing import Any

from accounts.accounts.frame import account_frame
from accounts.news.queries import latest_news
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import id_in, workspace_url
from playbooks.signals.lists import past_of
from playbooks.signals.pages import held_words, settings_url
from playbooks.signals.queries import held_back_on, most_per_day, unresolved_of
from playbooks.signals.rows import row_of

TAB = "account_signals"
MOST_OPEN, PANEL = 200, 4


def tab_context(request: Any, account: Any) -> dict[str, Any]:
    """The tab: what waits, the worst first, a page of what is over, and the latest news."""
    today, before = today_of(request.workspace), id_in(request.GET.get("before", ""))
    waiting = unresolved_of(account.pk).select_related("indicator", "owner__user")[:MOST_OPEN]
    past, last = past_of(account.pk, today, before)
    here = workspace_url(request, TAB, account.pk)
    held = held_back_on(today, [account.pk])
    return {
        **account_frame(request, account, TAB),
        "waiting": [row_of(one, today) for one in waiting],
        "past": past,
        "first_url": f"{here}#past" if before else "",
        "next_url": f"{here}?before={last}#past" if last else "",
        "held": held_words(held, most_per_day()) if held.signals else "",
        "settings_url": settings_url(request),
        "news": latest_news(account.pk, today),
        "may_work": may(request.membership.role, Needs.WORK),
        "here": here,
    }


def signals_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The worst signals in the margin of an account's overview; one query."""
    today = today_of(request.workspace)
    rows = unresolved_of(account.pk).select_related("indicator", "owner__user")
    found = [row_of(one, today) for one in rows[: PANEL + 1]]
    if not found:
        return None
    url = workspace_url(request, TAB, account.pk)
    return {"rows": found[:PANEL], "has_more": len(found) > PANEL, "url": url}
