"""The kinds of jobs, each registered where its work lives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Handler = Callable[..., Mapping[str, Any] | None]


class JobRefused(Exception):
    """The work can never succeed as asked; the text tells a person why. No retry."""


@dataclass(frozen=True)
class JobKind:
    """A registered kind of job.

    stepwise: the handler opens `run.step()` for each part it commits by itself;
    otherwise the whole handler and the job's end are one transaction.
    coalesce: while one runs, one more may wait (it will see newer data).
    background: starts by itself in great numbers; lists leave it out once it is done.
    """

    name: str
    handler: Handler
    stepwise: bool = False
    coalesce: bool = False
    background: bool = False
    max_attempts: int = 5


_kinds: dict[str, JobKind] = {}


def job(
    name: str,
    *,
    stepwise: bool = False,
    coalesce: bool = False,
    background: bool = False,
    max_attempts: int = 5,
) -> Callable[[Handler], Handler]:
    """Register `handler(run, **args)` under a name; a name can be used once."""

    def register(handler: Handler) -> Handler:
        if name in _kinds and _kinds[name].handler is not handler:
            raise ValueError(f"job kind {name!r} is registered twice")
        _kinds[name] = JobKind(name, handler, stepwise, coalesce, background, max_attempts)
        return handler

    return register


def kind_named(name: str) -> JobKind:
    """The registered kind. Raises KeyError."""
    return _kinds[name]


def background_kinds() -> list[str]:
    """The names of the kinds that start by themselves."""
    return [kind.name for kind in _kinds.values() if kind.background]
