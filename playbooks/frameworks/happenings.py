"""Maturity on the timeline: benchmarks taken, and levels reached or lost."""

from datetime import datetime
from typing import Any, NamedTuple

from csworkspace.web.urls import workspace_url
from playbooks.timeline.reading import midnight, newest
from playbooks.timeline.sources import Happening, Place, TimelineSource

# An assessment is written whenever its evidence changes; only a change of the level is told.
TOLD = f"""
select {midnight("taken_on")} as at, 'benchmark ' || one.id as key, one.id as pk, one.number, one.level,
    coalesce(reached.name, '') as name, null::smallint as former, one.note as text, one.actor
from playbooks_benchmark one
left join playbooks_level reached on reached.framework_id = one.framework_id and reached.position = one.level
where one.account_id = %s
union all
select assessed_at, 'level ' || id, null, null, level,
    coalesce((select name from playbooks_level reached
              where reached.framework_id = steps.framework_id and reached.position = level), ''),
    former, '', ''
from (select id, assessed_at, framework_id, level, lag(level) over later as former,
          lag(framework_id) over later as former_framework
      from playbooks_assessment where account_id = %s window later as (order by id)) steps
where former is distinct from level and former is not null and former_framework = framework_id
"""


class Row(NamedTuple):
    """A benchmark (with pk and number), or a change of level from `former`."""

    at: datetime
    key: str
    pk: int | None
    number: int | None
    level: int | None
    name: str
    former: int | None
    text: str
    actor: str


def find_maturity(request: Any, account_id: int, before: Place | None, limit: int) -> list[Happening]:
    """Benchmarks and changes of level; one query."""
    values = [request.workspace.timezone, account_id, account_id]
    ladder = workspace_url(request, "account_maturity", account_id)
    return [
        Happening(
            row.at,
            row.key,
            _title(row),
            row.text,
            row.actor,
            workspace_url(request, "benchmark", row.pk) if row.pk else ladder,
            _tone(row),
        )
        for row in newest(Row, TOLD, values, before, limit)
    ]


def _title(row: Row) -> str:
    if row.pk:
        taken = "Day-1 benchmark" if row.number == 1 else f"Benchmark {row.number}"
        return taken if row.level is None else f"{taken}: {_level(row)}"
    if _tone(row) == "good":
        return f"L{_level(row)[1:]} reached"
    return f"Back {_level(row) if not row.level else f'to {_level(row)}'}"


def _level(row: Row) -> str:
    return f"level {row.level}{f', {row.name}' if row.name else ''}" if row.level else "below level 1"


def _tone(row: Row) -> str:
    if row.former is None or row.level is None:
        return ""
    return "good" if row.level > row.former else "warn"


MATURITY = TimelineSource("maturity", "Maturity", find_maturity, order=35, icon="steps")
