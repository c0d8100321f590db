"""What the book shows: filters, search and sort, read from an address and written back to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from accounts.accounts.models import Stage
from accounts.book.columns import read_columns
from accounts.book.models import PlanStatus
from accounts.book.text import fold
from accounts.segments.evaluate import condition_of, renamed
from csworkspace.palette.ranking import escape_like

MAX_WORDS = 6
NOT_ASSESSED = "none"
NO_SIGNALS = "none"
# Value scores by the lowest points of each stretch of the filter, and the highest.
SCORES = {"0": (0, 39), "40": (40, 59), "60": (60, 79), "80": (80, 100), "none": (-1, -1)}


@dataclass(frozen=True)
class Sort:
    """A sort: its label, its column (unique with the account's id), SQL type, usual direction."""

    label: str
    column: str
    type: str
    descending: bool

    def parse(self, text: Any) -> Any:
        """A cursor's value as the column's Python type. Raises ValueError, TypeError."""
        readers: dict[str, Callable[[Any], Any]] = {
            "text": str,
            "date": date.fromisoformat,
            "double precision": float,
        }
        return readers.get(self.type, int)(text)


SORTS = {
    "attention": Sort("Attention", "attention", "smallint", True),
    "name": Sort("Account", "name_sort", "text", False),
    "arr": Sort("ARR", "arr_sort", "bigint", True),
    "renewal": Sort("Renewal", "renewal_on", "date", False),
    "active": Sort("Last active", "last_active_on", "date", False),
    "headline": Sort("Headline", "headline_sort", "double precision", True),
    "score": Sort("Value score", "score", "smallint", False),
    "level": Sort("Level", "level", "smallint", True),
    "owed": Sort("Next owed", "next_owed_on", "date", False),
    "attainment": Sort("Attainment", "attainment", "smallint", True),
    "signals": Sort("Signals", "signal_severity", "smallint", True),
}


@dataclass(frozen=True)
class BookFilter:
    """One view of the book. Empty means no limit.

    owner: "all", "none" or a membership's id; tier: "none" or an id; level: a number or "none".
    signals: the least severity of the worst signal that is not resolved, or "none".
    score: a key of SCORES.
    cols: the names of the columns, as in `columns.read_columns`; view: the saved view it came from.
    """

    owner: str = "all"
    tier: str = ""
    stage: str = ""
    plan: str = ""
    level: str = ""
    attention: str = ""
    signals: str = ""
    score: str = ""
    segment: str = ""
    q: str = ""
    sort: str = "attention"
    descending: bool = True
    cols: str = ""
    view: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it shows less than every account."""
        return self.where()[0] != "true"

    @cached_property
    def segment_condition(self) -> tuple[str, list[Any]]:
        """The segment's own condition, read once; false if it is gone or broken."""
        return renamed(condition_of(int(self.segment)), "accounts_bookrow")

    def where(self) -> tuple[str, list[Any]]:
        """The SQL condition and its values; only literals of this module get into the text."""
        parts: list[str] = ["true"]
        values: list[Any] = []
        for column, value in (("owner_id", self.owner), ("tier_id", self.tier)):
            if value == "none":
                parts.append(f"{column} is null")
            elif value and value != "all":
                parts.append(f"{column} = %s")
                values.append(int(value))
        for column, value in (("stage", self.stage), ("plan_status", self.plan)):
            if value:
                parts.append(f"{column} = %s")
                values.append(value)
        if self.level:
            parts.append("level = %s")
            values.append(-1 if self.level == NOT_ASSESSED else int(self.level))
        if self.attention:
            parts.append("attention > 0")
        if self.signals:
            parts.append("signal_severity = 0" if self.signals == NO_SIGNALS else "signal_severity >= %s")
            values += [] if self.signals == NO_SIGNALS else [int(self.signals)]
        if self.score:
            parts.append("score between %s and %s")
            values += SCORES[self.score]
        if self.segment:
            parts.append(self.segment_condition[0])
            values += self.segment_condition[1]
        for word in fold(self.q).split()[:MAX_WORDS]:
            parts.append("search like %s")
            values.append(f"%{escape_like(word)}%")
        return " and ".join(parts), values

    def url(self, **changes: Any) -> str:
        """The query string of this view with some changes; what is usual is left out."""
        view = replace(self, **changes)
        named = {
            name: getattr(view, name)
            for name in (
                "owner",
                "tier",
                "stage",
                "plan",
                "level",
                "attention",
                "signals",
                "score",
                "segment",
                "q",
            )
        }
        named["sort"] = "" if view.sort == "attention" else view.sort
        if view.descending != SORTS[view.sort].descending:
            named["dir"] = "desc" if view.descending else "asc"
        named |= {"cols": view.cols, "view": view.view}
        return "?" + urlencode({name: value for name, value in named.items() if value})

    def toggled(self, sort: str) -> str:
        """The address that sorts by this column, or turns its direction round."""
        turned = not self.descending if sort == self.sort else SORTS[sort].descending
        return self.url(sort=sort, descending=turned)


def read_filter(data: Mapping[str, str], *, mine: int | None) -> BookFilter:
    """A view from an address; what is not understood is left out.

    `mine` is the membership whose accounts are shown when the address names no owner.
    """
    default_owner = str(mine) if mine is not None else "all"
    sort = data.get("sort", "")
    sort = sort if sort in SORTS else "attention"
    direction = data.get("dir", "")
    usual = SORTS[sort].descending
    return BookFilter(
        owner=one_of(data.get("owner", ""), "all", "none", numbers=True) or default_owner,
        tier=one_of(data.get("tier", ""), "none", numbers=True),
        stage=one_of(data.get("stage", ""), *Stage.values),
        plan=one_of(data.get("plan", ""), *PlanStatus.values),
        level=one_of(data.get("level", ""), NOT_ASSESSED, *"1234567"),
        attention=one_of(data.get("attention", ""), "1"),
        signals=one_of(data.get("signals", ""), NO_SIGNALS, *"123"),
        score=one_of(data.get("score", ""), *SCORES),
        segment=one_of(data.get("segment", ""), numbers=True),
        q=data.get("q", "").replace("\x00", "").strip()[:100],
        sort=sort,
        descending=usual if direction not in ("asc", "desc") else direction == "desc",
        cols=read_columns(data.get("cols", "")),
        view=one_of(data.get("view", ""), numbers=True),
    )


def one_of(value: str, *known: str, numbers: bool = False) -> str:
    """The value if it is known (or, with `numbers`, an id), else ''."""
    is_id = numbers and value.isascii() and value.isdecimal() and len(value) < 19
    return value if value in known or is_id else ""
