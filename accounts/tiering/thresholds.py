"""The form of thresholds to try: shares of revenue, ARR and growth, and the day to look at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from accounts.tiering.suggesting import LEAST, MOST, USUAL, Rule
from accounts.tiers.checks import MOST_ARR, MOST_GROWTH
from accounts.tiers.models import Entry
from accounts.tiers.wording import NO_DAY, number_errors
from csworkspace.web.widgets import DateInput

EARLIEST = date(1970, 1, 1)
HALF = Decimal("0.5")


def threshold_field(label: str, least: Decimal, most: Decimal, digits: int) -> forms.DecimalField:
    """A number to try; empty: no such threshold."""
    possible = f"Write a number from {least:,} to {most:,}, with at most two decimals."
    return forms.DecimalField(
        label=label,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        min_value=least,
        max_value=most,
        max_digits=digits,
        decimal_places=2,
        error_messages=number_errors(possible),
    )


def share_field(label: str) -> forms.DecimalField:
    """A share of revenue in percent."""
    return threshold_field(label, LEAST, MOST, 5)


class ThresholdForm(forms.Form):
    """The thresholds to try, which start as the tiers' own rules, and the day to look at.

    The first tier by share has a slider beside its field: without scripts the one that differs from
    what the page showed (`was`) counts, the typed one first.
    """

    share = share_field("Share of revenue, %")
    slide = share_field("Slide the share")
    was = share_field("Share before")
    as_of = forms.DateField(
        label="As of", required=False, widget=DateInput, error_messages={"invalid": NO_DAY}
    )

    def __init__(self, data: Any, rules: Sequence[Rule], today: date) -> None:
        self.rules, self.today = rules, today
        self.first = next((rule for rule in rules if rule.entry == Entry.SHARE), None)
        start = (self.first.share if self.first else None) or USUAL
        super().__init__(data or None, initial={"share": start, "slide": start, "was": start})
        for rule in rules:
            self._add_thresholds(rule)
        self.order_fields(["share", "slide", "was", *self.names, "as_of"])

    @property
    def names(self) -> list[str]:
        """The fields of the further tiers."""
        return [name for name in self.fields if name not in ThresholdForm.base_fields]

    @property
    def further(self) -> list[Any]:
        """The same, bound."""
        return [self[name] for name in self.names]

    def _add_thresholds(self, rule: Rule) -> None:
        if rule.entry == Entry.SHARE and rule is not self.first:
            self._add(f"share_{rule.tier_id}", share_field(f"{rule.name}: share, %"), rule.share or USUAL)
        if rule.entry == Entry.VALUE:
            arr = threshold_field(f"{rule.name}: ARR from", Decimal(1), MOST_ARR, 14)
            growth = threshold_field(f"{rule.name}: growth from, %", Decimal("0.01"), MOST_GROWTH, 7)
            self._add(f"arr_{rule.tier_id}", arr, rule.arr)
            self._add(f"growth_{rule.tier_id}", growth, rule.growth)

    def _add(self, name: str, field: forms.Field, start: Decimal | None) -> None:
        self.fields[name] = field
        self.initial[name] = start and plain(start)

    def clean_share(self) -> Decimal | None:
        """Not emptied: the page would go by another share than the one that it shows."""
        share: Decimal | None = self.cleaned_data["share"]
        if share is None and "share" in self.data:
            raise forms.ValidationError(f"Write a number from {LEAST} to {MOST}.")
        return share

    def clean_as_of(self) -> date | None:
        """A day with a history; today means now."""
        day: date | None = self.cleaned_data["as_of"]
        if day and not EARLIEST <= day <= self.today:
            raise forms.ValidationError("Choose a day of the past, or leave it empty for now.")
        return None if day == self.today else day

    @property
    def problems(self) -> list[tuple[Any, str]]:
        """Each field that was refused, and why."""
        return [(field, str(error)) for field in self for error in field.errors]

    @property
    def values(self) -> dict[str, Any]:
        """What to go by: the form's values when it is good, and what it started with."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}

    @property
    def chosen_share(self) -> Decimal:
        """The share of the first tier."""
        typed, slid, was = (self.values.get(name) for name in ("share", "slide", "was"))
        # The slider has whole percents: less than that is only its rounding.
        moved = slid is not None and was is not None and abs(slid - was) > HALF and typed in (was, None)
        return (slid if moved else typed) or self.initial["share"]

    @property
    def shown_share(self) -> str:
        """What the field shows: what was typed when it is refused, else what counts."""
        return str(self.data.get("share", "")) if "share" in self.errors else self.valid_share

    @property
    def valid_share(self) -> str:
        """What the slider shows, and what a change is told from."""
        return plain(self.chosen_share)

    @property
    def first_share(self) -> str:
        """The first tier's own share."""
        return plain(self.initial["share"])

    @property
    def chosen_rules(self) -> list[Rule]:
        """The tiers' rules with the thresholds to try; an emptied threshold is none."""
        return [self._tried(rule) for rule in self.rules]

    def _tried(self, rule: Rule) -> Rule:
        if rule is self.first:
            return replace(rule, share=self.chosen_share)
        own: dict[str, Any] = {
            name: self.values.get(f"{name}_{rule.tier_id}")
            for name in ("share", "arr", "growth")
            if f"{name}_{rule.tier_id}" in self.data
        }
        if rule.entry == Entry.SHARE and own.get("share") is None:
            own.pop("share", None)
        return replace(rule, **own) if self.values else rule

    @property
    def query(self) -> dict[str, str]:
        """The same thresholds as parameters of an address or hidden fields."""
        if not self.values:
            return {}
        # An emptied threshold is kept: without its name the tier's own would count again.
        kept = {name: self.data[name] for name in (*self.names, "as_of") if name in self.data}
        return {"share": str(self.chosen_share), **kept}


def plain(value: Decimal) -> str:
    """Without zeros behind: 40.00 → "40"."""
    return f"{value.normalize():f}"
