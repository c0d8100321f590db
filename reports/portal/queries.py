"""What the customer's pages and the list of share links print."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.accounts.models import Account, ShareLink
from csworkspace.web.formats import DASH
from csworkspace.web.times import day, moment, relative_day, relative_moment
from playbooks.frameworks.models import Evidence
from playbooks.frameworks.queries import Maturity, account_maturity
from playbooks.plans.models import Plan, PlanState
from playbooks.plans.queries import PlanProgress, plan_progress
from reports.reports.story import who

MOST_LINKS = 50


@dataclass(frozen=True)
class LinkRow:
    """A share link as the list prints it."""

    id: int
    label: str
    by: str
    state: str
    is_live: bool
    used: str


def share_links(account_id: int, zone: str) -> list[LinkRow]:
    """The account's links, the newest first; one query."""
    now = timezone.now()
    links = ShareLink.objects.filter(account_id=account_id).select_related("created_by__user").order_by("-id")
    return [
        LinkRow(
            id=link.pk,
            label=link.label,
            by=str(link.created_by),
            state=_state(link, now, zone),
            is_live=link.revoked_at is None and link.expires_at > now,
            used=relative_moment(link.last_used_at, now) if link.last_used_at else "never",
        )
        for link in links[:MOST_LINKS]
    ]


def _state(link: ShareLink, now: Any, zone: str) -> str:
    if link.revoked_at:
        return f"revoked {moment(link.revoked_at, zone)}"
    until = moment(link.expires_at, zone)
    return f"until {until}" if link.expires_at > now else f"expired {until}"


def viewable_accounts(account_ids: list[int]) -> list[Account]:
    """The accounts that a customer may choose from, by name."""
    return list(Account.objects.filter(pk__in=account_ids).order_by("name", "pk"))


def shared_plan(account_id: int) -> Plan | None:
    """The plan that customers may see: the active one, else the last closed; only if shared."""
    plans = Plan.objects.select_related("account", "owner__user", "customer_owner", "benchmark")
    seen = plans.filter(Q(state=PlanState.ACTIVE) | Q(state=PlanState.CLOSED), shared_at__isnull=False)
    return seen.filter(account_id=account_id).order_by("state", "-id").first()


def shared_progress(account_id: int, on: date) -> PlanProgress | None:
    """The shared plan as it stands, or None."""
    plan = shared_plan(account_id)
    return plan_progress(plan, on) if plan else None


@dataclass(frozen=True)
class Step:
    """A practice as the customer reads it."""

    title: str
    who: str
    due: str
    done: str
    late: bool


def steps_of(progress: PlanProgress, today: date) -> list[Step]:
    """Open practices first, by due date; then those done, the newest first."""
    opened = sorted(
        (p for p in progress.practices if p.done_on is None), key=lambda p: (p.due_on or date.max, p.pk)
    )
    done = sorted((p for p in progress.practices if p.done_on), key=lambda p: (p.done_on, p.pk), reverse=True)
    return [
        Step(
            title=p.title,
            who=who(p),
            due=_due(p.due_on, None if p.done_on else today),
            done=day(p.done_on) if p.done_on else "",
            late=p.done_on is None and p.due_on is not None and p.due_on < today,
        )
        for p in [*opened, *done]
    ]


def _due(on: date | None, today: date | None) -> str:
    if on is None:
        return "no date yet" if today else DASH
    return f"{day(on)} ({relative_day(on, today)})" if today else day(on)


def maturity_levels(account_id: int) -> tuple[Maturity | None, list[dict[str, Any]]]:
    """The account's maturity, and its levels with what each takes; staff's names stay out of it."""
    maturity = account_maturity(account_id)
    if maturity is None:
        return None, []
    return maturity, [
        {
            "position": level.position,
            "name": level.name,
            "description": level.description,
            "reached": level.reached,
            "behaviours": [
                {"name": one.name, "holds": one.holds, "detail": _detail(one)} for one in level.behaviours
            ],
        }
        for level in maturity.levels
    ]


def _detail(behaviour: Any) -> str:
    if behaviour.kind != Evidence.ANSWER:
        return str(behaviour.detail)
    return "Confirmed in conversation" if behaviour.holds else "Not confirmed yet"
