"""The daily step: planned moves take effect, and histories that lack their newest row get it."""

from typing import Any

from accounts.book.actions import refresh_book
from accounts.revenue.points import note_arr
from accounts.tiering.actions import apply_planned_moves
from accounts.tiering.placing import note_placements
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today

FIRST = "In this tier when the history began"


@job("tiering.daily", background=True)
def keep_tiers(run: Run) -> dict[str, Any]:
    """Make the moves that are due; write down tiers and ARR that no history knows yet; use new rates.

    What no history knows is found once, in workspaces that are older than the histories.
    """
    moved = apply_planned_moves(by=run.by)
    day = today()
    return {
        "moved": moved,
        "placed": note_placements(None, day, by=run.by, reason=FIRST),
        "arr": note_arr(None, day, by=run.by),
        # A rate that was stated ahead begins on its day.
        "compared": refresh_book(),
    }
