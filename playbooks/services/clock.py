"""What a list of services is read by: the day, the moment, and the clocks that people see."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from csworkspace.tenancy.clock import today_of
from csworkspace.tenancy.models import Workspace


class Clock(NamedTuple):
    """Today in a workspace, the moment it is, and the workspace's time zone."""

    today: date
    now: datetime
    zone: str


def clock_of(workspace: Workspace) -> Clock:
    """The clock of a workspace."""
    return Clock(today_of(workspace), timezone.now(), workspace.timezone)
