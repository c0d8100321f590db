"""What the components of the score have to go by, for many accounts at once; nothing is written here.

The number of statements depends on the components alone, never on the number of accounts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.metrics.queries import values_on
from accounts.usage.queries import bounds
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy import clock
from playbooks.frameworks.evidence import evaluate as evaluate_levels
from playbooks.frameworks.models import Assessment, Level
from playbooks.frameworks.queries import active_framework, levels_of
from playbooks.indicators import evaluating
from playbooks.indicators.evaluating import Judged, Known, tested
from playbooks.indicators.explaining import explain, why_not
from playbooks.indicators.measures import measure_named
from playbooks.indicators.models import Indicator, Reading
from playbooks.indicators.naming import Names
from playbooks.plans.models import PlanState, Revision, Target
from playbooks.plans.progress import Measured
from playbooks.plans.queries import agreed_of
from playbooks.scores import words
from playbooks.scores.formula import indicator_share, maturity_share, plan_share, target_share
from playbooks.scores.queries import indicators_of
from playbooks.scores.weights import INDICATOR, MATURITY, PLAN, Component


@dataclass(frozen=True)
class Given:
    """What one component has for one account: its share (None: no data), and where that comes from.

    applies: whether the account is asked at all; else it counts neither for the score nor for confidence.
    say: gives the words, when somebody wants them: most scores do not change and are never told.
    """

    share: Decimal | None
    value: Decimal | None = None
    holds: bool | None = None
    applies: bool = True
    say: Callable[[], str] = str


Found = dict[int, dict[str, Given]]
NOTHING = Given(None)


@dataclass(frozen=True)
class Gathered:
    """By account and component what is there, and the indicators that the components name."""

    found: Found
    indicators: Mapping[int, Indicator]

    def of(self, account_id: int, key: str) -> Given:
        """What a component has for an account."""
        return self.found.get(account_id, {}).get(key, NOTHING)


def gather(
    components: Sequence[Component], account_ids: Sequence[int], day: date, known: Known | None = None
) -> Gathered:
    """The present readings, plan and level (known None: what is kept now), or all of it anew as of a day."""
    indicators = indicators_of(components)
    # What is paused or retired is not evaluated any more: its last reading says nothing of today.
    asked = {pk: one for pk, one in indicators.items() if one.is_active and one.retired_at is None}
    named = [item for item in components if item.kind == INDICATOR and item.indicator in asked]
    sources: list[Callable[[], dict[tuple[int, str], Given]]] = [
        lambda: _readings(named, asked, account_ids, day, known),
    ]
    kinds = {item.kind for item in components}
    if PLAN in kinds:
        sources.append(lambda: _plans(account_ids, day, known))
    if MATURITY in kinds:
        sources.append(lambda: _levels(account_ids, day, known))
    found: Found = {}
    for source in sources:
        for (account_id, key), given in source().items():
            found.setdefault(account_id, {})[key] = given
    return Gathered(found, indicators)


def given_of(item: Component, indicator: Indicator, outcome: Any, day: date, names: Names) -> Given:
    """What a reading means for a component: the number that its thresholds were held against counts."""

    value = tested(outcome.value, outcome.detail)
    share = indicator_share(value, outcome.holds, worst=item.worst, best=item.best, counts_up=item.up)

    def say() -> str:
        # An explanation is written for what holds; of what is as good as can be it would say nothing.
        tells = outcome.holds or (share is not None and share < 1)
        return why_not(outcome) or (explain(indicator, outcome, day, names) if tells else "No sign of it")

    # "?": whether it was asked is not known, which is no data.
    if outcome.detail.get("outside") not in (None, "?"):
        return Given(None, applies=False, say=say)
    if outcome.holds is False and says_nothing(indicator, outcome.detail):
        return Given(None, value, False, applies=False, say=lambda: "Nothing seen")
    return Given(share, value, outcome.holds, say=say)


def says_nothing(indicator: Indicator, detail: Mapping[str, Any]) -> bool:
    """Whether it is no merit that it does not hold: most never meet it, or it ran out of time."""
    measure = measure_named(indicator.measure)
    return measure is not None and (measure.ages_out or measure.is_rare or bool(detail.get("lapsed")))


def _readings(
    named: Sequence[Component],
    indicators: Mapping[int, Indicator],
    account_ids: Sequence[int],
    day: date,
    known: Known | None,
) -> dict[tuple[int, str], Given]:
    if not named:
        return {}
    if known is None:
        read = _current(list(indicators), account_ids)
    else:
        judged = evaluating.evaluate(list(indicators.values()), account_ids, day, known=known)
        read = {(row.account_id, row.indicator_id): row for row in judged}
    by_indicator, names = {item.indicator: item for item in named}, Names()
    found = {}
    for (account_id, indicator_id), reading in read.items():
        item = by_indicator.get(indicator_id)
        if item is not None:
            found[account_id, item.key] = given_of(item, indicators[indicator_id], reading, day, names)
    return found


def _current(indicator_ids: list[int], account_ids: Sequence[int]) -> dict[tuple[int, int], Judged]:
    """The present readings in plain values: thousands of model instances cost more than the query."""
    rows = Reading.objects.filter(
        account_id__in=account_ids, indicator_id__in=indicator_ids, superseded_at=None
    )
    names = ("account_id", "indicator_id", "holds", "value", "compared", "detail")
    return {row[:2]: Judged(*row) for row in rows.values_list(*names)}


def _plans(account_ids: Sequence[int], day: date, known: Known | None) -> dict[tuple[int, str], Given]:
    """The active plans' targets against what is expected: by what was recorded then, if that is asked."""
    grouped: dict[int, list[tuple[str, Decimal | None]]] = {}
    targets = list(_targets(account_ids, day, known))
    revised = _revised(targets, day) if known is not None else set()
    metrics = sorted({target.metric_id for target in targets})
    owners = sorted({target.account_id for target in targets})
    until = end_of(day) if known == Known.RECORDED else None
    points = values_on(owners, metrics, day, recorded_before=until) if targets else {}
    for target in targets:
        point = points.get((target.account_id, target.metric_id))
        measured = Measured(point.day, point.value) if point else None
        is_kept = target.objective.plan_id not in revised
        share = target_share(agreed_of(target), measured, day) if is_kept else None
        grouped.setdefault(target.account_id, []).append((target.metric.name, share))
    return {(account_id, PLAN): _plan(shares) for account_id, shares in grouped.items()}


