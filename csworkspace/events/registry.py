"""Named domain events: how a lower floor tells an upper one without knowing it.

An announcement writes one job per listener, in the same transaction.
"""

from dataclasses import dataclass
from typing import Any

from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job


@dataclass(frozen=True)
class Listener:
    """A job kind to start, with its title, when an event is announced; see `on_event` for the key."""

    kind: str
    title: str
    key: str = ""


_listeners: dict[str, list[Listener]] = {}


def on_event(event: str, *, kind: str, title: str, key: str = "") -> None:
    """Start a job of `kind` whenever `event` is announced (call in AppConfig.ready).

    With a `key`, a job that waits already is enough: for work that does not depend on the arguments.
    """
    listener = Listener(kind, title, key)
    if listener not in _listeners.setdefault(event, []):
        _listeners[event].append(listener)


def announce(event: str, *, by: Actor, **args: Any) -> None:
    """Tell the listeners, in this transaction; `args` become the jobs' arguments."""
    for listener in _listeners.get(event, []):
        start_job(listener.kind, listener.title, by=by, key=listener.key, **args)
