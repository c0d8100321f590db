"""Looking whether recommendations were taken up, in the background."""

from typing import Any

from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from playbooks.recommendations.uptake import check_uptake, expire_late


@job("recommendations.check", background=True)
def check(run: Run, account_ids: list[int] | None = None, **_: Any) -> dict[str, Any]:
    """What accounts do has changed: some of it may be what was recommended."""
    return {"taken up": check_uptake(account_ids, by=run.by)}


@job("recommendations.daily", background=True)
def daily(run: Run) -> dict[str, Any]:
    """A new day: what was taken up, and what was not in time."""
    taken = check_uptake(None, by=run.by)
    return {"taken up": taken, "expired": expire_late(today(), by=run.by)}
