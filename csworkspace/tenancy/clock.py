"""Today, as the people of a workspace see it."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from csworkspace.tenancy.models import Workspace


def today_of(workspace: Workspace) -> date:
    """The date in a workspace's time zone."""
    return timezone.now().astimezone(ZoneInfo(workspace.timezone)).date()


def today() -> date:
    """The date in the open workspace's time zone; one query. Inside a request use `today_of`."""
    return today_of(Workspace.objects.get())


def zone() -> str:
    """The open workspace's time zone, such as "Europe/Oslo"; one query."""
    return str(Workspace.objects.values_list("timezone", flat=True).get())
