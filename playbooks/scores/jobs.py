"""Keeping scores up to date, in the background and every day."""

from typing import Any

from csworkspace.events.registry import announce
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.database import open_workspace
from playbooks.frameworks.assessing import CHUNK
from playbooks.frameworks.jobs import chunks, ids_or_all
from playbooks.scores.actions import keep_default_model, refresh_scores


@job("scores.refresh", stepwise=True, background=True)
def refresh(run: Run, account_ids: list[int] | None = None, **_: Any) -> dict[str, Any]:
    """Work out the scores of the accounts (None: all), 500 at a time; tell if any moved."""
    ids, changed, done = ids_or_all(run, account_ids), 0, 0
    with open_workspace(run.workspace_id):
        keep_default_model()
    for group in chunks(ids, CHUNK):
        with run.step():
            moved = refresh_scores(group)
            if moved:
                announce("book.changed", by=run.by, account_ids=moved)
        changed += len(moved)
        done += len(group)
        run.progress(100 * done / len(ids), f"{done} of {len(ids)} accounts")
    return {"accounts": len(ids), "changed": changed}


@job("scores.daily", stepwise=True, background=True)
def refresh_daily(run: Run) -> dict[str, Any]:
    """A new day moves what plans expect, and weights may take over: all scores."""
    return dict(refresh(run) or {})
