"""Band changes on the account's timeline."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from csworkspace.web.urls import workspace_url
from playbooks.scores import pages
from playbooks.scores.formula import band_index
from playbooks.scores.queries import loaded
from playbooks.scores.weights import STATUSES, read_bands, write_bands
from playbooks.timeline.reading import newest
from playbooks.timeline.sources import Happening, TimelineSource

# Days whose score lies in another band than the one before, by the weights of the day; only they are read.
BAND = """(
    select count(*) from jsonb_array_elements(told.bands) band where {score} >= (band->>'from')::numeric
)"""
# Between loaded history that ended longer ago than this and the first score that was kept on its day, nobody
# knows when the band changed.
LONG = 92
TOLD = f"""
select told.day::timestamp at time zone %s as at, 'score ' || lpad(told.id::text, 12, '0') as key,
    told.day, told.score, told.was, told.bands, told.number
from (
    select score.id, score.day, score.score, model.number,
        case when score.day - lag(score.day) over earlier < {LONG}
            or lag(not ({loaded("score")})) over earlier
            or {loaded("score")} then lag(score.score) over earlier end as was,
        case when jsonb_typeof(model.bands) = 'array' and jsonb_array_length(model.bands) = %s
            then model.bands else %s::jsonb end as bands
    from playbooks_score score join playbooks_scoremodel model on model.id = score.model_id
    where score.account_id = %s
    window earlier as (order by score.day)
) told
where greatest({BAND.format(score="told.score")}, 1) <> greatest({BAND.format(score="told.was")}, 1)
    and told.score is not null and told.was is not null
"""


class Row(NamedTuple):
    """A day on which an account came into another band."""

    at: datetime
    key: str
    day: date
    score: Decimal
    was: Decimal
    bands: Any
    number: int


def find_band_changes(
    request: Any, account_id: int, before: tuple[datetime, str] | None, limit: int
) -> list[Happening]:
    """When the account came into another band, newest first; one query."""
    usual = json.dumps(write_bands(read_bands([])))
    values = [request.workspace.timezone, len(STATUSES), usual, account_id]
    url = workspace_url(request, "account_score", account_id)
    return [_happening(row, url) for row in newest(Row, TOLD, values, before, limit)]


def _happening(row: Row, url: str) -> Happening:
    stored = json.loads(row.bands) if isinstance(row.bands, str) else row.bands
    bands = read_bands(stored)
    old, new = band_index(row.was, bands), band_index(row.score, bands)
    title = f"Value score: from {bands[old].name} to {bands[new].name}"
    text = f"{pages.number(row.was)} to {pages.number(row.score)}, by weights {row.number}"
    return Happening(
        row.at, row.key, title, text, url=f"{url}?on={row.day}", tone="good" if new > old else "bad"
    )


BANDS = TimelineSource("scores", "Value score", find_band_changes, order=40)
