"""Playbooks made by hand, kinds of steps that do what a test wants, and jobs run as a worker does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account
from accounts.accounts.settling import settle_accounts
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.notifications.models import Notification
from playbooks.indicators.models import SignalKind
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.playbooks.steps import Ended, Failed, StepForm, StepKind, Waits
from playbooks.plays.models import Play, PlayStep
from playbooks.plays.starting import start_play
from playbooks.signals.models import Signal, SignalSource
from tests.kit import BY
from tests.playbooks.kit import TODAY

NOON = datetime(2030, 6, 30, 12, tzinfo=UTC)


class Doing:
    """What the test's steps did, and what they are told to do."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.cancelled: list[str] = []
        self.breaks = 0

    def hold(self, run: Any) -> Waits:
        self.began.append(run.step.key)
        return Waits(note="Waits for somebody", result={"thing": 7})

    def end(self, run: Any) -> Ended:
        self.began.append(run.step.key)
        return Ended(run.params.get("outcome", "done"))

    def fail(self, run: Any) -> Failed:
        return Failed("The template is gone. Choose another one.")

    def burst(self, run: Any) -> Ended:
        self.began.append(run.step.key)
        if self.breaks:
            self.breaks -= 1
            Account.objects.filter(pk=run.play.account_id).update(reason_bought="half done")
            raise RuntimeError("the line is cut")
        return Ended()

    def cancel(self, run: Any) -> None:
        self.cancelled.append(run.step.key)

    def kinds(self) -> list[StepKind]:
        acts: dict[str, Any] = {"hold": self.hold, "end": self.end, "fail": self.fail, "burst": self.burst}
        return [
            StepKind(name, name.title(), StepForm, lambda params: "Does", begin, cancel=self.cancel)
            for name, begin in acts.items()
        ]


def step(key: str, kind: str = "hold", then: str = "", **params: Any) -> dict[str, Any]:
    """A step of a version's JSON."""
    return {"key": key, "kind": kind, "title": f"Step {key}", "params": params, "then": then}


def make_playbook(name: str = "Rescue", steps: Any = None, **fields: Any) -> Playbook:
    """An active playbook with one published version."""
    version = {
        part: fields.pop(part, default)
        for part, default in {
            "trigger": {"kind": "manual"},
            "audience": {},
            "success": {},
        }.items()
    }
    published = fields.pop("published_at", NOON - timedelta(days=365))
    playbook = Playbook.objects.create(
        name=name, **{"state": PlaybookState.ACTIVE, "current": 1, "actor": "Test", **fields}
    )
    PlaybookVersion.objects.create(
        playbook=playbook,
        number=1,
        steps=steps if steps is not None else [step("one"), step("two")],
        published_at=published,
        actor="Test",
        **version,
    )
    return playbook


def start(playbook: Playbook, account: Account, cause: str = "by hand 1", **more: Any) -> Play:
    """Start it by hand."""
    return start_play(playbook, account, by=BY, cause=cause, cause_words="By hand", **more)


def work(world: Any, kinds: str = "plays.") -> list[str]:
    """Run what is queued and due, as a worker does, until nothing is; the kinds that ran."""
    ran: list[str] = []
    while job := (
        Job.objects.filter(status="queued", kind__startswith=kinds, run_after__lte=timezone.now())
        .order_by("pk")
        .first()
    ):
        status = run_job(world.workspace.pk, job.pk)
        world.open()
        ran.append(job.kind)
        assert status == "succeeded", (job.kind, status, Job.objects.get(pk=job.pk).error)
    return ran


def states(play: Play) -> list[tuple[str, str]]:
    """Key and state of its steps."""
    return list(PlayStep.objects.filter(play=play).order_by("position").values_list("key", "state"))


def the(play: Play, key: str) -> PlayStep:
    """A step of a play, as it is now."""
    return PlayStep.objects.get(play=play, key=key)


def told(kind: str) -> list[tuple[str, str]]:
    """Who was told: (role, title)."""
    rows = Notification.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("member__role", "title"))


def raise_signal(account: Account, **fields: Any) -> Signal:
    """A signal that somebody raised."""
    defaults = {
        "kind": SignalKind.RISK,
        "source": SignalSource.PERSON,
        "cause": "silence",
        "title": "Nobody answers",
        "raised_on": TODAY,
        "raised_at": NOON,
        "last_seen_on": TODAY,
        "actor": "Test",
    }
    return Signal.objects.create(account=account, **{**defaults, **fields})


def new_day(here):
    start_job("plays.daily", "x", by=BY)
    work(here)


def change(here, **fields):
    Account.objects.filter(pk=here.account.pk).update(**fields)
    settle_accounts([here.account.pk], by=BY)
    work(here)


def signalled(here, *signals):
    announce(
        "signals.changed",
        by=BY,
        account_ids=[signal.account_id for signal in signals],
        raised=[signal.pk for signal in signals],
    )
    work(here)


def causes():
    return list(Play.objects.order_by("pk").values_list("playbook__name", "cause_words"))
