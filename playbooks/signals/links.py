"""Where a signal leads to beside its own pages: a function each, so that what is not there is no link."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch

from csworkspace.web.urls import workspace_url
from playbooks.signals.models import Signal


@dataclass(frozen=True)
class Link:
    """Something to do next, with its address."""

    label: str
    url: str


def address(request: Any, name: str, *args: Any, **query: Any) -> str:
    """The address of a page that may not exist; "" then."""
    try:
        url = workspace_url(request, name, *args)
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(query)}" if query else url


def play_link(request: Any, signal: Signal) -> Link | None:
    """Start a play on the account because of this signal; with the suggested playbook, if there is one."""
    query = {"signal": signal.pk}
    if signal.playbook_id:
        query = {"playbook": signal.playbook_id, **query}
    url = address(request, "play_new", signal.account_id, **query)
    label = f"Start “{signal.playbook}”" if signal.playbook else "Choose a play"
    return Link(label, url) if url else None


def task_link(request: Any, signal: Signal) -> Link | None:
    """Make a task of this signal."""
    url = address(request, "task_new", signal.account_id, signal=signal.pk)
    return Link("Create a task", url) if url else None


def indicator_link(request: Any, signal: Signal) -> Link | None:
    """The page of the indicator that raised it."""
    if signal.indicator is None:
        return None
    return Link(signal.indicator.name, address(request, "indicator", signal.indicator.pk))


def evidence_url(request: Any, row: dict[str, Any]) -> str:
    """The page that shows a number of the evidence; "" if there is none."""
    name, args, query = row.get("page"), row.get("args") or [], str(row.get("query") or "")
    if not isinstance(name, str) or not name or not isinstance(args, list):
        return ""
    if not all(isinstance(arg, str | int) for arg in args):
        return ""
    url = address(request, name, *args)
    return f"{url}?{query.removeprefix('?')}" if url and query else url
