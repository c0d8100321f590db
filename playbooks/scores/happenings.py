"""Band changes on the account's timeline."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from csworkspace.web.urls import workspace_url
from playbooks.scores import pages
from playbooks.scores.formula import band_index
from playbooks.scores.weights import read_bands
from playbooks.timeline.sources import Happening, TimelineSource

# Rows whose band may differ from the one before them; read a little further than asked for.
ROWS = """
select score.id, score.day, score.score, lag(score.score) over days, model.bands, model.number
from playbooks_score score join playbooks_scoremodel model on model.id = score.model_id
where score.account_id = %s
window days as (order by score.day)
order by score.day desc
"""


def find_band_changes(
    request: Any, account_id: int, before: tuple[datetime, str] | None, limit: int
) -> list[Happening]:
    """When the account came into another band, newest first; one query."""
    zone = ZoneInfo(request.workspace.timezone)
    url = workspace_url(request, "account_score", account_id)
    found: list[Happening] = []
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [account_id])
        rows = cursor.fetchall()
    for pk, day, score, was, stored, number in rows:
        # A score is of a whole day, which is told without an hour, and never as something yet to come.
        at, key = datetime.combine(day, time(), zone), f"score {pk:012d}"
        if score is None or was is None or (before is not None and (at, key) >= before):
            continue
        bands = read_bands(stored if isinstance(stored, list) else [])
        old, new = band_index(was, bands), band_index(score, bands)
        if old != new:
            title = f"Value score: from {bands[old].name} to {bands[new].name}"
            text = f"{pages.number(was)} to {pages.number(score)}, by weights {number}"
            tone = "good" if new > old else "bad"
            found.append(Happening(at, key, title, text, url=f"{url}?on={day}", tone=tone))
        if len(found) >= limit:
            break
    return found


BANDS = TimelineSource("scores", "Value score", find_band_changes, order=40)
