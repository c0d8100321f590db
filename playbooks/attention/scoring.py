"""Who needs attention first, and why. A pure function over plain values.

Source: product definition, "who needs attention today and why". The score is the sum of the weights
of what is wrong, at most 100; each part says itself in words. All weights stand here:

plan            off track 35, slipping 18, no data 8
fall            the headline metric is at least 20 % worse than 28 days before: half a point per percent,
                10 to 30; a count that was below 5 is too small for percentages
silence         no activity for 14 days 8, 30 days 15, 60 days 25; none ever, 14 days after
                the account was made: 15
level           the maturity level dropped within 28 days: 15
signal          the worst unresolved signal of a risk, an incident or people: high 25, medium 15, low 5;
                the others are counted in its words and weigh nothing
renewal         only together with one of the above: within 90 days 10, 60 days 18, 30 days 25,
                overdue 25

Churned accounts need none: their score is 0.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.accounts.models import Stage
from accounts.book.models import PlanStatus
from csworkspace.web import formats, times

PLAN_WEIGHTS = {PlanStatus.OFF_TRACK: 35, PlanStatus.SLIPPING: 18, PlanStatus.NO_DATA: 8}
PLAN_WORDS = {
    PlanStatus.OFF_TRACK: "The plan is off track",
    PlanStatus.SLIPPING: "The plan is slipping",
    PlanStatus.NO_DATA: "The plan has no data",
}
FALL_FROM = Decimal("0.20")
FALL_PER_SHARE = 50
FALL_MOST = 30
SMALLEST_COUNT = 5
LOOK_BACK_DAYS = 28
SILENCE = ((60, 25), (30, 15), (14, 8))
NEVER_ACTIVE, NEVER_ACTIVE_AFTER_DAYS = 15, 14
LEVEL_DROPPED = 15
# By severity, 3 is high.
SIGNAL_WEIGHTS = {3: 25, 2: 15, 1: 5}
SIGNAL_WORD = "Signal: "
RENEWAL = ((30, 25), (60, 18), (90, 10))


@dataclass(frozen=True)
class Reason:
    """One part of the score, in words."""

    text: str
    weight: int


@dataclass(frozen=True)
class Inputs:
    """What is known of an account on a day; None where nothing is known.

    headline and headline_before: the headline metric now and 28 days before; headline_counts: whether
    it is counted from events, as usage metrics are.
    level_before: the maturity level 28 days before. signal and signal_severity: the title and severity of
    the worst unresolved signal that tells of trouble; signals_more: how many others there are.
    """

    today: date
    stage: str = Stage.ESTABLISHED
    created_on: date | None = None
    plan_status: str = PlanStatus.NONE
    headline_name: str = ""
    headline: Decimal | None = None
    headline_before: Decimal | None = None
    headline_counts: bool = True
    up_is_good: bool = True
    last_active_on: date | None = None
    renewal_on: date | None = None
    level: int | None = None
    level_before: int | None = None
    signal: str = ""
    signal_severity: int = 0
    signals_more: int = 0


def attention(inputs: Inputs) -> tuple[int, list[Reason]]:
    """The score, 0 to 100, and its reasons, the heaviest first; see the module for the weights."""
    if inputs.stage == Stage.CHURNED:
        return 0, []
    found = [_plan(inputs), _fall(inputs), _silence(inputs), _level(inputs), _signal(inputs)]
    reasons = _with_renewal(inputs, [reason for reason in found if reason])
    reasons.sort(key=lambda reason: -reason.weight)
    return min(100, sum(reason.weight for reason in reasons)), reasons


def fall_of(now: Decimal | None, before: Decimal | None, *, up_is_good: bool) -> Decimal | None:
    """By what share of its former value a number got worse; None if unknown or it was zero."""
    if now is None or not before:
        return None
    return (before - now if up_is_good else now - before) / abs(before)


def _plan(inputs: Inputs) -> Reason | None:
    status = PlanStatus(inputs.plan_status)
    return Reason(PLAN_WORDS[status], PLAN_WEIGHTS[status]) if status in PLAN_WEIGHTS else None


def _fall(inputs: Inputs) -> Reason | None:
    fall = fall_of(inputs.headline, inputs.headline_before, up_is_good=inputs.up_is_good)
    if fall is None or fall < FALL_FROM:
        return None
    if inputs.headline_counts and (inputs.headline_before or 0) < SMALLEST_COUNT:
        return None
    verb = "fell" if inputs.up_is_good else "rose"
    text = f"{inputs.headline_name} {verb} {formats.percent(fall)} in 4 weeks"
    return Reason(text, min(FALL_MOST, int(fall * FALL_PER_SHARE)))


def _silence(inputs: Inputs) -> Reason | None:
    if inputs.last_active_on is None:
        age = (inputs.today - inputs.created_on).days if inputs.created_on else 0
        waited = age >= NEVER_ACTIVE_AFTER_DAYS
        return Reason("No activity has ever been recorded", NEVER_ACTIVE) if waited else None
    days = (inputs.today - inputs.last_active_on).days
    weight = next((weight for least, weight in SILENCE if days >= least), 0)
    text = f"No activity for {times.relative_day(inputs.last_active_on, inputs.today).removesuffix(' ago')}"
    return Reason(text, weight) if weight else None


def _level(inputs: Inputs) -> Reason | None:
    if inputs.level is None or inputs.level_before is None or inputs.level >= inputs.level_before:
        return None
    return Reason(f"Dropped from level {inputs.level_before} to {inputs.level}", LEVEL_DROPPED)


def _signal(inputs: Inputs) -> Reason | None:
    weight = SIGNAL_WEIGHTS.get(inputs.signal_severity)
    if not weight:
        return None
    more = f", and {formats.plural(inputs.signals_more, 'more signal')}" if inputs.signals_more else ""
    return Reason(f"{SIGNAL_WORD}{inputs.signal}{more}", weight)


def _with_renewal(inputs: Inputs, trouble: list[Reason]) -> list[Reason]:
    """The reasons with the renewal's; it is told together with the plan, if that is part of the trouble."""
    if not trouble or inputs.renewal_on is None:
        return trouble
    days = (inputs.renewal_on - inputs.today).days
    weight = next((weight for most, weight in RENEWAL if days <= most), 0)
    if not weight:
        return trouble
    plan = _plan(inputs)
    if plan is None:
        return [*trouble, Reason(_renewal_words(days), weight)]
    words = f"{_renewal_words(days)} and {plan.text[0].lower()}{plan.text[1:]}"
    together = Reason(words, plan.weight + weight)
    return [together if reason == plan else reason for reason in trouble]


def _renewal_words(days: int) -> str:
    if days == 0:
        return "Renews today"
    span = formats.plural(abs(days), "day")
    return f"Renews in {span}" if days > 0 else f"Renewal was due {span} ago"
