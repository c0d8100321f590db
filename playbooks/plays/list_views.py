"""The list of all plays, and an account's own."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.people.access import Needs, may
from csworkspace.web.slots import panels
from csworkspace.web.urls import id_in, workspace_url
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.pages import list_tabs
from playbooks.plays.clock import now
from playbooks.plays.lists import TABS, play_rows, plays_where, tally


@dataclass(frozen=True)
class PlayFilter:
    """What limits the list, and where its page begins."""

    state: str = "active"
    owner: str = ""
    playbook: str = ""
    before: str = ""

    def url(self, **changes: str) -> str:
        """The address of this view with some changes; a change begins at the top."""
        parts = vars(replace(self, **{"before": "", **changes}))
        return f"?{urlencode({name: value for name, value in parts.items() if value})}"


def read_filter(data: Any) -> PlayFilter:
    """A view from an address; what is not understood is left out."""
    state, playbook, before = data.get("state", ""), data.get("playbook", ""), data.get("before", "")
    return PlayFilter(
        state=state if state in TABS else "active",
        owner="mine" if data.get("owner") == "mine" else "",
        playbook=playbook if id_in(playbook) else "",
        before=before if id_in(before) else "",
    )


def play_list(request: Any) -> HttpResponse:
    """Plays by state, of everybody or one's own."""
    view = read_filter(request.GET)
    owner_id = request.membership.pk if view.owner else None
    playbook_id = id_in(view.playbook)
    rows, more = play_rows(plays_where(view.state, owner_id, playbook_id), now(), id_in(view.before))
    counts = tally(owner_id, playbook_id)
    context = {
        "rows": rows,
        "view": view,
        "tabs": list_tabs(request, "plays"),
        "states": [
            {
                "label": label,
                "url": view.url(state=state),
                "count": counts.get(state, 0),
                "current": state == view.state,
            }
            for state, label in TABS.items()
        ],
        "playbooks": list(Playbook.objects.order_by("name").values_list("pk", "name")),
        "chosen": playbook_id,
        "owner_url": view.url(owner="" if view.owner else "mine"),
        "first_url": view.url() if view.before else "",
        "next_url": view.url(before=str(rows[-1].id)) if more and rows else "",
        "is_empty": not any(counts.values()) and not view.owner and not view.playbook,
    }
    return render(request, "plays/list.html", context)


def account_plays(request: Any, pk: int) -> HttpResponse:
    """The plays of an account, those that run first; tasks stand beside them."""
    account = get_account(pk)
    mine, moment = plays_where().filter(account_id=pk), now()
    before = id_in(request.GET.get("before", ""))
    running, _ = play_rows(mine.filter(state__in=("running", "paused")), moment)
    over, more = play_rows(mine.exclude(state__in=("running", "paused")), moment, before)
    context = {
        **account_frame(request, account, "account_plays"),
        "running": running,
        "over": over,
        "more_panels": panels("account.plays", request, account),
        "may_work": may(request.membership.role, Needs.WORK),
        "next_url": f"?before={over[-1].id}" if more and over else "",
        "first_url": workspace_url(request, "account_plays", pk) if before else "",
    }
    return render(request, "plays/account.html", context)
