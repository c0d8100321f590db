"""Which time zones and currencies a workspace may have."""

import re
from functools import cache
from zoneinfo import available_timezones

CURRENCY_FORM = re.compile(r"[A-Z]{3}")


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones of places, sorted; UTC first."""
    names = {
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    }
    return ("UTC", *sorted(names))


def is_zone(name: str) -> bool:
    """Whether a workspace may have this time zone."""
    return name in zones()