def _plan(shares: list[tuple[str, Decimal | None]]) -> Given:
    return Given(plan_share([share for _, share in shares]), say=lambda: words.plan_words(shares))


def _targets(account_ids: Sequence[int], day: date, known: Known | None):  # type: ignore[no-untyped-def]
    """The targets of the plans followed on the day, as they are now: revisions keep no targets."""
    rows = (
        Target.objects.select_related("metric", "objective").filter(account_id__in=account_ids).order_by("id")
    )
    if known is None:
        return rows.filter(objective__plan__state=PlanState.ACTIVE)
    until = end_of(day)
    followed = Q(objective__plan__state=PlanState.ACTIVE) | Q(
        objective__plan__state=PlanState.CLOSED, objective__plan__closed_at__gte=until
    )
    rows = rows.filter(followed, objective__plan__starts_on__lte=day)
    if known != Known.RECORDED:
        return rows
    # It was a draft until it was activated.
    later = AuditEntry.objects.filter(object_type="plan", verb="activated", at__gte=until)
    drafts = later.filter(object_id=OuterRef("objective__plan_id"))
    return rows.filter(~Exists(drafts), objective__plan__created_at__lt=until)


def _revised(targets: Sequence[Target], day: date) -> set[int]:
    """The plans whose terms of that day are not kept, because they were revised after it; one query."""
    plans = {target.objective.plan_id for target in targets}
    later = Revision.objects.filter(plan_id__in=plans, revised_at__gte=end_of(day))
    return set(later.values_list("plan_id", flat=True))


def _levels(account_ids: Sequence[int], day: date, known: Known | None) -> dict[tuple[int, str], Given]:
    """The level of each account: as assessed, or from the evidence as of the day."""
    if known in (None, Known.RECORDED):
        return _assessed(account_ids, day, known)
    framework = active_framework()
    if framework is None:
        return {}
    levels = levels_of(framework.pk)
    verdicts = evaluate_levels(levels, account_ids, day)
    return {(pk, MATURITY): _level(verdict.level, len(levels)) for pk, verdict in verdicts.items()}


def _assessed(account_ids: Sequence[int], day: date, known: Known | None) -> dict[tuple[int, str], Given]:
    rows = Assessment.objects.filter(account_id__in=account_ids)
    if known is None:
        rows = rows.filter(superseded_at=None)
    else:
        rows = rows.filter(assessed_at__lt=end_of(day)).order_by("account_id", "-id").distinct("account_id")
    counts = dict(Level.objects.values_list("framework_id").annotate(Count("id")).order_by())
    return {
        (pk, MATURITY): _level(level, counts.get(framework_id, 0))
        for pk, framework_id, level in rows.values_list("account_id", "framework_id", "level")
    }


def _level(level: int, levels: int) -> Given:
    return Given(maturity_share(level, levels), Decimal(level), say=lambda: words.level_words(level, levels))


def end_of(day: date) -> datetime:
    """The moment at which a day ends in the open workspace's time zone; one query."""
    return bounds(day, day, clock.zone())[1]
