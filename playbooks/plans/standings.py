"""How the active plans of many accounts stand, in a constant number of queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.book.models import PlanStatus
from accounts.metrics.queries import Point, values_on
from playbooks.plans.models import PlanState, Target
from playbooks.plans.progress import Measured, plan_status, target_status
from playbooks.plans.queries import agreed_of


@dataclass(frozen=True)
class PlanStanding:
    """An active plan's status, and how many of its targets have which."""

    plan_id: int
    status: PlanStatus
    statuses: tuple[PlanStatus, ...]

    @property
    def on_track(self) -> int:
        """How many targets are on track or ahead."""
        return sum(status in (PlanStatus.ON_TRACK, PlanStatus.AHEAD) for status in self.statuses)


@dataclass(frozen=True)
class Standing:
    """A target with its latest measurement and status."""

    target: Target
    measured: Measured | None
    status: PlanStatus


def active_targets(account_ids: Sequence[int]) -> list[Target]:
    """The targets of the accounts' active plans, with metric and objective; one query."""
    return list(
        Target.objects.select_related("metric", "objective__plan")
        .filter(account_id__in=account_ids, objective__plan__state=PlanState.ACTIVE)
        .order_by("account_id", "objective__position", "id")
    )


def stand(targets: Sequence[Target], on: date) -> Iterator[Standing]:
    """Each target's status on a day; one query for all measurements."""
    account_ids = sorted({target.account_id for target in targets})
    metric_ids = sorted({target.metric_id for target in targets})
    points = values_on(account_ids, metric_ids, on) if targets else {}
    for target in targets:
        measured = _measured(points.get((target.account_id, target.metric_id)))
        yield Standing(target, measured, target_status(agreed_of(target), measured, on))


def _measured(point: Point | None) -> Measured | None:
    return Measured(point.day, point.value) if point else None


def plan_standings(account_ids: Sequence[int], on: date) -> dict[int, PlanStanding]:
    """The standing of each account that follows a plan, by account id; two queries."""
    found: dict[int, list[Standing]] = {}
    for standing in stand(active_targets(account_ids), on):
        found.setdefault(standing.target.account_id, []).append(standing)
    return {
        account_id: PlanStanding(
            plan_id=standings[0].target.objective.plan_id,
            status=plan_status(item.status for item in standings),
            statuses=tuple(item.status for item in standings),
        )
        for account_id, standings in found.items()
    }
