"""The timeline as its page prints it: what is planned, today, and the months behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.timeline.sources import TimelineSource, icon_of, timeline_sources
from playbooks.timeline.story import Told, place_in, place_text, read_chapter, search

PAGE, NEAREST, SHORT, LONGEST_SEARCH = 40, 5, 240, 100
PLANNED, TODAY = "Planned", "Today"
MONTHS_APART = 12
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One happening, ready to print; is_same: on the day of the line above."""

    anchor: str
    iso: str
    day: str
    is_same: bool
    hour: str
    icon: str
    word: str
    title: str
    url: str
    by: str
    tone: str
    text: Any
    excerpt: str
    is_html: bool


@dataclass(frozen=True)
class Part:
    """Lines under one heading; `heading` "": they go on with what the page above ended with.

    further: of many planned things those that are furthest ahead, folded away.
    """

    heading: str
    lines: list[Line]
    further: list[Line]
    is_today: bool = False


@dataclass(frozen=True)
class Kind:
    """A source in the filter."""

    name: str
    label: str
    icon: str
    checked: bool


@dataclass(frozen=True)
class Wanted:
    """What of the story is asked for."""

    sources: Sequence[TimelineSource]
    kinds: list[str]
    text: str
    before: str

    def address(self, **changes: Any) -> str:
        """The query of an address for this, with changes; "" where nothing is asked."""
        asked = {"kind": self.kinds, "q": self.text, "before": self.before, **changes}
        return urlencode({name: value for name, value in asked.items() if value}, doseq=True)


def wanted_of(data: Any) -> Wanted:
    """What the address asks for; what it names that does not exist is passed over."""
    known = {source.name: source for source in timeline_sources()}
    kinds = [name for name in dict.fromkeys(data.getlist("kind")) if name in known]
    text = " ".join(data.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    return Wanted(
        [known[name] for name in kinds] or list(known.values()), kinds, text, data.get("before", "")
    )


def timeline_context(request: Any, account_id: int, *, goes_on: bool) -> dict[str, Any]:
    """A page of the story; `goes_on`: it is put under the one before, so a month is not named twice."""
    wanted, zone = wanted_of(request.GET), request.workspace.timezone
    before = place_in(wanted.before)
    now = timezone.now()
    if wanted.text:
        chapter = search(request, account_id, wanted.sources, before, PAGE, wanted.text)
    else:
        chapter = read_chapter(request, account_id, wanted.sources, before, PAGE)
    parts = parts_of(chapter.items, now, zone, above=before[0] if before and goes_on else None)
    here = workspace_url(request, "account_timeline", account_id)
    older = wanted.address(before=place_text(chapter.older)) if chapter.older else ""
    return {
        "parts": parts,
        "goes_on": goes_on,
        "is_first": before is None,
        "today": times.day(now.astimezone(ZoneInfo(zone)).date()),
        "kinds": [
            Kind(one.name, one.label, icon_of(one), one.name in wanted.kinds) for one in timeline_sources()
        ],
        "q": wanted.text,
        "is_filtered": bool(wanted.kinds or wanted.text),
        "here": here,
        "newest_url": f"{here}?{wanted.address(before='')}" if before else "",
        "older_url": f"{here}?{older}" if older else "",
    }


def parts_of(items: Iterable[Told], now: datetime, zone: str, above: datetime | None = None) -> list[Part]:
    """Planned things, today's, and those of each month; `above`: where the page above ended."""
    parts, seen = [], heading_of(above, now, zone) if above else ""
    for heading, group in groupby(items, key=lambda one: heading_of(one.what.at, now, zone)):
        lines = lines_of(group, ZoneInfo(zone), now, above if heading == seen else None)
        further = lines[:-NEAREST] if heading == PLANNED and len(lines) > NEAREST + 2 and not above else []
        shown = lines[len(further) :]
        is_today = heading.startswith(TODAY)
        parts.append(Part("" if heading == seen else heading, shown, further, is_today))
    if parts and parts[0].heading == PLANNED and not any(part.is_today for part in parts):
        parts.insert(1, Part(heading_of(now, now, zone), [], [], is_today=True))
    return parts


def heading_of(at: datetime, now: datetime, zone: str) -> str:
    """Under which heading a moment stands: planned, today, its month; of more than a year ago its year."""
    local = ZoneInfo(zone)
    if at > now:
        return PLANNED
    day, today = at.astimezone(local).date(), now.astimezone(local).date()
    if day == today:
        return f"{TODAY}, {times.day(today)}"
    months = (today.year - day.year) * 12 + today.month - day.month
    return f"{MONTHS[day.month - 1]} {day.year}" if months <= MONTHS_APART else str(day.year)


def lines_of(group: Iterable[Told], local: ZoneInfo, now: datetime, above: datetime | None) -> list[Line]:
    """The happenings under one heading; a day is printed once."""
    lines, day = [], above.astimezone(local).date() if above else None
    for one in group:
        lines.append(line_of(one, local, now, day))
        day = one.what.at.astimezone(local).date()
    return lines


def line_of(one: Told, local: ZoneInfo, now: datetime, last_day: date | None) -> Line:
    """A happening as the page prints it; `last_day`: the day of the line above."""
    what, at = one.what, one.what.at.astimezone(local)
    plain = " ".join(strip_tags(str(what.text).replace("</p>", "</p> ").replace("<br", " <br")).split())
    return Line(
        anchor=what.key.replace(" ", "-"),
        iso=at.isoformat(timespec="minutes"),
        day=times.day_short(at.date(), now.astimezone(local).date()),
        is_same=at.date() == last_day,
        hour="" if at.strftime("%H:%M") == "00:00" else at.strftime("%H:%M"),
        icon=what.icon or icon_of(one.source),
        word=what.word or one.source.word or one.source.label,
        title=what.title,
        url=what.url,
        by=what.by,
        tone=what.tone,
        text=what.text,
        excerpt=plain[:400] if len(plain) > SHORT else "",
        is_html=isinstance(what.text, SafeString),
    )
