"""Indicators read events, whose months cannot lie far ahead: these tests live on a day of the past."""

from datetime import date

import pytest

from tests.playbooks.indicators.makers import TODAY


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> date:
    """`today()` is always TODAY wherever it was imported."""
    import importlib
    import pkgutil

    import playbooks

    for module in pkgutil.walk_packages(playbooks.__path__, "playbooks."):
        if ".migrations" in module.name or ".management" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        if hasattr(loaded, "today_of"):
            monkeypatch.setattr(loaded, "today_of", lambda workspace: TODAY)
        if hasattr(loaded, "today") and callable(loaded.today):
            monkeypatch.setattr(loaded, "today", lambda: TODAY)
    monkeypatch.setattr("csworkspace.jobs.daily.today", lambda: TODAY)
    return TODAY
