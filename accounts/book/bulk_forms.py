"""What bulk actions ask for. `cleaned_data` is JSON: it is signed into the preview."""

from collections.abc import Callable
from typing import Any

from django import forms

from accounts.accounts.models import Stage
from accounts.book.forms import TagsField, id_field, owner_choices, tier_choices


class AssignForm(forms.Form):
    """Whom to assign to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"] = id_field("Owner", "Nobody", owner_choices())


class TierMoveForm(forms.Form):
    """Which tier, and why: the reason is kept in each account's history."""

    reason = forms.CharField(max_length=300, help_text="It is kept in the history of each account.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tier"] = id_field("Tier", "No tier", tier_choices())
        self.order_fields(["tier", "reason"])


class StageForm(forms.Form):
    """Which stage."""

    stage = forms.ChoiceField(choices=Stage.choices)


class TagForm(forms.Form):
    """Which tag."""

    tag = TagsField(max_length=200)

    def clean_tag(self) -> str:
        """One word or a few, without commas and semicolons."""
        tags: list[str] = self.cleaned_data["tag"]
        if len(tags) != 1:
            raise forms.ValidationError("One tag at a time, without commas and semicolons.")
        return tags[0]


FORMS: dict[str, Callable[..., forms.Form]] = {
    "assign": AssignForm,
    "tier": TierMoveForm,
    "stage": StageForm,
    "add_tag": TagForm,
    "remove_tag": TagForm,
}
