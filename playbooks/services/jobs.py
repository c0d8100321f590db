"""Keeping services owed in step, in the background: after a change of accounts or terms, and every day."""

from datetime import date, timedelta
from typing import Any

from accounts.tiering.models import TierPlacement
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from playbooks.frameworks.jobs import chunks, ids_or_all
from playbooks.services.actions import deliver_by_report
from playbooks.services.generating import AHEAD_DAYS, CHUNK, generate_occurrences


@job("services.refresh", stepwise=True, coalesce=True, background=True)
def refresh(run: Run, account_ids: list[int] | None = None) -> dict[str, Any]:
    """Bring what these accounts are owed (None: all) in step with what is promised."""
    return _generate(run, ids_or_all(run, account_ids))


@job("services.terms", stepwise=True, coalesce=True, background=True)
def refresh_tier(run: Run, tier_id: int, **_: Any) -> dict[str, Any]:
    """The same for the accounts that are, were or will be in a tier whose terms changed."""
    with open_workspace(run.workspace_id):
        placed = TierPlacement.objects.filter(tier_id=tier_id).order_by("account_id").distinct("account_id")
        ids = list(placed.values_list("account_id", flat=True))
    return _generate(run, ids)


@job("services.daily", stepwise=True, background=True)
def refresh_daily(run: Run) -> dict[str, Any]:
    """A new day: periods begin, what was open becomes late."""
    return _generate(run, ids_or_all(run, None))


@job("services.report", background=True)
def deliver_report(
    run: Run, account_id: int, report_id: int, report_kind: str, issued_on: str, report_title: str, **_: Any
) -> dict[str, Any]:
    """A report that was issued delivers the service that it was promised as."""
    delivered = deliver_by_report(
        account_id,
        by=run.by,
        report_id=report_id,
        kind=report_kind,
        issued_on=date.fromisoformat(issued_on),
        title=report_title,
    )
    return {"delivered": delivered.pk if delivered else None}


def _generate(run: Run, ids: list[int]) -> dict[str, Any]:
    changed, done = 0, 0
    for group in chunks(ids, CHUNK):
        with run.step():
            until = today() + timedelta(days=AHEAD_DAYS)
            changed += generate_occurrences(group, until=until, by=run.by)
        done += len(group)
        run.progress(100 * done / len(ids), f"{done} of {len(ids)} accounts")
    return {"accounts": len(ids), "changed": changed}
