"""Keeping signals in step with indicators, in the background and every day; and telling people."""

from datetime import date
from typing import Any

from csworkspace.audit.actor import Actor
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from playbooks.frameworks.jobs import chunks, ids_or_all
from playbooks.signals.notices import tell_managers, tell_owners
from playbooks.signals.reconciling import CHUNK, reconcile_signals
from playbooks.signals.standing import TELL

# Who raises and ends what readings say: whoever brought the data has found nothing.
INDICATORS = "Indicators"


@job("signals.reconcile", stepwise=True, background=True)
def reconcile(run: Run, account_ids: list[int] | None = None, **_: Any) -> dict[str, Any]:
    """Raise, update and resolve signals of these accounts (None: all) after new readings."""
    return _reconcile(run, ids_or_all(run, account_ids))


@job("signals.daily", stepwise=True, background=True)
def reconcile_daily(run: Run) -> dict[str, Any]:
    """A new day: snoozes and cool-downs end, and the cap counts anew."""
    return _reconcile(run, ids_or_all(run, None))


@job(TELL, background=True)
def tell(run: Run, raised: list[int], back: list[int]) -> dict[str, Any]:
    """Tell the owners of the accounts."""
    return {"told": tell_owners(raised, by=run.by) + tell_owners(back, back=True)}


@job("signals.tell_held", background=True)
def tell_held(run: Run, day: str) -> None:
    """Tell managers that the cap holds signals back."""
    tell_managers(date.fromisoformat(day))


def _reconcile(run: Run, ids: list[int]) -> dict[str, Any]:
    raised, resolved, done = 0, 0, 0
    for group in chunks(ids, CHUNK):
        with run.step():
            found = reconcile_signals(group, by=Actor(INDICATORS, run.by.origin))
        raised, resolved, done = raised + len(found.raised), resolved + found.resolved, done + len(group)
        run.progress(100 * done / len(ids), f"{done} of {len(ids)} accounts")
    return {"accounts": len(ids), "raised": raised, "resolved": resolved}
