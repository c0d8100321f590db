"""What the page of the curve shows, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from csworkspace.web import times
from csworkspace.web.urls import id_in
from playbooks.plans.progress import FIRST_DAY
from playbooks.scores.queries import end_of_last_month, end_of_last_quarter

AGAINST = {"quarter": "Last quarter", "month": "Last month", "date": "Another day"}
GROUPS = {"tier": "Tier", "owner": "CSM", "segment": "Segment"}
NOBODY = 0


@dataclass(frozen=True)
class CurveSpec:
    """One view of the curve: the day, what it is held against, how accounts count, and of which.

    since: the other day, with `against` "date". by: "accounts" or "arr". owner, tier 0: without one.
    group: what the table below is about.
    """

    today: date
    on: date
    against: str = "quarter"
    since: date | None = None
    by: str = "accounts"
    tier: int | None = None
    owner: int | None = None
    segment: int | None = None
    group: str = "tier"

    @property
    def before(self) -> date:
        """The day that it is held against."""
        if self.against == "date" and self.since:
            return self.since
        return end_of_last_month(self.on) if self.against == "month" else end_of_last_quarter(self.on)

    @property
    def other(self) -> date | None:
        """The day of the second outline; none beside a day of one's own."""
        if self.against == "date":
            return None
        return end_of_last_quarter(self.on) if self.against == "month" else end_of_last_month(self.on)

    @property
    def is_live(self) -> bool:
        """Whether the day is today."""
        return self.on == self.today

    @property
    def before_words(self) -> str:
        """The other day in a sentence: "at the end of last quarter"."""
        if self.against == "date" or not self.is_live:
            return f"on {times.day(self.before)}"
        return f"at the end of last {self.against}"

    @property
    def narrows(self) -> bool:
        """Whether it is about some accounts only."""
        return (self.tier, self.owner, self.segment) != (None, None, None)

    def query(self, **changes: Any) -> str:
        """The address's query of this view with some changes; what is usual is left out."""
        view = replace(self, **changes)
        usual = CurveSpec(view.today, view.today)
        parts = {
            field.name: getattr(view, field.name)
            for field in fields(view)
            if field.name != "today" and getattr(view, field.name) not in (None, getattr(usual, field.name))
        }
        return f"?{urlencode(parts)}" if parts else "?"


def read_spec(query: Mapping[str, str], today: date) -> tuple[CurveSpec, str]:
    """The view that an address asks for, and a sentence about what it could not mean."""
    on, problem = _day(query.get("on", ""), today, today)
    against = query.get("against", "")
    against = against if against in AGAINST else "quarter"
    since, more = _day(query.get("since", ""), None, today)
    if against == "date" and not more and (since is None or since >= on):
        more = "Choose a day before the one shown to compare with. Until then it is the end of last quarter."
        since = None
    view = CurveSpec(
        today=today,
        on=on,
        against=against,
        since=since if against == "date" else None,
        by="arr" if query.get("by") == "arr" else "accounts",
        tier=id_in(query.get("tier", "")),
        owner=id_in(query.get("owner", "")),
        segment=id_in(query.get("segment", "")),
        group=query.get("group", "") if query.get("group") in GROUPS else "tier",
    )
    return view, problem or more


def _day(text: str, usual: Any, today: date) -> tuple[Any, str]:
    if not text:
        return usual, ""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return usual, "A day could not be read. Choose it again."
    if found > today:
        return usual, "That day is yet to come. The newest scores are those of today."
    return (found, "") if found >= FIRST_DAY else (usual, "Check the year of the day.")
