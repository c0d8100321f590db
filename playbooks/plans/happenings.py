"""Success plans on the timeline: begun, shared, revised, closed, and when targets are due."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from csworkspace.web.formats import with_unit
from csworkspace.web.urls import workspace_url
from playbooks.timeline.reading import midnight, newest
from playbooks.timeline.sources import Happening, Place, TimelineSource

TOLD = f"""
select {midnight("starts_on")} as at, 'plan ' || id || ' begun' as key, 'begun' as kind, id as plan, title,
    '' as text, '' as actor, null::numeric as value, '' as unit
from playbooks_plan where account_id = %s and state <> 'draft'
union all
select shared_at, 'plan ' || id || ' shared', 'shared', id, title, '', '', null, ''
from playbooks_plan where account_id = %s and shared_at is not null
union all
select closed_at, 'plan ' || id || ' closed', 'closed', id, title, closing_note, '', null, ''
from playbooks_plan where account_id = %s and closed_at is not null
union all
select revision.revised_at, 'revision ' || revision.id, 'revised', plan.id, plan.title, revision.reason,
    revision.actor, null, ''
from playbooks_revision revision join playbooks_plan plan on plan.id = revision.plan_id
where revision.account_id = %s
union all
select {midnight("target.due_on")}, 'target ' || target.id || ' due', 'due', plan.id, metric.name, '', '',
    target.value, metric.unit
from playbooks_target target
join playbooks_objective objective on objective.id = target.objective_id
join playbooks_plan plan on plan.id = objective.plan_id and plan.state = 'active'
join accounts_metric metric on metric.id = target.metric_id
where target.account_id = %s
"""


class Row(NamedTuple):
    """One happening of a plan; of a target its metric's name, value and unit."""

    at: datetime
    key: str
    kind: str
    plan: int
    title: str
    text: str
    actor: str
    value: Decimal | None
    unit: str


def find_plans(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """What happened to the account's plans; one query."""
    zone = request.workspace.timezone
    values = [zone, account_id, account_id, account_id, account_id, zone, account_id]
    rows = newest(Row, TOLD, values, before, limit)
    return [
        Happening(row.at, row.key, _title(row), row.text, row.actor, workspace_url(request, "plan", row.plan))
        for row in rows
    ]


def _title(row: Row) -> str:
    if row.kind == "due":
        return f"Target due: {row.title} at {with_unit(row.value, row.unit)}"
    return f"{row.title}: {WORDS[row.kind]}"


WORDS = {
    "begun": "the plan begins",
    "shared": "shared with the customer",
    "revised": "revised",
    "closed": "closed",
}
PLANS = TimelineSource("plans", "Success plan", find_plans, order=30, icon="target")
