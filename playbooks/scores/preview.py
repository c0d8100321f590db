"""What other weights would change today; nothing is written. The number of queries is constant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from csworkspace.tenancy.clock import today
from playbooks.indicators.evaluating import Judged
from playbooks.indicators.models import Indicator, Reading
from playbooks.indicators.naming import Names
from playbooks.scores.formula import (
    Band,
    Part,
    band_index,
    indicator_share,
    rounded_share,
    score_of,
    shown_score,
)
from playbooks.scores.gathering import given_of
from playbooks.scores.weights import INDICATOR, Component

MOST = 30
ROWS = """
select row.account_id, row.name, score.score, score.components
from accounts_bookrow row join playbooks_score score
    on score.account_id = row.account_id and score.superseded_at is null
where row.stage <> 'churned' order by row.arr_sort desc, row.account_id
"""


@dataclass(frozen=True)
class Mover:
    """An account that would be in another band."""

    account_id: int
    name: str
    before: Decimal
    after: Decimal
    was: Band
    becomes: Band


@dataclass(frozen=True)
class Preview:
    """The scores today as they are and as they would be, and who would change band, the largest first."""

    before: list[float]
    after: list[float]
    movers: list[Mover]
    moved: int
    bands: list[Band]


def preview_of(components: Sequence[Component], bands: Sequence[Band], present: Sequence[Band]) -> Preview:
    """From the values that today's scores were made of, and the present readings of other indicators."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = [(pk, name, score, _parsed(stored)) for pk, name, score, stored in cursor.fetchall()]
    # A component that some account was not scored by yet is read for all.
    known = set.intersection(*({item["key"] for item in stored} for *_, stored in rows)) if rows else set()
    readings = _other_readings([item for item in components if item.key not in known])
    before, after, movers, moved = [], [], [], 0
    for pk, name, score, stored in rows:
        fresh = _score(components, {**readings.get(pk, {}), **{item["key"]: item for item in stored}})
        before += [] if score is None else [float(score)]
        after += [] if fresh is None else [float(fresh)]
        if score is None or fresh is None:
            continue
        was, becomes = present[band_index(score, present)], bands[band_index(fresh, bands)]
        if was.status != becomes.status:
            moved += 1
            movers += [Mover(pk, name, score, fresh, was, becomes)] if moved <= MOST else []
    return Preview(before, after, movers, moved, list(bands))


def _parsed(stored: Any) -> list[dict[str, Any]]:
    return json.loads(stored) if isinstance(stored, str) else stored


def _other_readings(components: Sequence[Component]) -> dict[int, dict[str, dict[str, Any]]]:
    """What indicators say that do not count yet, by account and component, as scores keep it; two queries."""
    items = {item.indicator: item for item in components if item.kind == INDICATOR and item.indicator}
    indicators = Indicator.objects.in_bulk([pk for pk in items if pk])
    rows = Reading.objects.filter(indicator_id__in=indicators, superseded_at=None)
    found: dict[int, dict[str, dict[str, Any]]] = {}
    columns, day, names = (
        ("account_id", "indicator_id", "holds", "value", "compared", "detail"),
        today(),
        Names(),
    )
    for row in rows.values_list(*columns):
        reading = Judged(*row)
        item = items[reading.indicator_id]
        given = given_of(item, indicators[reading.indicator_id], reading, day, names)
        said = {"value": given.value, "holds": given.holds, "applies": given.applies}
        found.setdefault(reading.account_id, {})[item.key] = said
    return found


def _score(components: Sequence[Component], kept: dict[str, Any]) -> Decimal | None:
    asked = [item for item in components if kept.get(item.key, {}).get("applies", True)]
    parts = [Part(item.key, item.weight, _share(item, kept.get(item.key))) for item in asked]
    return shown_score(score_of(parts).score)


def _share(item: Component, kept: dict[str, Any] | None) -> Decimal | None:
    if kept is None:
        return None
    if item.kind != INDICATOR:
        return Decimal(str(kept["share"])) if kept["share"] is not None else None
    given = None if kept["value"] is None else Decimal(str(kept["value"]))
    share = indicator_share(given, kept["holds"], worst=item.worst, best=item.best, counts_up=item.up)
    return rounded_share(share)
