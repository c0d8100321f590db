"""What the tests of tasks build on: tasks, plays and signals made by hand."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.steps import StepRun
from playbooks.plays.models import Play, PlayStep
from playbooks.signals.models import Signal
from playbooks.tasks.models import Task
from tests.kit import BY
from tests.playbooks.kit import TODAY


def make_task(account: Account, title: str = "Call Ruth", **fields: Any) -> Task:
    """An open task of the account's owner, due today."""
    values = {"owner": account.owner, "due_on": TODAY, "actor": "Test", **fields}
    return Task.objects.create(account=account, title=title, **values)


def make_signal(account: Account, title: str = "Activity fell", **fields: Any) -> Signal:
    """An open signal that a person raised."""
    values = {
        "kind": "risk",
        "source": "person",
        "cause": title,
        "raised_on": TODAY,
        "raised_at": timezone.now(),
        "last_seen_on": TODAY,
        "actor": "Test",
    }
    return Signal.objects.create(account=account, title=title, **{**values, **fields})


def make_step(account: Account, name: str = "Renewal", kind: str = "task", **fields: Any) -> PlayStep:
    """An active step of a running play."""
    playbook, _ = Playbook.objects.get_or_create(name=name, defaults={"actor": "Test"})
    version, _ = PlaybookVersion.objects.get_or_create(
        playbook=playbook, number=1, defaults={"actor": "Test"}
    )
    play = Play.objects.create(
        account=account,
        playbook=playbook,
        playbook_version=version,
        cause=f"by hand {Play.objects.count()}",
        cause_words="Started by hand",
        started_at=timezone.now(),
        started_on=TODAY,
        is_parallel=True,
        actor="Test",
    )
    values = {"key": "s1", "position": 1, "title": "Call the sponsor", "state": "active"}
    return PlayStep.objects.create(account=account, play=play, kind=kind, **{**values, **fields})


def run_of(step: PlayStep, today: date = TODAY, **params: Any) -> StepRun:
    """What the step's kind is given."""
    return StepRun(play=step.play, step=step, params=params, by=BY, today=today)
