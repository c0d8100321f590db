"""Defining indicators, and keeping how they come out."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import check_version
from playbooks.indicators import statements
from playbooks.indicators.definition import Definition
from playbooks.indicators.evaluating import Asking, problem_of
from playbooks.indicators.measures import measure_named
from playbooks.indicators.models import Indicator, IndicatorVersion, Reading
from playbooks.indicators.wording import BadTemplate, check_template
from playbooks.playbooks.models import Playbook

# Accounts in one announcement: each becomes one job of every listener.
PART = 500
EVALUATE_JOB = "indicators.evaluate"
FIELDS = (
    "name",
    "description",
    "kind",
    "severity",
    "measure",
    "definition",
    "explanation",
    "cool_down_days",
    "playbook",
)
DEFINING = ("measure", "definition", "explanation")


class IndicatorRetired(ValueError):
    """A retired indicator stays as it is."""


@transaction.atomic
def create_indicator(
    *,
    by: Actor,
    name: str,
    kind: str,
    severity: int,
    measure: str,
    definition: Definition,
    explanation: str,
    description: str = "",
    cool_down_days: int = 14,
    playbook: Playbook | None = None,
    key: str = "",
    evaluated: bool = True,
) -> Indicator:
    """Define an indicator and evaluate it in the background, if asked for. Raises BadTemplate."""
    indicator = Indicator.objects.create(
        key=key or free_key(name),
        name=name,
        description=description,
        kind=kind,
        severity=severity,
        measure=measure,
        definition=definition.as_json(),
        explanation=checked(measure, explanation),
        cool_down_days=cool_down_days,
        playbook=playbook,
        actor=by.label[:160],
    )
    _keep_version(indicator, by)
    record("created", indicator, by=by, after=values_of(indicator, FIELDS))
    if evaluated:
        request_evaluation([indicator.pk], by)
    return indicator


def free_key(name: str) -> str:
    """A key of the name that no indicator has."""
    base = slugify(name)[:50] or "indicator"
    taken = set(Indicator.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(
        key for n in range(len(taken) + 2) if (key := base if n == 0 else f"{base}-{n + 1}") not in taken
    )


def checked(measure: str, explanation: str) -> str:
    """The template, held against the measure's placeholders. Raises BadTemplate."""
    found = measure_named(measure)
    if found is None:
        raise BadTemplate("There is no such measure.")
    return check_template(explanation, found.placeholders)


def _keep_version(indicator: Indicator, by: Actor) -> None:
    IndicatorVersion.objects.create(
        indicator=indicator,
        number=indicator.number,
        measure=indicator.measure,
        definition=indicator.definition,
        explanation=indicator.explanation,
        actor=by.label[:160],
    )


@transaction.atomic
def edit_indicator(
    indicator: Indicator, *, by: Actor, definition: Definition, version: int | None = None, **values: Any
) -> Indicator:
    """Change an indicator; what it tests becomes a new version of its definition.

    Raises Conflict, IndicatorRetired and BadTemplate. Nothing different leaves no trace.
    """
    locked = lock_indicator(indicator.pk, version)
    before = values_of(locked, FIELDS)
    for field, value in values.items():
        setattr(locked, field, value)
    locked.definition = definition.as_json()
    locked.explanation = checked(locked.measure, locked.explanation)
    after = values_of(locked, FIELDS)
    if before == after:
        return locked
    is_new = any(before[field] != after[field] for field in DEFINING)
    locked.version += 1
    locked.number += int(is_new)
    locked.save(update_fields=[*FIELDS, "version", "number", "updated_at"])
    record("edited", locked, by=by, before=before, after=after)
    if is_new:
        _keep_version(locked, by)
        if locked.is_active:
            request_evaluation([locked.pk], by)
    return locked


def lock_indicator(pk: int, version: int | None) -> Indicator:
    """The indicator's row, held. Raises Conflict and IndicatorRetired."""
    locked = Indicator.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    check_version(locked, version)
    if locked.retired_at:
        raise IndicatorRetired("This indicator is retired and stays as it is. Create a new one instead.")
    return locked


