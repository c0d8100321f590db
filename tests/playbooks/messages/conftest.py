"""Tests run at any hour: unless a test says otherwise, it is working time."""

import pytest


@pytest.fixture(autouse=True)
def at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playbooks.messages.timing.next_working_moment", lambda at, week, zone: at)
