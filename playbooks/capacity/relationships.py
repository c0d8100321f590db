"""How long an account is with its CSM, from the changes of its owner. Pure functions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

# Away for less than this and back again, as by a scenario that was undone: the relationship goes on.
BRIEF = timedelta(days=7)


class OwnerChange(NamedTuple):
    """An account changed hands: when, and the names of who had it and who got it (None: nobody)."""

    at: datetime
    left: str | None
    came: str | None


def held_since(changes: Sequence[OwnerChange]) -> datetime | None:
    """Since when the last owner has the account, from its changes in their order; None: since before all
    of them."""
    since, gone, owner = None, None, changes[-1].came
    for change in changes:
        if change.left == owner:
            gone = change.at
        elif change.came == owner and (gone is None or change.at - gone >= BRIEF):
            since = change.at
    return since
