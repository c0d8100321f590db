"""Keeping up with who is in which segment, in the background and every day."""

from typing import Any

from accounts.segments.actions import refresh_segments
from accounts.segments.models import Segment
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.database import open_workspace

TOGETHER = 20
# From so many accounts on, one pass over all is cheaper; passes that wait become one.
MANY = 200
ALL = "segments.all"


@job("segments.refresh", stepwise=True, background=True)
def refresh(run: Run, account_ids: list[int] | None = None, **_: Any) -> dict[str, Any]:
    """Let these accounts enter and leave; many of them, or None, become one pass over all."""
    if account_ids is None or len(account_ids) > MANY:
        with run.step():
            start_job(ALL, "Refresh segments for all accounts", by=run.by, key="all")
        return {"accounts": "all"}
    return go_through(run, account_ids)


@job(ALL, stepwise=True, coalesce=True, background=True)
def refresh_all(run: Run) -> dict[str, Any]:
    """Let all accounts enter and leave."""
    return go_through(run, None)


@job("segments.daily", stepwise=True, background=True)
def refresh_daily(run: Run) -> dict[str, Any]:
    """A new day moves everything that is counted in days."""
    return go_through(run, None)


def go_through(run: Run, account_ids: list[int] | None) -> dict[str, Any]:
    """All segments, some at a time."""
    with open_workspace(run.workspace_id):
        ids = list(Segment.objects.order_by("pk").values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(ids), TOGETHER):
        run.progress(100 * start / len(ids), f"{start} of {len(ids)} segments")
        with run.step():
            moved += refresh_segments(account_ids, by=run.by, segment_ids=ids[start : start + TOGETHER])
    return {"segments": len(ids), "moved": moved}
