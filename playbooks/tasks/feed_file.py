"""A calendar as an iCalendar file (RFC 5545). Pure: events in, bytes out.

Days are all-day events, not to-dos: Google and Outlook show no to-dos of a subscribed calendar.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from csworkspace.web.texts import clean_line
from playbooks.tasks.feed_events import CalendarEvent

REFRESH = timedelta(hours=1)


def calendar_file(
    name: str,
    events: Iterable[CalendarEvent],
    *,
    host: str,
    space: int,
    now: datetime,
    address: Callable[[CalendarEvent], str],
) -> bytes:
    """The file. `host` and `space` (the workspace's id) make the ids of events unique in the world."""
    calendar = Calendar()
    calendar.add("prodid", "-//CS Workspace//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean_line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in events:
        uid = f"{event.key}.{space}@{host}"
        calendar.add_component(_entry(event, uid, now, address(event)))
    return bytes(calendar.to_ical())


def _entry(event: CalendarEvent, uid: str, now: datetime, url: str) -> Event:
    entry = Event()
    entry.add("uid", uid)
    entry.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    # Line breaks of people's texts are gone or escaped, so that they cannot begin a property.
    entry.add("summary", clean_line(event.title))
    text = "\n".join(part for part in (*map(clean_line, event.text.splitlines()), url) if part)
    if text:
        entry.add("description", text)
    if url:
        entry.add("url", url)
    if event.day is not None:
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        # A due date takes no time of the day.
        entry.add("transp", "TRANSPARENT")
    elif event.start is not None and event.end is not None:
        entry.add("dtstart", event.start.astimezone(UTC))
        entry.add("dtend", event.end.astimezone(UTC))
    return entry
