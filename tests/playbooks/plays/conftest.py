"""Plays live at noon of the day of all playbooks tests, in the workspace's zone."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from playbooks.playbooks import steps
from tests.playbooks.plays.kit import (
    NOON,
    Doing,
)


class Clock:
    """The moment; tests set it."""

    def __init__(self) -> None:
        self.moment: datetime = NOON


@pytest.fixture(autouse=True)
def clock(fixed_day: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`now()` is the clock's moment wherever it was imported, and the day is that of the moment."""
    import importlib
    import pkgutil

    import playbooks.plays

    made = Clock()
    for module in pkgutil.walk_packages(playbooks.plays.__path__, "playbooks.plays."):
        loaded = importlib.import_module(module.name)
        if hasattr(loaded, "now"):
            monkeypatch.setattr(loaded, "now", lambda: made.moment)
        if hasattr(loaded, "today"):
            monkeypatch.setattr(loaded, "today", lambda: made.moment.date())
    return made


@pytest.fixture
def doing(monkeypatch: pytest.MonkeyPatch) -> Doing:
    """Kinds of steps that do what the test wants: hold, end, fail, burst."""
    made = Doing()
    monkeypatch.setattr(steps, "_kinds", {**steps._kinds, **{kind.name: kind for kind in made.kinds()}})
    return made


@pytest.fixture
def ticking(monkeypatch):
    """Every look at the accounts has a moment of its own."""
    ticks = itertools.count()
    monkeypatch.setattr("playbooks.plays.marks.now", lambda: NOON + timedelta(seconds=next(ticks)))
