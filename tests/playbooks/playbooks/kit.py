"""Playbooks for the tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from playbooks.indicators.models import Indicator, Reading
from playbooks.playbooks.actions import create_playbook, publish
from playbooks.playbooks.definition import read_definition
from playbooks.playbooks.models import Playbook
from playbooks.plays.models import Play
from playbooks.signals.models import Signal
from tests.kit import BY
from tests.playbooks.kit import TODAY

STAGE = {"kind": "stage", "in": ["established"]}


def task(key: str, title: str = "Call them", then: str = "", outcomes: Any = ()) -> dict[str, Any]:
    params = {"title": title, "owner_role": "owner", "due_days": 2, "outcomes": list(outcomes)}
    return {"key": key, "kind": "task", "title": title, "params": params, "then": then}


def branch(key: str, condition: dict[str, Any], yes: str = "", no: str = "end") -> dict[str, Any]:
    params = {"condition": condition, "yes": yes, "no": no}
    return {"key": key, "kind": "branch", "title": "Part", "params": params, "then": ""}


def parts(**changed: Any) -> dict[str, Any]:
    """A definition that is ready to be published."""
    return {
        "trigger": {"kind": "manual"},
        "audience": {},
        "steps": [task("s1")],
        "success": {"condition": STAGE, "window_days": 30, "words": "They stay."},
        **changed,
    }


def make(name: str = "Rescue", *, published: bool = True, **changed: Any) -> Playbook:
    limits = {key: changed.pop(key) for key in ("rest_days", "is_parallel") if key in changed}
    playbook = create_playbook(by=BY, name=name, definition=read_definition(parts(**changed)), **limits)
    if published:
        publish(playbook, by=BY)
        playbook.refresh_from_db()
    return playbook


def make_indicator(key: str = "drop", name: str = "Adoption drop", **fields: Any) -> Indicator:
    values = {"kind": "risk", "measure": "metric", "explanation": "x", "actor": "Test", **fields}
    return Indicator.objects.create(key=key, name=name, **values)


def make_signal(account: Any, indicator: Any = None, days_ago: int = 0, **fields: Any) -> Signal:
    day = TODAY - timedelta(days=days_ago)
    values = {
        "kind": "risk",
        "source": "indicator",
        "cause": f"indicator {indicator.pk if indicator else 0}",
        "title": "Fewer people",
        "raised_on": day,
        "raised_at": timezone.now(),
        "last_seen_on": day,
        "actor": "Test",
    }
    return Signal.objects.create(account=account, indicator=indicator, **{**values, **fields})


def make_play(playbook: Playbook, account: Any, days_ago: int = 0, **fields: Any) -> Play:
    day = TODAY - timedelta(days=days_ago)
    values = {
        "playbook_version": playbook.versions.get(number=playbook.current),
        "cause": f"test {days_ago}",
        "cause_words": "By hand",
        "started_at": at(day),
        "started_on": day,
        "actor": "Test",
    }
    return Play.objects.create(playbook=playbook, account=account, **{**values, **fields})


def make_reading(account: Any, indicator: Any, days_ago: int, holds: bool) -> Reading:
    return Reading.objects.create(
        account=account,
        indicator=indicator,
        number=1,
        day=TODAY - timedelta(days=days_ago),
        holds=holds,
        recorded_at=timezone.now(),
        superseded_at=timezone.now(),
    )


def at(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
