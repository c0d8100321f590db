"""Links to what tasks come from."""

from typing import Any

from django.urls import NoReverseMatch

from csworkspace.web.urls import workspace_url
from playbooks.tasks.models import Task


def link(request: Any, page: str, *args: Any) -> str:
    """The address of a page; "" where this installation has none of that name."""
    try:
        return workspace_url(request, page, *args)
    except NoReverseMatch:
        return ""


def account_tab(request: Any, account_id: int) -> str:
    """Where an account's tasks are: among its plays, or on a page of their own."""
    return link(request, "account_plays", account_id) or workspace_url(request, "account_tasks", account_id)


def origins_of(request: Any, task: Task) -> list[dict[str, str]]:
    """What a task comes from, with links: the play, the meeting, the signal."""
    found = []
    if task.step is not None:
        play = task.step.play
        found.append(_fact("Play", f"{play.playbook}: {task.step.title}", link(request, "play", play.pk)))
    if task.note is not None:
        found.append(
            _fact(task.note.get_kind_display(), task.note.title, link(request, "note", task.note.pk))
        )
    if task.signal is not None:
        found.append(_fact("Signal", task.signal.title, link(request, "signal", task.signal.pk)))
    return found or [_fact("Comes from", f"Made by {task.actor}", "")]


def _fact(label: str, value: str, url: str) -> dict[str, str]:
    return {"label": label, "value": value, "url": url}
