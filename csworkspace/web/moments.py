"""Days with an hour, as the clocks of a workspace show them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and an hour as the clocks of the workspace show it; set `zone` before it is bound."""

    zone = "UTC"
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)

    def to_python(self, value: Any) -> datetime | None:
        """What was typed, in the workspace's zone."""
        typed: datetime | None = super().to_python(value)
        return typed.replace(tzinfo=ZoneInfo(self.zone)) if typed else None


def local(moment: datetime | None, zone: str) -> str:
    """A moment as such a field takes it; "" for none."""
    return moment.astimezone(ZoneInfo(zone)).strftime(MOMENT) if moment else ""
