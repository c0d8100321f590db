"""A field of names, one a line."""

from typing import Any

from django import forms

from playbooks.recommendations.actions import lines_of

MOST, LONGEST = 20, 200


class FeaturesField(forms.CharField):
    """Names of features or prefixes ending in ".*", one a line; a list in Python."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The names, each once."""
        names = lines_of(str(super().clean(self.prepare_value(value)) or "").splitlines())
        if len(names) > MOST or any(len(name) > LONGEST for name in names):
            raise forms.ValidationError(f"At most {MOST} names of at most {LONGEST} characters.")
        wrong = [name for name in names if not name.isprintable() or "*" in name.removesuffix(".*")]
        if wrong:
            raise forms.ValidationError(
                f"“{wrong[0][:60]}” is no feature; a * stands only at the end: reports.*"
            )
        return names
