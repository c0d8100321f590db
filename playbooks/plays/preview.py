"""What a play would do on an account, before it is started."""

from dataclasses import dataclass
from datetime import date

from accounts.accounts.models import Account
from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import add_workdays
from csworkspace.web import times
from playbooks.playbooks.audience import in_audience
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.once import reading_once
from playbooks.plays.candidates import audience_of
from playbooks.plays.faces import Foreseen, foresee
from playbooks.plays.models import ACTIVE, Play
from playbooks.plays.refusals import StartRefused
from playbooks.plays.starting import ONCE, check_account
from playbooks.plays.success import success_of
from playbooks.signals.models import Signal

NO_SIGNAL = (
    "It answers a signal, and there is none here: its texts and tasks speak of something that nobody has "
    "seen on this account."
)


@dataclass(frozen=True)
class Preview:
    """The steps with their days, the success measure, and what speaks against a start.

    refusal: it cannot be started. doubts: it can, but look at this first.
    """

    steps: list[Foreseen]
    success: str
    refusal: str
    doubts: list[str]


def preview_of(playbook: Playbook, account: Account, today: date, signal: Signal | None = None) -> Preview:
    """What would happen if it started today."""
    version = PlaybookVersion.objects.get(playbook=playbook, number=playbook.current or 0)
    week = work_week()
    with reading_once():
        steps = foresee(version, account, today, lambda day, number: add_workdays(day, number, week), signal)
    success = success_of(version)
    said = (
        f"{(success.words or 'The success measure holds').rstrip('. ')}, within {success.window_days} days"
        if success
        else ""
    )
    doubts = doubts_of(playbook, version, account)
    if signal is None and version.trigger.get("kind") == "signal":
        doubts.append(NO_SIGNAL)
    return Preview(steps, said, refusal_of(playbook, version, account), doubts)


def refusal_of(playbook: Playbook, version: PlaybookVersion, account: Account) -> str:
    """Why it cannot be started now; "" if it can."""
    try:
        check_account(account, version)
    except StartRefused as refusal:
        return str(refusal)
    runs = Play.objects.filter(playbook=playbook, account=account, state__in=ACTIVE).exists()
    if runs and not playbook.is_parallel:
        return ONCE["play_one_active"][0].format(playbook=playbook.name, account=account.name)
    return ""


def doubts_of(playbook: Playbook, version: PlaybookVersion, account: Account) -> list[str]:
    """What a person should know before starting."""
    doubts = []
    if account.pk not in in_audience(audience_of(version), [account.pk]):
        doubts.append("The account is not in this playbook’s audience: its trigger would not start it here.")
    last = (
        Play.objects.filter(playbook=playbook, account=account, ended_on__isnull=False)
        .order_by("-ended_on")
        .first()
    )
    if last is not None:
        doubts.append(f"It ran here before, until {times.day(last.ended_on)}.")
    if account.owner is None:
        doubts.append("Nobody owns the account: choose who leads the play.")
    return doubts
