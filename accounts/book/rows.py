"""The book's rows as the page prints them: formatted here, so that the template stays tiny."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from accounts.accounts.models import Stage
from accounts.book.models import LONG_AGO, NEVER, PlanStatus
from accounts.book.queries import Surroundings
from csworkspace.web import formats, times

STAGES = dict(Stage.choices)
STATUSES = dict(PlanStatus.choices)
NOBODY = "Nobody"
NO_TIER = "No tier"
HEADLINE = "Headline"
# The severity of signals, a matter of the floor above, as words and as the kit's shapes.
SEVERITIES = {1: "low", 2: "medium", 3: "high"}
SEVERITY_TONES = {1: "no_data", 2: "warning", 3: "at_risk"}


class RawRow(NamedTuple):
    """A row of `queries.read_page`, in the order of its COLUMNS."""

    account_id: int
    name: str
    owner_id: int | None
    tier_id: int | None
    stage: str
    arr: Decimal
    currency: str
    renewal_on: date
    last_active_on: date
    headline: Decimal
    headline_before: Decimal
    level: int
    plan_status: str
    attention: int
    reason: str | None
    reason_count: int
    tags: list[str]
    next_owed_on: date
    services_late: int
    attainment: int
    signals: int
    signal_severity: int
    score: int
    place: Any


def print_row(values: tuple[Any, ...], around: Surroundings, today: date, base: str) -> dict[str, str]:
    """A row as text, for templates/book/cells; `base` is the accounts' address."""
    row = RawRow(*values)
    change, tone = change_of(row.headline, row.headline_before)
    url = f"{base}{row.account_id}/"
    tier, stage = around.tiers.get(row.tier_id or 0, NO_TIER), STAGES.get(row.stage, row.stage)
    return {
        "id": str(row.account_id),
        "url": url,
        "edit": f"{url}values/?field=",
        "name": row.name,
        "reason": reason_of(row.reason, row.reason_count),
        "owner": owner_name(row.owner_id, around),
        "sub": f"{tier} · {stage}",
        "tier": tier,
        "stage": stage,
        "tags": ", ".join(row.tags) or formats.DASH,
        "owed": renewal_of(row.next_owed_on, today),
        "late": str(row.services_late) if row.services_late else formats.DASH,
        "attainment": f"{row.attainment}%" if row.attainment >= 0 else formats.DASH,
        "score": str(row.score) if row.score >= 0 else formats.DASH,
        "currency": row.currency,
        "arr": arr_of(row.arr, row.currency),
        "renewal": renewal_of(row.renewal_on, today),
        "active": active_of(row.last_active_on, today),
        "metric": around.headline[0] if around.headline else HEADLINE,
        "headline": headline_of(row.headline),
        "change": change,
        "tone": tone,
        "level": str(row.level) if row.level >= 0 else formats.DASH,
        "signals": signals_of(row.signals, row.signal_severity),
        "severity": SEVERITY_TONES.get(row.signal_severity, ""),
        "status": row.plan_status,
        "status_word": STATUSES.get(row.plan_status, row.plan_status),
    }


def owner_name(pk: int | None, around: Surroundings) -> str:
    """The owner's name, also of somebody who has left."""
    if pk is None:
        return NOBODY
    return around.team.get(pk) or around.former.get(pk) or NOBODY


def reason_of(reason: str | None, count: int) -> str:
    """The heaviest reason for attention in words, and how many more there are."""
    return f"{reason} (and {count - 1} more)" if reason and count > 1 else reason or ""


def signals_of(count: int, severity: int) -> str:
    """ "3, high" or a dash: how many are not resolved, and the worst of them."""
    return f"{count}, {SEVERITIES.get(severity, severity)}" if count else formats.DASH


@lru_cache(maxsize=16_384)
def arr_of(arr: Decimal, currency: str) -> str:
    """ "€48k" or a dash. Remembered, as the others here: formatting costs more than reading the row."""
    return formats.money_compact(arr, currency) if arr >= 0 else formats.DASH


@lru_cache(maxsize=16_384)
def headline_of(value: Decimal) -> str:
    """ "1.2k" or a dash."""
    return formats.compact(value) if value >= 0 else formats.DASH


@lru_cache(maxsize=16_384)
def change_of(value: Decimal, before: Decimal) -> tuple[str, str]:
    """The relative change against four weeks before, and whether it went up or down."""
    if value < 0 or before <= 0 or value == before:
        return "", ""
    return formats.signed_percent((value - before) / before), "up" if value > before else "down"


@lru_cache(maxsize=4096)
def renewal_of(renewal_on: date, today: date) -> str:
    """ "in 43 days", "12 days ago" or a dash."""
    return formats.DASH if renewal_on == NEVER else times.relative_day(renewal_on, today)


@lru_cache(maxsize=4096)
def active_of(last_active_on: date, today: date) -> str:
    """ "3 days ago", or "never"."""
    return "never" if last_active_on == LONG_AGO else times.relative_day(last_active_on, today)
