"""What follows from a change of the workspace's currency."""

from accounts.book.actions import refresh_book
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run


@job("revenue.currency", coalesce=True)
def use_currency(run: Run) -> dict[str, int]:
    """Sort the book by amounts in the new currency, as far as rates into it are stated."""
    return {"accounts": refresh_book()}
