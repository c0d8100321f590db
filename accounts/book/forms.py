"""Forms of the book: saved views and single values."""

import json
from typing import Any

from django import forms

from accounts.accounts.models import Account, Stage
from accounts.accounts.renewing import renewal_problem
from accounts.accounts.tags import TagError, read_tags
from accounts.book.models import SavedView
from accounts.book.values import as_json, is_value, value_of
from accounts.tiers.models import Tier
from csworkspace.people.queries import team
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput

NONE = "none"
FORGED = "Open the form again."
Choices = list[tuple[str, str]]


class ViewForm(VersionedForm):
    """Name and share a view."""

    name = forms.CharField(max_length=80, help_text="Such as Renewals this quarter.")
    is_shared = forms.BooleanField(
        required=False, label="Share it", help_text="Everybody who reads the book sees it under your name."
    )

    def __init__(self, *args: Any, owner_id: int, may_share: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.owner_id = owner_id
        # Who reads the book only may still withdraw a view that is shared already.
        if not (may_share or getattr(self.subject, "is_shared", False)):
            del self.fields["is_shared"]

    def clean(self) -> dict[str, Any]:
        """Without the control the view stays private."""
        return {"is_shared": False, **(super().clean() or {})}

    def clean_name(self) -> str:
        """Once per person, whatever the case."""
        name = " ".join(self.cleaned_data["name"].split())
        others = SavedView.objects.filter(owner_id=self.owner_id, name__iexact=name)
        if others.exclude(pk=getattr(self.subject, "pk", 0)).exists():
            raise forms.ValidationError(f"There is a view {name} already. Choose another name.")
        return name


class ValueForm(forms.Form):
    """One field of one account, with the value that the person saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, *args: Any, field: str, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.field, self.account = field, account
        self.now = value_of(account, field)
        self.fields["value"] = field_for(field)
        self.initial = {"value": shown(self.now, field), "seen": json.dumps(self.now)}

    def clean_seen(self) -> Any:
        """The JSON of the value that was seen, if the field can have it."""
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except (ValueError, RecursionError):
            raise forms.ValidationError(FORGED) from None
        if not is_value(self.field, seen):
            raise forms.ValidationError(FORGED)
        return seen

    def clean_value(self) -> Any:
        """The value as JSON."""
        value = self.cleaned_data["value"]
        if self.field == "renewal_on" and value:
            problem = renewal_problem(value, self.account.customer_since, today())
            if problem:
                raise forms.ValidationError(problem)
        return as_json(value)


class TagsField(forms.CharField):
    """Words with commas between them, as a list in their order, each once."""

    def clean(self, value: Any) -> list[str]:
        """The tags, by the one rule for tags."""
        try:
            return read_tags(super().clean(value))
        except TagError as error:
            raise forms.ValidationError(str(error)) from None


def shown(value: Any, field: str) -> Any:
    """A JSON value as its control shows it."""
    if field in ("owner", "tier") and value is None:
        return NONE
    return ", ".join(value) if isinstance(value, list) else value


def owner_choices() -> Choices:
    """The staff, by name."""
    return [(str(member.pk), str(member)) for member in team()]


def tier_choices() -> Choices:
    """The tiers in use, in order."""
    found = Tier.objects.filter(retired_at=None).order_by("position").values_list("pk", "name")
    return [(str(pk), name) for pk, name in found]


def id_field(label: str, nothing: str, choices: Choices) -> forms.Field:
    """A choice of ids, or of None under a word."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(NONE, nothing), *choices],
        coerce=lambda text: None if text == NONE else int(text),
    )


def field_for(field: str) -> forms.Field:
    """The control of a field. Raises KeyError for a field that cannot be edited in the book."""
    made: dict[str, Any] = {
        "owner": lambda: id_field("Owner", "Nobody", owner_choices()),
        "tier": lambda: id_field("Tier", "No tier", tier_choices()),
        "stage": lambda: forms.ChoiceField(label="Stage", choices=Stage.choices),
        "renewal_on": lambda: forms.DateField(label="Renews on", required=False, widget=DateInput),
        "tags": lambda: TagsField(
            label="Tags", required=False, max_length=900, help_text="With commas between them."
        ),
    }
    control: forms.Field = made[field]()
    control.widget.attrs["data-focus"] = ""
    return control
