"""Links to what tasks come from."""

from typing import Any

from csworkspace.web.urls import workspace_url
from playbooks.tasks.models import Task


def account_tab(request: Any, account_id: int) -> str:
    """Where an account's tasks are: among its plays."""
    return workspace_url(request, "account_plays", account_id)


def origins_of(request: Any, task: Task) -> list[dict[str, str]]:
    """What a task comes from, with links: the play, the meeting, the signal."""
    found = []
    if task.step is not None:
        play = task.step.play
        found.append(
            _fact("Play", f"{play.playbook}: {task.step.title}", workspace_url(request, "play", play.pk))
        )
    if task.note is not None:
        found.append(
            _fact(task.note.get_kind_display(), task.note.title, workspace_url(request, "note", task.note.pk))
        )
    if task.signal is not None:
        found.append(_fact("Signal", task.signal.title, workspace_url(request, "signal", task.signal.pk)))
    return found or [_fact("Comes from", f"Made by {task.actor}", "")]


def _fact(label: str, value: str, url: str) -> dict[str, str]:
    return {"label": label, "value": value, "url": url}
