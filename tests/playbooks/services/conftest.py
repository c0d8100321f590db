"""Requests of these tests are of a fixed day, whenever the tests run."""

import pytest


@pytest.fixture(autouse=True)
def old_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests be logged long after they were asked."""
    monkeypatch.setattr("playbooks.services.requests.OLDEST_DAYS", 100_000)