@transaction.atomic
def set_active(indicator: Indicator, *, by: Actor, active: bool, version: int | None = None) -> Indicator:
    """Pause an indicator, which ends its readings, or let it go on. Raises Conflict, IndicatorRetired."""
    locked = lock_indicator(indicator.pk, version)
    if locked.is_active == active:
        return locked
    locked.is_active, locked.version = active, locked.version + 1
    locked.save(update_fields=["is_active", "version", "updated_at"])
    record("resumed" if active else "paused", locked, by=by)
    if active:
        request_evaluation([locked.pk], by)
    else:
        end_readings(locked, by)
    return locked


@transaction.atomic
def retire_indicator(indicator: Indicator, *, by: Actor, version: int | None = None) -> Indicator:
    """Take an indicator out of use for good; its history stays. Raises Conflict, IndicatorRetired."""
    locked = lock_indicator(indicator.pk, version)
    locked.is_active, locked.retired_at, locked.version = False, timezone.now(), locked.version + 1
    locked.save(update_fields=["is_active", "retired_at", "version", "updated_at"])
    record("retired", locked, by=by)
    end_readings(locked, by)
    return locked


def end_readings(indicator: Indicator, by: Actor) -> None:
    """Nothing is said of the present any more; tells whom it was said of, and where it held."""
    current = Reading.objects.filter(indicator=indicator, superseded_at=None)
    rows = sorted(current.values_list("account_id", "holds"))
    current.update(superseded_at=timezone.now())
    tell([pk for pk, _ in rows], [pk for pk, holds in rows if holds], by)


def tell(changed: Sequence[int], moved: Sequence[int], by: Actor) -> None:
    """Announce "indicators.changed", and "indicators.moved" where any begins or ends to hold.

    Some accounts at a time.
    """
    for event, account_ids in (("indicators.changed", changed), ("indicators.moved", moved)):
        for start in range(0, len(account_ids), PART):
            announce(event, by=by, account_ids=list(account_ids[start : start + PART]))


def request_evaluation(indicator_ids: Sequence[int], by: Actor) -> None:
    """Evaluate indicators for all accounts in the background."""
    start_job(EVALUATE_JOB, "Evaluate indicators", by=by, indicator_ids=list(indicator_ids))


@transaction.atomic
def keep_readings(
    account_ids: Iterable[int] | None = None, *, by: Actor, indicator_ids: Sequence[int] | None = None
) -> int:
    """Evaluate active indicators (None: all) for accounts (None: all), keep what changed; how many readings.

    One statement for each indicator. Its row is held meanwhile, so that two evaluations follow each other
    and an account never has two current readings. Announces "indicators.changed" and "indicators.moved".
    """
    ids = None if account_ids is None else sorted(set(account_ids))
    rows = Indicator.objects.select_for_update(no_key=True, of=("self",)).filter(
        is_active=True, retired_at=None
    )
    wanted = rows if indicator_ids is None else rows.filter(pk__in=indicator_ids)
    asking, changed, moved, count = Asking(today()), set[int](), set[int](), 0
    for indicator in wanted.order_by("pk"):
        differs, moves = _keep(indicator, ids, asking)
        changed.update(differs)
        moved.update(moves)
        count += len(differs)
    tell(sorted(changed), sorted(moved), by)
    return count


def _keep(indicator: Indicator, ids: Sequence[int] | None, asking: Asking) -> tuple[list[int], list[int]]:
    """Write one indicator's differences; the accounts that have any, and where it began or ended to hold."""
    problem = problem_of(indicator, asking.names)
    if problem != indicator.problem:
        # Whatever it said of the other accounts has come to an end too, or begins again.
        ids = None
    text, values = asking.compiled(indicator, ids, statements.WRITE)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found: tuple[list[int], list[int]] = cursor.fetchone()
    if ids is None or problem != indicator.problem:
        Indicator.objects.filter(pk=indicator.pk).update(evaluated_at=timezone.now(), problem=problem)
    return found
