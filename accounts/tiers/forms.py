"""Forms about tiers."""

from typing import Any

from django import forms

from accounts.tiers.models import Tier


class TierForm(forms.Form):
    """Add or rename a tier."""

    name = forms.CharField(max_length=60, help_text="Such as Top, Leveraged or Scalable.")
    description = forms.CharField(max_length=300, required=False, help_text="Which accounts belong in it.")

    def __init__(self, *args: Any, tier: Tier | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tier = tier

    def clean_name(self) -> str:
        """Once in the workspace, whatever the case."""
        name = " ".join(self.cleaned_data["name"].split())
        others = Tier.objects.filter(name__iexact=name)
        if others.exclude(pk=self.tier.pk if self.tier else 0).exists():
            raise forms.ValidationError(f"There is a tier {name} already.")
        return name
