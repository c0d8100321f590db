"""Domain events: one job per listener, in the transaction of the announcement."""

import pytest
from django.db import transaction

from csworkspace.events import registry
from csworkspace.jobs.models import Job
from tests.csworkspace.jobs import kinds  # noqa: F401 (registers the kinds)
from tests.kit import BY


@pytest.fixture
def listeners(monkeypatch):
    monkeypatch.setattr(registry, "_listeners", {})
    registry.on_event("tea.made", kind="test.coalesce", title="Drink it")
    registry.on_event("tea.made", kind="test.coalesce", title="Drink it")
    registry.on_event("tea.made", kind="test.refused", title="Refuse it")
    registry.on_event("coffee.made", kind="test.refused", title="Not this")


def test_each_listener_gets_one_job(here, listeners):
    registry.announce("tea.made", by=BY, name="oolong")
    jobs = Job.objects.order_by("id").values_list("kind", "title", "args", "actor")
    assert list(jobs) == [
        ("test.coalesce", "Drink it", {"name": "oolong"}, "Test"),
        ("test.refused", "Refuse it", {"name": "oolong"}, "Test"),
    ]


def test_nobody_listens(here, listeners):
    registry.announce("water.boiled", by=BY)
    assert Job.objects.count() == 0


def test_what_is_rolled_back_was_never_announced(here, listeners):
    with transaction.atomic():
        registry.announce("tea.made", by=BY, name="oolong")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0
