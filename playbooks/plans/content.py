"""Changing what a plan agrees: objectives, targets, practices.

Every function takes `version` (the plan's version the person saw) and `reason` (required once the
plan is active) and raises what `changing` raises.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.metrics.models import Direction, Metric
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from playbooks.benchmarks.models import Baseline
from playbooks.frameworks.models import Behaviour
from playbooks.plans.change import changing, lock_plan
from playbooks.plans.models import Objective, Plan, Practice, Side, Target
from playbooks.plans.progress import Checkpoint, check_days

DEFAULT_STEP = Decimal("0.2")


def propose_target(baseline: Decimal | None, metric: Metric) -> Decimal | None:
    """A first target to talk about: 20 % better than the baseline in the metric's good direction.

    Whole numbers stay whole. None without a baseline, or at zero, where a share says nothing.
    """
    if not baseline:
        return None
    step = abs(baseline) * DEFAULT_STEP
    value = baseline + (step if metric.direction == Direction.UP else -step)
    places = Decimal(1) if baseline == baseline.to_integral_value() else Decimal("0.01")
    return value.quantize(places, ROUND_HALF_UP)


def baseline_of(plan: Plan, metric: Metric) -> Baseline | None:
    """The metric's baseline in the benchmark that the plan starts from, if it has a value."""
    if plan.benchmark_id is None:
        return None
    return Baseline.objects.filter(benchmark_id=plan.benchmark_id, metric=metric, value__isnull=False).first()


def add_objective(
    plan: Plan, *, by: Actor, words: str, version: int | None = None, reason: str = ""
) -> Objective:
    """A further objective, in the customer's words."""
    with changing(plan, by=by, version=version, reason=reason) as locked:
        last = locked.objectives.aggregate(last=Max("position"))["last"] or 0
        return Objective.objects.create(
            account_id=locked.account_id, plan=locked, position=last + 1, words=words
        )


def edit_objective(
    objective: Objective, *, by: Actor, words: str, version: int | None = None, reason: str = ""
) -> None:
    """Put an objective into better words."""
    with changing(objective.plan, by=by, version=version, reason=reason):
        objective.words = words
        objective.save()


def remove_objective(
    objective: Objective, *, by: Actor, version: int | None = None, reason: str = ""
) -> None:
    """Take an objective out, with its targets; the others keep their order."""
    plan = objective.plan
    with changing(plan, by=by, version=version, reason=reason) as locked:
        objective.delete()
        for position, item in enumerate(locked.objectives.all(), 1):
            Objective.objects.filter(pk=item.pk).update(position=position)


def check_target(
    metric: Metric,
    baseline: Decimal,
    value: Decimal,
    starts_on: date,
    due_on: date,
    checkpoints: Sequence[Checkpoint],
) -> None:
    """Raise ValueError with a sentence if a target's terms do not fit together."""
    check_days(starts_on, due_on)
    if due_on <= starts_on:
        raise ValueError("The target must be due after it starts.")
    worse = value < baseline if metric.direction == Direction.UP else value > baseline
    if worse:
        side = "below" if metric.direction == Direction.UP else "above"
        raise ValueError(
            f"{metric.get_direction_display()} for {metric.name}, so that the target cannot be {side} "
            "the baseline. To hold a value, set the target equal to the baseline."
        )
    days = [stop.on for stop in checkpoints]
    if len(days) != len(set(days)):
        raise ValueError("Two checkpoints are on the same day.")
    if any(not starts_on < day < due_on for day in days):
        raise ValueError("Checkpoints must lie between the start and the due date.")


def _terms(plan: Plan, metric: Metric, fields: dict[str, Any]) -> dict[str, Any]:
    stops: Sequence[Checkpoint] = fields.get("checkpoints", ())
    check_target(metric, fields["baseline"], fields["value"], fields["starts_on"], fields["due_on"], stops)
    frozen = baseline_of(plan, metric)
    from_benchmark = frozen is not None and frozen.value == fields["baseline"]
    return {
        **fields,
        "baseline_on": plan.benchmark.taken_on if from_benchmark and plan.benchmark else None,
        "checkpoints": [{"on": stop.on.isoformat(), "value": str(stop.value)} for stop in sorted(stops)],
    }


