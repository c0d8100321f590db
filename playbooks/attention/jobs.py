"""Refreshing how accounts stand, in the background and every day."""

from collections.abc import Sequence
from typing import Any

from accounts.book.models import BookRow
from csworkspace.events.registry import announce
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from playbooks.attention.actions import refresh_standing
from playbooks.frameworks.assessing import CHUNK, assess_accounts
from playbooks.frameworks.jobs import chunks, ids_or_all

STANDING = ("level", "plan_status", "attention", "reasons")


@job("attention.refresh", stepwise=True, background=True)
def refresh(run: Run, account_ids: list[int] | None = None, **_: Any) -> dict[str, Any]:
    """Refresh the standing of the accounts (None: all), 500 at a time."""
    ids, changed, done = ids_or_all(run, account_ids), 0, 0
    for group in chunks(ids, CHUNK):
        with run.step():
            changed += refresh_and_tell(run, group)
        done += len(group)
        run.progress(100 * done / len(ids), f"{done} of {len(ids)} accounts")
    return {"accounts": len(ids), "changed": changed}


@job("attention.daily", stepwise=True, background=True)
def refresh_daily(run: Run) -> dict[str, Any]:
    """A new day moves windows, paths and renewals: assess every account again, then its standing."""
    ids, changed, done = ids_or_all(run, None), 0, 0
    for group in chunks(ids, CHUNK):
        with run.step():
            assess_accounts(group, by=run.by)
            changed += refresh_and_tell(run, group)
        done += len(group)
        run.progress(100 * done / len(ids), f"{done} of {len(ids)} accounts")
    return {"accounts": len(ids), "changed": changed}


def refresh_and_tell(run: Run, account_ids: Sequence[int]) -> int:
    """Refresh the standing of some accounts, and announce "book.changed" for those that it changed."""
    before = _standings(account_ids)
    changed = refresh_standing(account_ids)
    if changed:
        after = _standings(account_ids)
        moved = [pk for pk in account_ids if before.get(pk) != after.get(pk)]
        announce("book.changed", by=run.by, account_ids=moved)
    return changed


def _standings(account_ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What the book says of these accounts; one query."""
    rows = BookRow.objects.filter(account_id__in=account_ids)
    return {pk: tuple(said) for pk, *said in rows.values_list("account_id", *STANDING)}
