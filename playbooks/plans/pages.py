"""Contexts of the plan pages; one builder each."""

from datetime import date
from typing import Any

from accounts.accounts.frame import account_frame
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import day_in, today_of
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from playbooks.frameworks.queries import account_maturity
from playbooks.plans.actions import problems_of
from playbooks.plans.cards import MOST_REVISIONS, objective_cards, practice_card, revision_card
from playbooks.plans.models import Plan, PlanState
from playbooks.plans.progress import RULE_NOTE, STATUS_RULE
from playbooks.plans.queries import PlanProgress, plan_progress, plans_of


def day_of(request: Any, plan: Plan) -> date:
    """The day a plan is looked at: today, and for a closed one the day it was closed."""
    today = today_of(request.workspace)
    return min(today, day_in(request.workspace, plan.closed_at)) if plan.closed_at else today


def plan_context(request: Any, account: Any, plan: Plan) -> dict[str, Any]:
    """Everything the page of a plan shows."""
    shown = plan_progress(plan, day_of(request, plan))
    is_open = plan.state != PlanState.CLOSED
    works = may(request.membership.role, Needs.WORK)
    practices = [practice_card(request, item, shown.on) for item in shown.practices]
    return {
        **account_frame(request, account, "account_plan"),
        **_head(request, shown),
        "plan": plan,
        "is_draft": plan.state == PlanState.DRAFT,
        "is_active": plan.state == PlanState.ACTIVE,
        "editable": works and is_open,
        "hideable": works and plan.shared_at is not None,
        "problems": problems_of(plan) if works and plan.state == PlanState.DRAFT else [],
        "objectives": objective_cards(request, shown),
        "rule": [{"status": status, "label": status.label, "text": text} for status, text in STATUS_RULE],
        "rule_note": RULE_NOTE,
        "practices": practices,
        "practices_done": sum(bool(item["done"]) for item in practices),
        "suggestions": suggestions(account.pk, shown) if works and is_open else [],
        "revisions": [
            revision_card(item, request.workspace.timezone) for item in shown.revisions[:MOST_REVISIONS]
        ],
        "older_revisions": max(0, len(shown.revisions) - MOST_REVISIONS),
        "others": other_plans(request, plan),
    }


def _head(request: Any, shown: PlanProgress) -> dict[str, Any]:
    plan = shown.plan
    zone = request.workspace.timezone
    counts = [status for status, _ in STATUS_RULE]
    tally = {status: sum(target.status == status for target in shown.targets) for status in counts}
    words = [f"{count} {status.label.lower()}" for status, count in tally.items() if count]
    return {
        "status": shown.status,
        "status_label": shown.status.label,
        "tally": ", ".join(words),
        "targets_count": formats.plural(len(shown.targets), "target"),
        "runs": times.day_range(plan.starts_on, plan.ends_on),
        "ends": times.relative_day(plan.ends_on, shown.on),
        "as_of": times.day(shown.on),
        "shared": times.moment(plan.shared_at, zone) if plan.shared_at else "",
        "closed": times.moment(plan.closed_at, zone) if plan.closed_at else "",
    }


def suggestions(account_id: int, shown: PlanProgress) -> list[dict[str, Any]]:
    """The unmet behaviours of the next level that the plan does not take up yet."""
    maturity = account_maturity(account_id)
    following = maturity.next_level if maturity else None
    if following is None:
        return []
    taken = {practice.behaviour_id for practice in shown.practices}
    titles = {practice.title for practice in shown.practices}
    return [
        {"id": item.id, "name": item.name, "detail": item.detail, "level": following.name}
        for item in following.missing
        if item.id not in taken and item.name not in titles
    ]


def other_plans(request: Any, current: Plan | None, account_id: int | None = None) -> list[dict[str, str]]:
    """The account's other plans, newest first; one query."""
    found = plans_of(current.account_id if current else account_id or 0)[:20]
    return [
        {
            "title": plan.title,
            "url": workspace_url(request, "plan", plan.pk),
            "state": plan.state,
            "state_label": plan.get_state_display(),
            "runs": times.day_range(plan.starts_on, plan.ends_on),
        }
        for plan in found
        if current is None or plan.pk != current.pk
    ]
