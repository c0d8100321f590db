"""What indicators would have raised in the months before, from the demo's own usage, and what came of it.

The days are replayed as `evaluate_indicators` does; every other account got a play. So a playbook's effect
has something to compare, and nothing in it is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.notifications.models import Notification
from csworkspace.tenancy.clock import today, zone
from playbooks.indicators.days import days_between
from playbooks.indicators.evaluating import Known, evaluate
from playbooks.indicators.explaining import evidence, explain
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names
from playbooks.indicators.queries import active_indicators
from playbooks.indicators.replay import Tally, replay
from playbooks.playbooks.models import Playbook
from playbooks.plays.actions import stop_play
from playbooks.plays.models import Play
from playbooks.plays.starting import start_play
from playbooks.plays.triggering import TRIGGER
from playbooks.signals.models import Outcome, Signal, SignalSource, SignalState
from reports.demo.plays import date_back, finish, found, move_on

PLAYBOOK, KEYS = "adoption-drop", ("users-fell", "activity-fell")
FIRST, LAST = timedelta(days=330), timedelta(days=75)


@dataclass(frozen=True)
class Spell:
    """From when to when an indicator held on an account."""

    indicator: Indicator
    account_id: int
    began: date
    ended: date


def tell_past() -> None:
    """Signals that are over, and the plays that followed some of them, once."""
    playbook = found(PLAYBOOK)
    if playbook is None or Signal.objects.filter(outcome=Outcome.RECOVERED).exists():
        return
    last_news = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    first = {one.account_id: one for one in sorted(spells(), key=lambda one: one.began, reverse=True)}
    for number, spell in enumerate(sorted(first.values(), key=lambda one: (one.began, one.account_id))):
        signal = raise_past(spell)
        if number % 2 == 0:
            play_past(playbook, signal)
    # Whoever led these plays has long read of them.
    now = timezone.now()
    Notification.objects.filter(pk__gt=last_news).update(read_at=now, mailed_at=now)


def spells() -> Iterator[Spell]:
    """The spells of the past year that are over, week by week."""
    tallies = [Tally(one) for one in active_indicators().filter(key__in=KEYS).order_by("pk")]
    by_key, names, began = {one.indicator.key: one.indicator for one in tallies}, Names(), {}
    for day in days_between(today() - FIRST, today(), "monday"):
        for change in replay(tallies, day, Known.NOW, names):
            place = (change.indicator, change.account_id)
            if change.verb == "began":
                began[place] = day
            elif place in began and began[place] <= today() - LAST:
                yield Spell(by_key[change.indicator], change.account_id, began.pop(place), day)


def raise_past(spell: Spell) -> Signal:
    """The signal as it would have been raised on the spell's first day, and ended on its last."""
    indicator, day = spell.indicator, spell.began
    (judged,) = evaluate([indicator], [spell.account_id], day, Known.NOW)
    return Signal.objects.create(
        account_id=spell.account_id,
        indicator=indicator,
        kind=indicator.kind,
        severity=indicator.severity,
        source=SignalSource.INDICATOR,
        cause=f"indicator {indicator.pk}",
        title=explain(indicator, judged, day),
        evidence=evidence(indicator, judged, day),
        state=SignalState.RESOLVED,
        raised_on=day,
        raised_at=noon(day),
        last_seen_on=spell.ended,
        resolved_on=spell.ended,
        resolved_at=noon(spell.ended),
        outcome=Outcome.RECOVERED,
        actor="Indicator",
    )


def play_past(playbook: Playbook, signal: Signal) -> None:
    """The play that followed a signal: worked to its end, and judged by the day on which the signal ended."""
    account = Account.objects.select_related("owner__user").get(pk=signal.account_id)
    words = f"Signal: {signal.title}"
    play = start_play(
        playbook, account, by=TRIGGER, cause=f"signal {signal.pk}", cause_words=words, signal=signal
    )
    move_on(play)
    if not finish(play):
        stop_play(Play.objects.get(pk=play.pk), by=TRIGGER, reason="Their contact could not be reached")
    window = timedelta(days=play.playbook_version.success["window_days"])
    ended, over = signal.resolved_at or signal.raised_at, signal.raised_at + window
    date_back(
        play, signal.raised_at + timedelta(hours=1), succeeded=ended <= over, judged_at=min(ended, over)
    )


def noon(day: date) -> datetime:
    """The middle of a day in the workspace's zone."""
    return datetime.combine(day, time(12), ZoneInfo(zone()))
