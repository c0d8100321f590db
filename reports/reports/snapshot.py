"""The snapshot: every number and word of a report, read once and frozen.

`build_snapshot` returns plain JSON (version 1). Web page and PDF are made of it and of the commentary
alone, so that an issued report stays what it was, whatever happens to the data afterwards.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.tenancy.clock import today_of
from csworkspace.tenancy.models import Workspace
from csworkspace.web.times import day, day_range, day_short, moment
from playbooks.plans.models import Plan
from playbooks.plans.queries import PlanProgress, plan_progress
from reports.reports import facts
from reports.reports.models import ReportKind
from reports.reports.parts import (
    MetricFact,
    Part,
    maturity_part,
    metric_part,
    objective_part,
    source_words,
    target_part,
)
from reports.reports.periods import Period, previous
from reports.reports.services import delivered_besides, service_rows, services_due, services_summary
from reports.reports.story import data_part, delivered_part, next_part, usage_part, wanted_sentences
from reports.reports.verdicts import counts, level_moved, people_active, report_verdict

VERSION = 1


def build_snapshot(account: Account, kind: str, period: Period) -> dict[str, Any]:
    """Everything the report says, as of the period's end (or today), from what is known now.

    A dictionary of plain JSON values; numbers as decimal text beside the text that is printed.
    """
    workspace = Workspace.objects.get()
    zone = workspace.timezone
    plan = facts.plan_on(account.pk, period, zone)
    progress = plan_progress(plan, period.as_of) if plan else None
    objectives = objective_parts(progress, period.as_of) if progress else []
    maturity = _maturity(account, plan, period)
    metrics = _metrics(account, progress, period)
    use = facts.usage(account.pk, period, zone)
    today, now = today_of(workspace), timezone.now()
    services = services_due(account.pk, period, today, now, kind)
    snapshot = {
        **frame_part(kind, period, previous(period), now, zone),
        "workspace": {"name": workspace.name},
        "account": _account(account),
        "plan": _plan(plan) if plan else None,
        "objectives": objectives,
        "maturity": maturity,
        "metrics": metrics,
        "usage": usage_part(use, facts.top_features(account.pk, period, zone)),
        "delivered": {
            **delivered_part(account.pk, progress, period, zone),
            "services": service_rows(services),
            "other_services": service_rows(delivered_besides(account.pk, period, today, now)),
        },
        "services": services_summary(services),
        "next": next_part(progress, period),
        "data": data_part(facts.sources(account.pk, period, zone), use.last_at, zone),
    }
    snapshot["data"]["wanted"] = wanted_sentences(snapshot)
    return {**snapshot, **_verdict(objectives, maturity, period, use.people)}


def frame_part(kind: str, period: Period, before: Period, now: datetime, zone: str = "UTC") -> dict[str, Any]:
    """Version, kind, period and when the numbers were put together."""
    return {
        "version": VERSION,
        "kind": kind,
        "kind_label": ReportKind(kind).label,
        "generated_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "generated_text": moment(now, zone).partition(",")[0],
        "period": {
            "key": period.key,
            "label": period.label,
            "range": period.range,
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat(),
            "as_of": period.as_of.isoformat(),
            "as_of_text": day(period.as_of),
            "as_of_short": day_short(period.as_of),
            "to_date": period.to_date,
        },
        "previous": {"key": before.key, "label": before.label, "as_of_text": day(before.as_of)},
    }


def _account(account: Account) -> Part:
    return {
        "name": account.name,
        "tier": account.tier.name if account.tier else "",
        "owner": str(account.owner) if account.owner else "",
        "since_text": day(account.customer_since),
        "reason_bought": account.reason_bought,
        "contact": "",
    }


def _plan(plan: Plan) -> Part:
    return {
        "title": plan.title,
        "range": day_range(plan.starts_on, plan.ends_on),
        "owner": str(plan.owner) if plan.owner else "",
        "customer_owner": plan.customer_owner.name if plan.customer_owner else "",
        "shared": plan.shared_at is not None,
    }


def objective_parts(progress: PlanProgress, as_of: date) -> list[Part]:
    """The plan's objectives with their targets as they stand on a day, in words and numbers."""
    return [
        objective_part(
            number,
            item.objective.words,
            [target_part(one, as_of, source_words(one.target.metric)) for one in item.targets],
            item.objective.pk,
        )
        for number, item in enumerate(progress.objectives, 1)
    ]


def _maturity(account: Account, plan: Plan | None, period: Period) -> Part | None:
    standing = facts.standing_on(account.pk, period.as_of)
    if standing is None:
        return None
    benchmark = facts.benchmark_for(plan, account.pk, period.as_of)
    # The same position may mean something else on another framework, or in another version of it.
    same = benchmark if benchmark and benchmark.framework_id == standing.framework.pk else None
    return maturity_part(
        framework=f"{standing.framework.name}, version {standing.framework.version}",
        levels=standing.levels,
        level=standing.level,
        before=same.level if same else None,
        before_on=benchmark.taken_on if benchmark and benchmark.level is not None else None,
        held_before=[fact["name"] for fact in same.evidence if fact.get("holds")] if same else [],
    )


def _metrics(account: Account, progress: PlanProgress | None, period: Period) -> list[Part]:
    before = previous(period)
    metrics = facts.key_metrics(target.metric_id for target in (progress.targets if progress else ()))
    points = facts.measured(account.pk, metrics, before.starts_on, period.as_of)
    return [
        metric_part(
            MetricFact(
                key=metric.key,
                name=metric.name,
                unit=metric.unit,
                lower_is_better=metric.direction == "down",
                now=facts.value_at(points[metric.pk], period.as_of),
                before=facts.value_at(points[metric.pk], before.ends_on),
                points=points[metric.pk],
                since=before.starts_on,
                until=period.as_of,
            )
        )
        for metric in metrics
        if points[metric.pk]
    ]


def _verdict(objectives: list[Part], maturity: Part | None, period: Period, people: tuple[int, int]) -> Part:
    targets = [target for one in objectives for target in one["targets"]]
    names, statuses = [t["name"] for t in targets], [t["status"] for t in targets]
    moved = ""
    if maturity and maturity["before"] is not None:
        moved = level_moved(
            maturity["before_name"],
            maturity["level_name"],
            before_position=maturity["before"],
            after_position=maturity["level"],
        )
    if not targets and not moved:
        moved = people_active(*people, before_label=previous(period).label)
    return {
        "counts": counts(statuses),
        "verdict": report_verdict(names, statuses, period=period.label, moved=moved),
    }
