"""Today, as the people of a workspace see it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from csworkspace.tenancy.models import Workspace


def day_in(workspace: Workspace, moment: datetime) -> date:
    """The date of a moment in a workspace's time zone."""
    return moment.astimezone(ZoneInfo(workspace.timezone)).date()


def today_of(workspace: Workspace) -> date:
    """The date in a workspace's time zone."""
    return day_in(workspace, timezone.now())


def today() -> date:
    """The date in the open workspace's time zone; one query. Inside a request use `today_of`."""
    return today_of(Workspace.objects.get())


def zone() -> str:
    """The open workspace's time zone, such as "Europe/Oslo"; one query."""
    return str(Workspace.objects.values_list("timezone", flat=True).get())
