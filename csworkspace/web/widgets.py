"""Form widgets that browsers help with."""

from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date field; keeps what was typed when it is not a date."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # type=date takes no other format.
        super().__init__(attrs=attrs, format="%Y-%m-%d")
