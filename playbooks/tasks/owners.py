"""Who does a task: only those who are still here."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Count, Q

from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import add_workdays, days_within
from csworkspace.people.models import Role
from csworkspace.people.queries import team
from playbooks.capacity.models import Absence
from playbooks.plays.owners import manager_ids

# No task is due later than this because somebody is away.
FARTHEST = timedelta(days=400)
OPEN = Q(tasks__state="open")
HERE = Q(owner__is_active=True, owner__user__is_active=True) & ~Q(owner__role=Role.VIEWER)


def are_here(member_ids: Collection[int]) -> set[int]:
    """Those of the members who can own tasks."""
    return set(team().filter(pk__in=member_ids).values_list("pk", flat=True))


def some_manager() -> int | None:
    """The manager with the fewest open tasks, without one an admin; None if there is neither."""
    stand_in = team().filter(pk__in=manager_ids()).annotate(open=Count("tasks", filter=OPEN))
    return stand_in.order_by("open", "pk").values_list("pk", flat=True).first()


def present_owner(member_id: int | None) -> int | None:
    """The member, if they are here; else a manager; else nobody."""
    if member_id is not None and are_here([member_id]):
        return member_id
    return some_manager()


def due_day(today: date, workdays: int, owner_id: int | None) -> date:
    """The day so many working days on, without those on which the owner is away; three queries."""
    spans = Absence.objects.filter(
        membership_id=owner_id or 0, ends_on__gte=today, starts_on__lte=today + FARTHEST
    )
    clipped = [
        (max(start, today), min(end, today + FARTHEST))
        for start, end in spans.values_list("starts_on", "ends_on")
    ]
    return add_workdays(today, workdays, work_week(), days_within(clipped))
