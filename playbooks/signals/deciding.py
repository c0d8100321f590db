"""What follows from readings for signals. A pure function over what was read; the rules stand here once.

raise     a reading that holds raises a signal if its indicator has none unresolved on the account, unless
          - a signal of it was resolved within the indicator's cool-down (twice as long if somebody said
            that it was a false alarm; what was resolved because the indicator was paused does not count), or
          - it tells of a risk and the account has churned.
cap       of one account indicators raise at most so many a day, the most severe first, of equal ones what
          has held longest. The rest is held back; what still holds on a later day is raised then.
resolve   a signal is resolved as recovered when its reading does not hold any more, whoever works on it;
          as expired when that says no more than that time has passed (an incident a month ago, advice that
          ran out, a behaviour lost long ago); as not
          needed when its indicator was paused or retired, or the account is not one that it asks any more;
          as lost when it tells of a risk and the account has churned. A reading without data (holds is None)
          changes nothing, unless it is because whom the signal names is not there any more (has left, or was
          not seen for so long that it says nothing of today): not needed. None of these is done to one that
          a person reopened, until its reading has held again.
touch     a signal whose reading holds was seen today, and says what the reading says now.
wake      a snooze ends on its day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.accounts.models import Stage
from csworkspace.web import times
from playbooks.indicators.measures import measure_named
from playbooks.indicators.models import Indicator, Reading, SignalKind
from playbooks.signals.models import Outcome, Signal, SignalSource, SignalState

Pair = tuple[int, int]
FALSE_ALARM_TIMES = 2
PAUSED = "The indicator was paused or retired."
CHURNED = "The account has churned."


@dataclass(frozen=True)
class Last:
    """How the latest resolved signal of a pair of account and indicator ended."""

    resolved_on: date
    outcome: str
    note: str


@dataclass(frozen=True)
class Situation:
    """Everything that decides, for some accounts on a day; pairs are (account id, indicator id).

    raised: how many signals indicators raised today, by account. most: the cap.
    """

    day: date
    stages: Mapping[int, str]
    indicators: Mapping[int, Indicator]
    readings: Mapping[Pair, Reading]
    unresolved: list[Signal]
    last: Mapping[Pair, Last]
    raised: Mapping[int, int]
    most: int


@dataclass
class Decision:
    """What is to be done. resolve: signal, outcome and note. touch: signals with their reading."""

    raise_: list[tuple[int, Indicator, Reading]] = field(default_factory=list)
    held_back: dict[int, list[int]] = field(default_factory=dict)
    resolve: list[tuple[Signal, Outcome, str]] = field(default_factory=list)
    touch: list[tuple[Signal, Reading]] = field(default_factory=list)
    wake: list[Signal] = field(default_factory=list)


def is_watching(indicator: Indicator | None) -> bool:
    """Whether an indicator is there, neither paused nor retired."""
    return indicator is not None and indicator.is_active and indicator.retired_at is None


def quiet_until(last: Last, cool_down_days: int) -> date:
    """The first day on which an indicator may raise again after such an end."""
    times_longer = FALSE_ALARM_TIMES if last.outcome == Outcome.FALSE_ALARM else 1
    return last.resolved_on + timedelta(days=cool_down_days * times_longer)


def decide(now: Situation) -> Decision:
    """What to raise, hold back, resolve, touch and wake; see the module for the rules."""
    made = Decision()
    for signal in now.unresolved:
        _judge(signal, now, made)
    waiting = sorted(_candidates(now), key=_urgency)
    room = {account_id: now.most - now.raised.get(account_id, 0) for account_id, _, _ in waiting}
    for one in waiting:
        account_id, indicator, _ = one
        if room[account_id] > 0:
            room[account_id] -= 1
            made.raise_.append(one)
        else:
            made.held_back.setdefault(account_id, []).append(indicator.pk)
    return made


def _judge(signal: Signal, now: Situation, made: Decision) -> None:
    end = _end_of(signal, now)
    if end:
        made.resolve.append((signal, *end))
        return
    if signal.state == SignalState.SNOOZED and (signal.snoozed_until or now.day) <= now.day:
        made.wake.append(signal)
    reading = now.readings.get((signal.account_id, signal.indicator_id or 0))
    if reading is not None and reading.holds:
        made.touch.append((signal, reading))


def _end_of(signal: Signal, now: Situation) -> tuple[Outcome, str] | None:
    """Why a signal of an indicator is over; None if it is not, or is no indicator's."""
    if signal.source != SignalSource.INDICATOR or signal.is_kept:
        return None
    indicator = now.indicators.get(signal.indicator_id or 0)
    if not is_watching(indicator):
        return Outcome.NOT_NEEDED, PAUSED
    if signal.kind == SignalKind.RISK and now.stages.get(signal.account_id) == Stage.CHURNED:
        return Outcome.LOST, CHURNED
    reading = now.readings.get((signal.account_id, signal.indicator_id or 0))
    if reading is None or reading.holds:
        return None
    if reading.holds is None:
        measure = measure_named(indicator.measure) if indicator else None
        said = measure.over.get(str(reading.detail.get("why"))) if measure else None
        return (Outcome.NOT_NEEDED, f"{said} {times.day(reading.day)}.") if said else None
    taken = {
        SignalState.ACKNOWLEDGED: " It was acknowledged by then.",
        SignalState.SNOOZED: " It was snoozed by then.",
    }
    outcome, said = _came_to(indicator, reading)
    return outcome, f"{said} {times.day(reading.day)}." + taken.get(SignalState(signal.state), "")


def _came_to(indicator: Indicator | None, reading: Reading) -> tuple[Outcome, str]:
    """What it means that a reading does not hold any more, and a sentence that wants the day."""
    if "outside" in reading.detail:
        return Outcome.NOT_NEEDED, "The account is not one that the indicator asks any more since"
    measure = measure_named(indicator.measure) if indicator else None
    if measure and measure.ages_out:
        return Outcome.EXPIRED, "What it told of does not count any more since"
    if measure and reading.detail.get("lapsed"):
        return Outcome.EXPIRED, f"{measure.lapsed} since"
    return Outcome.RECOVERED, "It does not hold any more since"


def _candidates(now: Situation) -> Iterator[tuple[int, Indicator, Reading]]:
    """The readings that would raise a signal if there were no cap."""
    taken = _pairs(now.unresolved)
    for pair, reading in now.readings.items():
        indicator = now.indicators.get(pair[1])
        if not reading.holds or pair in taken or indicator is None or not is_watching(indicator):
            continue
        if indicator.kind == SignalKind.RISK and now.stages.get(pair[0]) == Stage.CHURNED:
            continue
        last = now.last.get(pair)
        if last is None or quiet_until(last, indicator.cool_down_days) <= now.day:
            yield pair[0], indicator, reading


def _pairs(signals: Iterable[Signal]) -> set[Pair]:
    return {(one.account_id, one.indicator_id or 0) for one in signals}


def _urgency(one: tuple[int, Indicator, Reading]) -> tuple[int, int, date, int]:
    account_id, indicator, reading = one
    return account_id, -indicator.severity, reading.held_since or reading.day, indicator.pk
