"""What other weights would change today; nothing is written. The number of queries is constant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from playbooks.indicators.evaluating import tested
from playbooks.indicators.models import Reading
from playbooks.scores.formula import (
    Band,
    Part,
    band_index,
    indicator_share,
    rounded_share,
    score_of,
    shown_score,
)
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
        fresh = _score(components, {item["key"]: item for item in stored}, readings.get(pk, {}))
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


def _other_readings(components: Sequence[Component]) -> dict[int, dict[str, tuple[Any, Any]]]:
    """(value, holds) of indicators that do not count yet, by account and component; one query."""
    keys = {item.indicator: item.key for item in components if item.kind == INDICATOR}
    rows = Reading.objects.filter(indicator_id__in=[pk for pk in keys if pk], superseded_at=None)
    found: dict[int, dict[str, tuple[Any, Any]]] = {}
    names = ("account_id", "indicator_id", "value", "holds", "detail")
    for account_id, pk, value, holds, detail in rows.values_list(*names):
        found.setdefault(account_id, {})[keys[pk]] = (
            tested(value, detail),
            None if detail.get("outside") else holds,
        )
    return found


def _score(
    components: Sequence[Component], stored: dict[str, Any], readings: dict[str, tuple[Any, Any]]
) -> Decimal | None:
    asked = [item for item in components if stored.get(item.key, {}).get("applies", True)]
    parts = [Part(item.key, item.weight, _share(item, stored, readings)) for item in asked]
    return shown_score(score_of(parts).score)


def _share(item: Component, stored: dict[str, Any], readings: dict[str, tuple[Any, Any]]) -> Decimal | None:
    kept = stored.get(item.key)
    if item.kind != INDICATOR:
        return Decimal(str(kept["share"])) if kept and kept["share"] is not None else None
    value, holds = (kept["value"], kept["holds"]) if kept else readings.get(item.key, (None, None))
    given = None if value is None else Decimal(str(value))
    share = indicator_share(given, holds, worst=item.worst, best=item.best, counts_up=item.up)
    return rounded_share(share)
