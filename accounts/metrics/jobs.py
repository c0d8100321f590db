"""Measuring in the background."""

from typing import Any

from accounts.metrics import measuring
from accounts.metrics.actions import measure_everything
from accounts.metrics.models import Metric
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from csworkspace.web.formats import plural


@job("measure", stepwise=True, coalesce=True, background=True)
def measure(run: Run) -> dict[str, Any]:
    """Measure the account-days that events have touched."""
    days = measuring.measure_touched(
        run.step, run.by, lambda accounts: run.progress(50, f"{plural(accounts, 'account')} measured")
    )
    return {"account_days": days}


@job("measure metric", stepwise=True, coalesce=True)
def measure_metric(run: Run, metric_id: int) -> dict[str, Any]:
    """Measure one metric for all accounts and days, as its definition is now."""
    with run.step():
        parts, until = measuring.account_parts(), today()
        begun = Metric.objects.get(pk=metric_id).updated_at
    for done, ids in enumerate(parts):
        run.progress(100 * done / len(parts), f"{done * measuring.PART:,} accounts measured")
        with run.step():
            measuring.measure_metric_part(metric_id, ids, run.by)
    with run.step():
        # Not if it was changed meanwhile: that change has a job of its own.
        Metric.objects.filter(pk=metric_id, updated_at=begun).update(measured_until=until)
    return {"accounts": sum(map(len, parts))}


@job("roll days", stepwise=True, background=True)
def roll_days(run: Run) -> dict[str, Any]:
    """Measure what has left the windows since the last time, and what waited for its day."""
    with run.step():
        until = today()
        since = measuring.measured_since(until)
        ids = measuring.moving_accounts()
    for start in range(0, len(ids), measuring.PART):
        run.progress(90 * start / len(ids), f"{start:,} accounts measured")
        with run.step():
            measuring.roll_part(ids[start : start + measuring.PART], since, run.by)
    with run.step():
        Metric.objects.filter(measured_until__lt=until).update(measured_until=until)
    days = measuring.measure_touched(run.step, run.by)
    return {"accounts": len(ids), "account_days": days}


@job("measure everything")
def measure_all_metrics(run: Run) -> None:
    """Measure every usage metric anew: a day begins at another hour than before."""
    measure_everything(by=run.by)
