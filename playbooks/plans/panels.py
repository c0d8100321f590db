"""The plan on the account's overview."""

from typing import Any

from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.plans.progress import plan_status, progress, shown_percent
from playbooks.plans.queries import agreed_of
from playbooks.plans.standings import Standing, active_targets, stand
from playbooks.plans.words import target_sentence


def plan_panel(request: Any, account: Any) -> dict[str, Any]:
    """The active plan's status and targets; two queries."""
    today = today_of(request.workspace)
    standings = list(stand(active_targets([account.pk]), today))
    url = workspace_url(request, "account_plan", account.pk)
    works = may(request.membership.role, Needs.WORK)
    if not standings:
        return {"plan": None, "url": url, "may_work": works}
    plan = standings[0].target.objective.plan
    status = plan_status(item.status for item in standings)
    return {
        "plan": plan,
        "url": workspace_url(request, "plan", plan.pk),
        "status": status,
        "status_label": status.label,
        "ends": times.relative_day(plan.ends_on, today),
        "targets": [_shown(item, today) for item in standings],
    }


def _shown(item: Standing, today: Any) -> dict[str, Any]:
    target, metric = item.target, item.target.metric
    share = progress(item.measured.value, target.baseline, target.value) if item.measured else None
    sentence = target_sentence(metric.name, metric.unit, agreed_of(target), item.measured, item.status, today)
    return {
        "name": metric.name,
        "status": item.status,
        "status_label": item.status.label,
        "percent": shown_percent(share),
        "sentence": sentence,
    }