def add_target(
    objective: Objective,
    metric: Metric,
    *,
    by: Actor,
    version: int | None = None,
    reason: str = "",
    **terms: Any,
) -> Target:
    """A target; terms: baseline, value, starts_on, due_on, checkpoints.

    A baseline equal to that of the plan's benchmark is linked to its measurements. Raises ValueError
    if the terms do not fit together, or the objective has a target for this metric.
    """
    with changing(objective.plan, by=by, version=version, reason=reason) as plan:
        if objective.targets.filter(metric=metric).exists():
            raise ValueError(f"This objective has a target for {metric.name} already. Change that one.")
        return Target.objects.create(
            account_id=plan.account_id, objective=objective, metric=metric, **_terms(plan, metric, terms)
        )


def edit_target(
    target: Target, *, by: Actor, version: int | None = None, reason: str = "", **terms: Any
) -> None:
    """Change a target's terms; see `add_target`."""
    with changing(target.objective.plan, by=by, version=version, reason=reason) as plan:
        for name, value in _terms(plan, target.metric, terms).items():
            setattr(target, name, value)
        target.save()


def remove_target(target: Target, *, by: Actor, version: int | None = None, reason: str = "") -> None:
    """Take a target out of the plan."""
    with changing(target.objective.plan, by=by, version=version, reason=reason):
        target.delete()


def add_practice(
    plan: Plan, *, by: Actor, title: str, version: int | None = None, reason: str = "", **fields: Any
) -> Practice:
    """A further practice; fields: behaviour, side, owner, contact, due_on."""
    _check_contact(plan, fields)
    with changing(plan, by=by, version=version, reason=reason) as locked:
        return Practice.objects.create(account_id=locked.account_id, plan=locked, title=title, **fields)


@transaction.atomic
def adopt_behaviour(plan: Plan, behaviour: Behaviour, *, by: Actor) -> Practice:
    """Make a behaviour of the next level a practice of the plan; once."""
    # Before looking: two who adopt at once must not both find nothing.
    lock_plan(plan.pk)
    existing = Practice.objects.filter(plan=plan, behaviour__lineage=behaviour.lineage).first()
    if existing:
        return existing
    level = behaviour.level
    return add_practice(
        plan,
        by=by,
        title=behaviour.name,
        behaviour=behaviour,
        side=Side.CUSTOMER,
        due_on=plan.ends_on,
        reason=f"A step towards level {level.position}, {level.name}.",
    )


def edit_practice(
    practice: Practice, *, by: Actor, version: int | None = None, reason: str = "", **fields: Any
) -> None:
    """Change a practice's title, side, people or date."""
    _check_contact(practice.plan, fields)
    with changing(practice.plan, by=by, version=version, reason=reason):
        for name, value in fields.items():
            setattr(practice, name, value)
        # Read before the lock: the other columns may have changed since, such as its tick.
        practice.save(update_fields=[*fields])


def _check_contact(plan: Plan, fields: dict[str, Any]) -> None:
    contact = fields.get("contact")
    if contact and contact.account_id != plan.account_id:
        raise ValueError("The contact must belong to this account.")


def remove_practice(practice: Practice, *, by: Actor, version: int | None = None, reason: str = "") -> None:
    """Take a practice out of the plan."""
    with changing(practice.plan, by=by, version=version, reason=reason):
        practice.delete()


@transaction.atomic
def mark_practice(practice: Practice, *, by: Actor, done_on: date | None) -> None:
    """Tick a practice off, or (None) open it again. Not a revision: what was agreed stays."""
    plan = lock_plan(practice.plan_id)
    before, practice.done_on = practice.done_on, done_on
    practice.save(update_fields=["done_on"])
    record(
        "marked practice",
        plan,
        by=by,
        before={"practice": practice.title, "done_on": before},
        after={"practice": practice.title, "done_on": done_on},
    )
