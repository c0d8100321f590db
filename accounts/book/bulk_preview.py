"""What a bulk action would do, before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.accounts.models import Account
from accounts.book.bulk import ACTIONS, plan_changes
from accounts.book.bulk_slots import bulk_jobs
from accounts.changes.fields import words_of
from csworkspace.web import formats

EXAMPLES = 10


@dataclass(frozen=True)
class Preview:
    """One page about what would happen: texts and the first accounts.

    rows: (name, before, after) of the first EXAMPLES; passed: (how many, why, first names).
    fingerprint: of the planned changes; jobs have none.
    """

    do: str
    params: dict[str, Any]
    title: str
    count: int
    button: str
    rows: list[tuple[str, str, str]]
    passed: list[tuple[str, str, str]]
    more: str = ""
    fingerprint: str = ""


def preview(do: str, ids: Sequence[int], params: dict[str, Any]) -> Preview:
    """The preview of an action or a job; a handful of queries, whatever the number of accounts."""
    return preview_job(do, ids, params) if do in bulk_jobs() else preview_change(do, ids, params)


def preview_change(do: str, ids: Sequence[int], params: dict[str, Any]) -> Preview:
    """What would be changed, and what would be passed over."""
    action = ACTIONS[do]
    plan = plan_changes(action, ids, params)
    words = words_of([action.field])[action.field]
    count = len(plan.changes)
    return Preview(
        do=do,
        params=params,
        title=action.title(params),
        count=count,
        button=f"Change {formats.plural(count, 'account')}",
        rows=[(plan.names[c.account_id], words(c.before), words(c.after)) for c in plan.changes[:EXAMPLES]],
        passed=passed_over(plan.passed),
        more=more_than(count),
        fingerprint=plan.fingerprint,
    )


def preview_job(do: str, ids: Sequence[int], params: dict[str, Any]) -> Preview:
    """For how many accounts a job would be started."""
    job = bulk_jobs()[do]
    rows = Account.objects.filter(pk__in=ids).order_by("name", "pk").values_list("pk", "name")
    names = dict(rows)
    passed = job.passed(ids, **params)
    left_out = {pk for found in passed.values() for pk in found}
    taken = [name for pk, name in names.items() if pk not in left_out]
    return Preview(
        do=do,
        params=params,
        title=job.label,
        count=len(taken),
        button=f"Start for {formats.plural(len(taken), 'account')}",
        rows=[(name, "", "") for name in taken[:EXAMPLES]],
        passed=passed_over({why: [names[pk] for pk in found] for why, found in passed.items()}),
        more=more_than(len(taken)),
    )


def passed_over(passed: Mapping[str, list[str]]) -> list[tuple[str, str, str]]:
    """How many are passed over for each reason, with the first names."""
    return [
        (formats.plural(len(names), "account"), why, ", ".join(names[:3]) + (" …" if len(names) > 3 else ""))
        for why, names in sorted(passed.items())
    ]


def more_than(count: int) -> str:
    """How many follow after the examples."""
    return f"and {formats.number(count - EXAMPLES)} more" if count > EXAMPLES else ""
