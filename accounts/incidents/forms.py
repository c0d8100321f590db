"""Forms about incidents."""

from typing import Any

from django import forms

from accounts.incidents.actions import Facts
from accounts.incidents.models import Incident, IncidentImpact
from csworkspace.web.moments import MomentField, local
from csworkspace.web.texts import clean_line
from csworkspace.web.versions import VersionedForm

MOST_FEATURES, LONGEST_FEATURE = 50, 200


def features_of(text: str) -> list[str]:
    """What was typed, one a line, as a list without doubles. Raises ValueError that says what is wrong."""
    names = list(dict.fromkeys(filter(None, map(clean_line, text.splitlines()))))
    if len(names) > MOST_FEATURES:
        raise ValueError(f"{len(names)} are too many; name at most {MOST_FEATURES}, or use prefixes.")
    too_long = next((name for name in names if len(name) > LONGEST_FEATURE), None)
    if too_long:
        raise ValueError(f"“{too_long[:40]}…” is longer than {LONGEST_FEATURE} characters.")
    return names


class IncidentForm(VersionedForm):
    """What was wrong with the service, and when."""

    title = forms.CharField(
        max_length=200, label="What happened?", help_text="Such as “Exports were slow or failed”."
    )
    impact = forms.ChoiceField(choices=IncidentImpact.choices, label="How much of the service?")
    started_at = MomentField(label="Began", help_text="As the clocks of the workspace show it.")
    ended_at = MomentField(label="Ended", required=False, help_text="Leave it empty while it goes on.")
    features = forms.CharField(
        required=False,
        label="Affected features",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line: a feature’s name as your events say it, or a prefix such as reports.* – "
        "nothing means the whole product. Who used one of them meanwhile was exposed.",
    )
    link = forms.URLField(required=False, max_length=500, label="Status page", assume_scheme="https")
    note = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What customers were told, what was done. Stays in the workspace.",
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("started_at", "ended_at"):
            self.fields[name].zone = zone  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """One line that says something."""
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Write a sentence.")
        return title

    def clean_features(self) -> list[str]:
        """The names, one a line."""
        try:
            return features_of(self.cleaned_data["features"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_link(self) -> str:
        """A web page, no other kind of address."""
        link: str = self.cleaned_data["link"]
        if link and not link.lower().startswith(("http://", "https://")):
            raise forms.ValidationError("Give the address of a web page, beginning with https://.")
        return link

    def facts(self) -> Facts:
        """The incident as the actions take it."""
        return Facts(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def initial_of(one: Incident, zone: str) -> dict[str, Any]:
    """An incident as the form shows it."""
    return {
        "title": one.title,
        "impact": one.impact,
        "started_at": local(one.started_at, zone),
        "ended_at": local(one.ended_at, zone),
        "features": "\n".join(map(str, one.features)),
        "link": one.link,
        "note": one.note,
    }


class EndForm(forms.Form):
    """When an incident ended."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ended_at = MomentField(label="Ended at", help_text="As the clocks of the workspace show it.")

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ended_at"].zone = zone  # type: ignore[attr-defined]
