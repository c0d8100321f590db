"""Where the evidence behind a behaviour can be seen."""

from datetime import date
from typing import Any

from accounts.metrics.queries import evidence_url_by_key
from csworkspace.web.urls import workspace_url
from playbooks.frameworks.models import Evidence
from playbooks.frameworks.queries import BehaviourStanding


def metric_link(request: Any, account_id: int, key: str, day: date | None) -> str:
    """The page with the measurements of a metric for an account; with a day, of that day."""
    return evidence_url_by_key(request, account_id, key, day)


def evidence_link(request: Any, account_id: int, item: BehaviourStanding) -> str:
    """The measurements or events behind a behaviour; '' for answers, whose evidence is the answer."""
    if item.kind == Evidence.METRIC and item.metric_key:
        return metric_link(request, account_id, item.metric_key, item.day)
    if item.kind == Evidence.FEATURE:
        url = workspace_url(request, "behaviour_evidence", account_id, item.id)
        return f"{url}?day={item.day.isoformat()}" if item.day else url
    return ""
