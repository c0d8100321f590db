"""What every change of signals ends with: the book's rows, and the news."""

from collections.abc import Collection, Sequence

from accounts.book.actions import SignalStanding, hold_rows, set_signal_standing
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from playbooks.signals.queries import counts_of

TELL = "signals.tell"


def refresh_signal_standing(account_ids: Collection[int]) -> int:
    """Write count and severity into the book's rows of these accounts; how many rows changed.

    The rows are held before anything is counted: of two at once the second counts what the first wrote.
    """
    hold_rows(account_ids)
    counts = counts_of(account_ids)
    rows = [SignalStanding(pk, *counts.get(pk, (0, 0))) for pk in account_ids]
    return set_signal_standing(rows)


def settle(
    account_ids: Collection[int], *, by: Actor, raised: Sequence[int] = (), back: Sequence[int] = ()
) -> None:
    """Bring the book up to date and tell who listens, in the transaction of the change.

    raised: the ids of new signals. back: of those whose snooze has ended. Their owners are told by a job.
    """
    ids = sorted(set(account_ids))
    if not ids:
        return
    refresh_signal_standing(ids)
    announce("signals.changed", by=by, account_ids=ids, raised=list(raised))
    if raised or back:
        start_job(TELL, "Tell owners of new signals", by=by, raised=list(raised), back=list(back))
