"""What the planner knows of the events, which nobody else collects of a partitioned table."""

from typing import Any

from django.db import connection

from accounts.metrics.tasks import collect_event_statistics
from accounts.usage import actions
from tests.accounts.usage.kit import event, load, ndjson


def events_known() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select reltuples from pg_class where relname = 'accounts_event'")
        return int(cursor.fetchone()[0])


def test_a_large_file_is_known_when_it_has_been_loaded(here: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "CHUNK", 3)
    before = events_known()
    load(ndjson(event(1), event(2)))
    assert events_known() == before
    load(ndjson(event(3), event(4), event(5), event(6)))
    assert events_known() == 6


def test_events_of_single_calls_are_known_once_a_day(here: Any) -> None:
    load(ndjson(event(1), event(2)))
    collect_event_statistics()
    assert events_known() == 2
