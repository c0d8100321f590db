"""What a member wants to be told, and how."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from csworkspace.notifications.choices import Choices, digest_setting
from csworkspace.notifications.models import DigestSetting, EmailWhen
from csworkspace.notifications.registry import NotificationKind, notification_kinds

HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


@dataclass(frozen=True)
class KindRow:
    """A kind with its two fields, for a table."""

    label: str
    in_app: forms.BoundField
    email: forms.BoundField


class PreferencesForm(forms.Form):
    """For each kind: in the app or not, and when by e-mail; then the digest."""

    is_on = forms.BooleanField(
        required=False,
        label="Send me a daily digest",
        help_text="One mail with your due tasks and what is new. When there is nothing to say, none is sent.",
    )
    hour = forms.TypedChoiceField(label="From this hour on", coerce=int, choices=HOURS)
    working_days_only = forms.BooleanField(required=False, label="Only on working days")

    def __init__(self, data: Any = None, *, member_id: int) -> None:
        self.setting = digest_setting(member_id)
        names = ("is_on", "hour", "working_days_only")
        super().__init__(data, initial={name: getattr(self.setting, name) for name in names})
        self.kinds = notification_kinds()
        choices = Choices([member_id])
        for kind in self.kinds:
            made = choices.of(member_id, kind.name)
            self.fields[f"in_app_{kind.name}"] = _in_app(kind, made.in_app)
            self.fields[f"email_{kind.name}"] = _email(kind, made.email)

    def rows(self) -> list[KindRow]:
        """The table's rows."""
        return [
            KindRow(kind.label, self[f"in_app_{kind.name}"], self[f"email_{kind.name}"])
            for kind in self.kinds
        ]

    def made(self) -> dict[str, tuple[bool, str]]:
        """The choices by kind."""
        data = self.cleaned_data
        return {kind.name: (data[f"in_app_{kind.name}"], data[f"email_{kind.name}"]) for kind in self.kinds}

    def digest(self, local_now: datetime) -> DigestSetting:
        """The digest's setting; an hour that is over today already counts from tomorrow on."""
        setting = self.setting
        was_on, data = setting.is_on and setting.pk is not None, self.cleaned_data
        moved = not was_on or setting.hour != data["hour"]
        setting.is_on, setting.hour = data["is_on"], data["hour"]
        setting.working_days_only = data["working_days_only"]
        if moved and local_now.hour >= setting.hour:
            setting.sent_on = max(setting.sent_on or local_now.date(), local_now.date())
        return setting


def _in_app(kind: NotificationKind, initial: bool) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"aria-label": f"{kind.label}: in the app"})
    return forms.BooleanField(
        required=False, initial=initial, widget=widget, label=f"{kind.label}: in the app"
    )


def _email(kind: NotificationKind, initial: EmailWhen) -> forms.ChoiceField:
    widget = forms.Select(attrs={"aria-label": f"{kind.label}: by e-mail"})
    return forms.ChoiceField(
        choices=EmailWhen.choices, initial=initial, widget=widget, label=f"{kind.label}: by e-mail"
    )
