"""Indicators read events, whose months cannot lie far ahead: these tests live on a day of the past."""

from datetime import date

import pytest

from accounts.contacts.models import Contact
from accounts.news.models import News
from csworkspace.tenancy.database import open_workspace
from tests.playbooks.indicators.makers import TODAY, ago
from tests.playbooks.kit import make_metric, measure


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


@pytest.fixture
def same_there(elsewhere):
    """The lookalike has a louder account of every kind; nothing of it may be seen here."""
    with open_workspace(elsewhere.workspace.pk):
        metric = make_metric()
        measure(elsewhere.account, metric, {ago(n): 9999 for n in range(0, 140, 7)})
        Contact.objects.create(account=elsewhere.account, name="Ann", role="champion", left_on=ago(3))
        News.objects.create(account=elsewhere.account, kind="funding", title="Theirs", happened_on=ago(1))
    return elsewhere
