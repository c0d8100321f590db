"""What every write to accounts ends with: the book, the histories of tier and ARR, and the news."""

from collections.abc import Sequence

from accounts.book.actions import refresh_book
from accounts.revenue.points import note_arr
from accounts.tiering.placing import note_placements
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.tenancy.clock import today

PART = 5000


def settle_accounts(account_ids: Sequence[int], *, by: Actor, reason: str = "") -> None:
    """Bring up to date what follows from accounts that were made or changed, and tell who listens.

    Inside the transaction of the change; a constant number of statements per 5,000 accounts.
    `reason` is kept with a change of tier.
    """
    if not account_ids:
        return
    day = today()
    refresh_book(account_ids)
    note_placements(account_ids, day, by=by, reason=reason)
    note_arr(account_ids, day, by=by)
    for start in range(0, len(account_ids), PART):
        announce("accounts.changed", by=by, account_ids=list(account_ids[start : start + PART]))
