"""Keeping readings up to date: after every event that changes an input, and on every new day."""

from collections.abc import Callable, Mapping
from typing import Any

from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.database import open_workspace
from playbooks.indicators.actions import EVALUATE_JOB, keep_readings
from playbooks.indicators.measures import listening_to
from playbooks.indicators.queries import active_indicators

TOGETHER = 20
# Whatever is measured, an account's stage, renewal and time as a customer decide whether it is asked.
EVERYTHING = "accounts.changed"
TITLES = {
    "accounts.changed": "Evaluate indicators after a change of accounts",
    "contacts.changed": "Evaluate indicators after a change of contacts",
    "measurements.changed": "Evaluate indicators after new measurements",
    "standing.changed": "Evaluate indicators after a change of level or plan",
    "services.changed": "Evaluate indicators after a change of services",
    "news.changed": "Evaluate indicators after news",
    "incidents.changed": "Evaluate indicators after an incident",
    "visits.changed": "Evaluate indicators after a visit to the portal",
    "reports.issued": "Evaluate indicators after a report was issued",
    "recommendations.changed": "Evaluate indicators after a change of recommendations",
}
# Events that name no accounts: one evaluation of all is enough for any number of them.
OF_ALL = ("incidents.changed",)
# Measures that look at all accounts to judge one: once a day is enough.
DAILY_ONLY = ("metric_peers",)
Handler = Callable[..., Mapping[str, Any]]


def kind_of(event: str) -> str:
    """The kind of the job that follows an event."""
    return f"indicators after {event.partition('.')[0]}"


def _following(event: str) -> Handler:
    """What is done after an event: only the indicators it can change, only its accounts."""

    def handle(
        run: Run, account_ids: list[int] | None = None, account_id: int | None = None, **_: Any
    ) -> dict[str, Any]:
        with open_workspace(run.workspace_id):
            found = active_indicators().exclude(measure__in=DAILY_ONLY)
            if event != EVERYTHING:
                found = found.filter(measure__in=listening_to(event))
            ids = list(found.order_by("pk").values_list("pk", flat=True))
        return go_through(run, account_ids if account_id is None else [account_id], ids)

    return handle


for _event in TITLES:
    job(kind_of(_event), stepwise=True, coalesce=_event in OF_ALL, background=True)(_following(_event))


@job(EVALUATE_JOB, stepwise=True)
def evaluate_some(run: Run, indicator_ids: list[int]) -> dict[str, Any]:
    """Evaluate these indicators for all accounts: they are new, or were changed."""
    return go_through(run, None, indicator_ids)


@job("indicators.daily", stepwise=True, background=True)
def evaluate_daily(run: Run) -> dict[str, Any]:
    """A new day moves windows and whatever is counted in days."""
    with open_workspace(run.workspace_id):
        ids = list(active_indicators().order_by("pk").values_list("pk", flat=True))
    return go_through(run, None, ids)


def go_through(run: Run, account_ids: list[int] | None, indicator_ids: list[int]) -> dict[str, Any]:
    """The indicators, some at a time."""
    changed = 0
    for start in range(0, len(indicator_ids), TOGETHER):
        run.progress(100 * start / len(indicator_ids), f"{start} of {len(indicator_ids)} indicators")
        with run.step():
            part = indicator_ids[start : start + TOGETHER]
            changed += keep_readings(account_ids, by=run.by, indicator_ids=part)
    return {"indicators": len(indicator_ids), "changed": changed}
