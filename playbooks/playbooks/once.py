"""What the forms and words of many steps need, read once: a page with forty steps asks no more than with one.

with reading_once():
    …                                 # each of many steps: once("team", lambda: list(team()))
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Found = TypeVar("Found")
_kept: ContextVar[dict[str, Any] | None] = ContextVar("playbooks_once", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """While it is open, `once` reads each thing once; one inside of another adds nothing."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: str, read: Callable[[], Found]) -> Found:
    """What `read` gives; remembered under its key while `reading_once` is open, and no longer."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast(Found, kept[key])
