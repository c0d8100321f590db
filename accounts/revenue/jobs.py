"""What follows from a change of the workspace's currency."""

from accounts.revenue.actions import compare_anew
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run


@job("revenue.currency", coalesce=True)
def use_currency(run: Run) -> dict[str, int]:
    """Sort the book by amounts in the new currency, as far as rates into it are stated."""
    return {"accounts": compare_anew(run.by)}
