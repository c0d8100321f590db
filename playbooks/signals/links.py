"""Where a signal leads to beside its own pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from csworkspace.web.urls import kept_url, workspace_url
from playbooks.signals.models import Signal


@dataclass(frozen=True)
class Link:
    """Something to do next, with its address."""

    label: str
    url: str


def play_link(request: Any, signal: Signal) -> Link:
    """Start a play on the account because of this signal; with the suggested playbook, if there is one.

    Where a play runs on it already, that play.
    """
    running = signal.plays.filter(state__in=("running", "paused")).select_related("playbook").first()
    if running is not None:
        return Link(f"See the play “{running.playbook}”", workspace_url(request, "play", running.pk))
    query = {"signal": signal.pk}
    if signal.playbook_id:
        query = {"playbook": signal.playbook_id, **query}
    url = f"{workspace_url(request, 'play_new', signal.account_id)}?{urlencode(query)}"
    label = f"Start “{signal.playbook}”" if signal.playbook else "Choose a play"
    return Link(label, url)


def task_link(request: Any, signal: Signal) -> Link:
    """Make a task of this signal."""
    url = workspace_url(request, "task_new", signal.account_id)
    return Link("Create a task", f"{url}?signal={signal.pk}")


def indicator_link(request: Any, signal: Signal) -> Link | None:
    """The page of the indicator that raised it."""
    if signal.indicator is None:
        return None
    return Link(signal.indicator.name, workspace_url(request, "indicator", signal.indicator.pk))


def evidence_url(request: Any, row: dict[str, Any]) -> str:
    """The page that shows a number of the evidence; "" if there is none."""
    name, args, query = row.get("page"), row.get("args") or [], str(row.get("query") or "")
    if not isinstance(name, str) or not isinstance(args, list):
        return ""
    return kept_url(request, name, args, query) if all(isinstance(arg, str | int) for arg in args) else ""
