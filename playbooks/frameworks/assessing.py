"""Assessing accounts: computing levels, and keeping their history."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.tenancy.clock import today
from playbooks.frameworks.evidence import Fact, Verdict, evaluate, truth_of
from playbooks.frameworks.models import Answer, Assessment, Behaviour, Evidence, Framework
from playbooks.frameworks.queries import active_framework, levels_of
from playbooks.frameworks.since import fill_since

CHUNK = 500


@transaction.atomic
def assess_accounts(account_ids: Sequence[int], *, by: Actor, on: date | None = None) -> list[int]:
    """Assess accounts on the active framework; the ids whose assessment changed.

    A changed level, or a behaviour that holds no longer or now, makes a new row and closes the old
    one; changed numbers alone refresh the current row. Queries do not depend on the number of
    accounts. Announces "standing.changed". Without an active framework nothing happens.
    """
    framework = active_framework()
    if framework is None or not account_ids:
        return []
    day = on or today()
    levels = levels_of(framework.pk)
    verdicts = evaluate(levels, account_ids, day)
    current = _lock_current(account_ids)
    fill_since(levels, verdicts, {pk: row.evidence for pk, row in current.items()}, day)
    changed: list[tuple[int, Verdict]] = []
    refreshed: list[tuple[int, list[Fact]]] = []
    for account_id, verdict in verdicts.items():
        before = current.get(account_id)
        if before is None or not _same(before, framework, verdict):
            changed.append((account_id, verdict))
        elif before.evidence != verdict.facts:
            refreshed.append((before.pk, verdict.facts))
    _refresh(refreshed)
    _supersede(framework, [current[pk] for pk, _ in changed if pk in current], changed)
    if changed:
        announce("standing.changed", by=by, account_ids=[pk for pk, _ in changed])
    return [pk for pk, _ in changed]


def _lock_current(account_ids: Sequence[int]) -> dict[int, Assessment]:
    rows = Assessment.objects.select_for_update().filter(account_id__in=account_ids, superseded_at=None)
    return {row.account_id: row for row in rows.order_by("account_id")}


def _same(before: Assessment, framework: Framework, verdict: Verdict) -> bool:
    return (
        before.framework_id == framework.pk
        and before.level == verdict.level
        and truth_of(before.evidence) == verdict.truth
    )


def _refresh(rows: list[tuple[int, list[Fact]]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update playbooks_assessment a set evidence = fresh.evidence::jsonb "
            "from unnest(%s::bigint[], %s::text[]) as fresh(id, evidence) where a.id = fresh.id",
            [[pk for pk, _ in rows], [json.dumps(facts) for _, facts in rows]],
        )


def _supersede(
    framework: Framework, former: Iterable[Assessment], changed: Sequence[tuple[int, Verdict]]
) -> None:
    now = timezone.now()
    Assessment.objects.filter(pk__in=[row.pk for row in former]).update(superseded_at=now)
    rows: list[Any] = [
        Assessment(
            account_id=account_id,
            framework=framework,
            level=verdict.level,
            evidence=verdict.facts,
            assessed_at=now,
        )
        for account_id, verdict in changed
    ]
    # Another job may assess the same accounts for the first time: its row is as good.
    Assessment.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


@transaction.atomic
def record_answer(
    account: Account, behaviour: Behaviour, *, by: Actor, holds: bool, note: str = ""
) -> Answer:
    """Keep a person's answer to a behaviour's question, and assess the account at once.

    Raises ValueError if the behaviour is not evidenced by an answer.
    """
    if behaviour.evidence != Evidence.ANSWER:
        raise ValueError(f"“{behaviour.name}” is shown by data, not by an answer.")
    answer = Answer.objects.create(
        account=account, behaviour=behaviour, holds=holds, note=note, actor=by.label[:160]
    )
    record("answered", account, by=by, after={"question": behaviour.question, "holds": holds, "note": note})
    assess_accounts([account.pk], by=by)
    return answer
