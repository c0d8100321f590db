"""The workspace's working calendar: what counts as a working day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from csworkspace.tenancy.models import TenantModel


def monday_to_friday() -> list[int]:
    """The usual working week."""
    return [0, 1, 2, 3, 4]


class WorkCalendar(TenantModel):
    """The working week of a workspace; without a row it is Monday to Friday, from 9 to 17.

    weekdays: 0 is Monday. The hours are of the workspace's own clock.
    """

    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="work_calendar_once")]


class Holiday(TenantModel):
    """A day on which nobody works."""

    day = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["workspace", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"
