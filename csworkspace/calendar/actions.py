"""Keeping the working calendar."""

from collections.abc import Iterable
from datetime import time
from typing import NamedTuple

from django.db import transaction

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.calendar.models import Holiday, WorkCalendar
from csworkspace.calendar.pasting import Named
from csworkspace.calendar.queries import kept_calendar
from csworkspace.tenancy.database import lock_in_workspace
from csworkspace.web.versions import check_version

FIELDS = ("weekdays", "opens_at", "closes_at")


class Added(NamedTuple):
    """How many holidays are new, got another name, or were there already."""

    new: int
    renamed: int
    same: int


@transaction.atomic
def set_calendar(
    weekdays: Iterable[int], opens_at: time, closes_at: time, *, by: Actor, seen: int | None = None
) -> WorkCalendar:
    """Say which days are worked, and from when to when.

    Raises ValueError without a working day or hour, Conflict if it is not as the person saw it.
    """
    worked = sorted(set(weekdays))
    if not worked or not set(worked) <= set(range(7)):
        raise ValueError("Choose at least one working day.")
    if opens_at >= closes_at:
        raise ValueError("The working day ends before it begins.")
    lock_in_workspace("working calendar")
    calendar = kept_calendar()
    check_version(calendar, seen)
    before = values_of(calendar, FIELDS)
    calendar.weekdays, calendar.opens_at, calendar.closes_at = worked, opens_at, closes_at
    calendar.version += 1
    calendar.save()
    record("edited", calendar, by=by, before=before, after=values_of(calendar, FIELDS))
    return calendar


@transaction.atomic
def add_holidays(holidays: Iterable[Named], *, by: Actor) -> Added:
    """Add days on which nobody works; one that is there gets the new name. Two statements."""
    lock_in_workspace("working calendar")
    wanted = {one.day: one.name for one in holidays}
    there = dict(Holiday.objects.filter(day__in=wanted).values_list("day", "name"))
    new = [day for day in wanted if day not in there]
    renamed = [day for day in there if there[day] != wanted[day]]
    changed = [Holiday(day=day, name=wanted[day]) for day in sorted(new + renamed)]
    Holiday.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["workspace", "day"], update_fields=["name"]
    )
    if changed:
        names = [f"{day} {wanted[day]}" for day in sorted(new + renamed)]
        record("added holidays", kept_calendar(), by=by, after={"holidays": names[:100], "count": len(names)})
    return Added(len(new), len(renamed), len(there) - len(renamed))


@transaction.atomic
def remove_holiday(holiday: Holiday, *, by: Actor) -> bool:
    """Make a holiday a day as any other; False if somebody else has done so."""
    removed, _ = Holiday.objects.filter(pk=holiday.pk).delete()
    if removed:
        record("removed", holiday, by=by, before={"day": holiday.day, "name": holiday.name})
    return bool(removed)
