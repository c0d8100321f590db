"""Forms about currencies."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from accounts.accounts.forms import CURRENCY_ERROR
from csworkspace.web.widgets import DateInput

EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)


class RateForm(forms.Form):
    """What one unit of a currency is worth, from a day on."""

    currency = forms.RegexField(r"^[A-Za-z]{3}$", error_messages={"invalid": CURRENCY_ERROR}, max_length=3)
    rate = forms.DecimalField(max_digits=18, decimal_places=8, max_value=Decimal(1_000_000))
    since = forms.DateField(label="From", widget=DateInput)

    def __init__(self, *args: Any, own: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rate"].label = f"{own} for one unit"

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_rate(self) -> Decimal:
        """More than nothing."""
        rate: Decimal = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError("A rate is more than 0.")
        return rate

    def clean_since(self) -> date:
        """A day that a history can have."""
        day: date = self.cleaned_data["since"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(f"Choose a day from {EARLIEST.year} to {LATEST.year}.")
        return day
