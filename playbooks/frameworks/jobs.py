"""Assessing many accounts in the background."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.accounts.models import Account
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.database import open_workspace
from playbooks.frameworks.assessing import CHUNK, assess_accounts


def chunks(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The items in groups of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def ids_or_all(run: Run, account_ids: list[int] | None) -> list[int]:
    """The given accounts, in order and once, or every account of the workspace."""
    if account_ids is not None:
        return sorted(set(account_ids))
    with open_workspace(run.workspace_id):
        return list(Account.objects.order_by("id").values_list("id", flat=True))


@job("frameworks.assess", stepwise=True, coalesce=True, background=True)
def assess(run: Run, account_ids: list[int] | None = None) -> dict[str, Any]:
    """Assess the accounts (None: all) on the active framework, 500 at a time."""
    ids, changed, done = ids_or_all(run, account_ids), 0, 0
    for group in chunks(ids, CHUNK):
        with run.step():
            changed += len(assess_accounts(group, by=run.by))
        done += len(group)
        run.progress(100 * done / len(ids), f"{done} of {len(ids)} accounts assessed")
    return {"assessed": len(ids), "changed": changed}
