"""Refreshing how chosen accounts stand, started from the book."""

from collections.abc import Sequence

from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.web import formats


def start_refresh(account_ids: Sequence[int], *, by: Actor) -> Job:
    """Start the job that works out their standing."""
    title = f"Refresh how {formats.plural(len(account_ids), 'account')} stand"
    return start_job("attention.refresh", title, by=by, account_ids=list(account_ids))
