"""How days, moments and spans of time are written. Pure functions; today is always passed in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from csworkspace.web.formats import DASH, NBSP, plural

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | None) -> str:
    """14 Mar 2026."""
    return DASH if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def day_short(value: date | None, today: date | None = None) -> str:
    """14 Mar; with ``today`` the year is added when it is another one."""
    if value is None:
        return DASH
    text = f"{value.day} {MONTHS[value.month - 1]}"
    return text if today is None or today.year == value.year else f"{text} {value.year}"


def month(value: date | None) -> str:
    """Mar 2026."""
    return DASH if value is None else f"{MONTHS[value.month - 1]} {value.year}"


def quarter(value: date | None) -> str:
    """2026-Q1."""
    return DASH if value is None else f"{value.year}-Q{(value.month + 2) // 3}"


def day_range(start: date, end: date) -> str:
    """A span of days, both included, naming month and year once where it can: 1 to 31 Mar 2026."""
    if start == end:
        return day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{DASH}{day(end)}"
    return f"{day_short(start) if start.year == end.year else day(start)} {DASH} {day(end)}"


def moment(value: datetime | None, zone: str = "UTC") -> str:
    """14 Mar 2026, 09:05 in the given time zone (a workspace's); naive values are taken as UTC."""
    if value is None:
        return DASH
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = aware.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def relative_day(value: date | None, today: date) -> str:
    """today, tomorrow, yesterday, in 12 days, 3 days ago; from 60 days in months, from 2 years in years."""
    if value is None:
        return DASH
    days = (value - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near:
        return near
    span = _span(abs(days))
    return f"in {span}" if days > 0 else f"{span} ago"


def relative_moment(value: datetime | None, now: datetime) -> str:
    """just now, 5 minutes ago, 3 hours ago, then days as `relative_day`; likewise in the future."""
    if value is None:
        return DASH
    seconds = (value - now).total_seconds()
    if abs(seconds) < 60:
        return "just now"
    if abs(seconds) >= 86_400:
        return relative_day(now.date() + timedelta(days=int(seconds / 86_400)), now.date())
    minutes = int(abs(seconds) // 60)
    span = plural(minutes, "minute") if minutes < 60 else plural(minutes // 60, "hour")
    return f"in {span}" if seconds > 0 else f"{span} ago"


def relative_local(value: datetime | None, now: datetime, zone: str) -> str:
    """As `relative_moment`, but from 24 hours on by the days of a time zone's calendar.

    So it says as many days as lie between the dates that `moment` prints.
    """
    if value is None or abs((value - now).total_seconds()) < 86_400:
        return relative_moment(value, now)
    local = ZoneInfo(zone)
    return relative_day(value.astimezone(local).date(), now.astimezone(local).date())


def duration(seconds: float | None) -> str:
    """The two largest units: "0.4 s", "45 s", "2 min 5 s", "3 h 12 min", "2 d 4 h"."""
    if seconds is None:
        return DASH
    if abs(seconds) < 10:
        return f"{seconds:.1f}".removesuffix(".0") + f"{NBSP}s"
    rest = round(abs(seconds))
    parts = []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        parts.append((rest // size, unit))
        rest %= size
    first = next(i for i, (amount, _) in enumerate(parts) if amount)
    return " ".join(f"{amount}{NBSP}{unit}" for amount, unit in parts[first : first + 2] if amount)


def _span(days: int) -> str:
    if days < 60:
        return plural(days, "day")
    return plural(round(days / 30.44), "month") if days < 730 else plural(round(days / 365.25), "year")
