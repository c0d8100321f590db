"""Forms about accounts. What is typed is kept when it is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from accounts.accounts.actions import attributes_from_text
from accounts.accounts.domains import DomainError, normalise_domains, split_domains
from accounts.accounts.groups import find_accounts, text_of
from accounts.accounts.models import Account, Stage
from accounts.accounts.renewing import renewal_problem
from accounts.accounts.tags import TagError, read_tags
from accounts.tiers.models import Tier
from accounts.tiers.queries import tiers
from csworkspace.people.queries import team
from csworkspace.tenancy.clock import today
from csworkspace.web.widgets import DateInput

CURRENCY_ERROR = "Write the three letters of the currency, such as EUR."


class AccountForm(forms.Form):
    """Make or edit an account; `cleaned_data` has the arguments of the actions."""

    name = forms.CharField(max_length=200)
    domains = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The e-mail domains of its people, one a line, the main one first: "
        "usage events find the account by them.",
    )
    external_id = forms.CharField(
        max_length=120, required=False, label="External id", help_text="Its id in your own systems."
    )
    tier = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="No tier")
    stage = forms.ChoiceField(choices=Stage.choices)
    owner = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="Nobody")
    arr = forms.DecimalField(
        required=False,
        label="ARR",
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text="Recurring revenue of a year.",
    )
    currency = forms.RegexField(r"^[A-Za-z]{3}$", initial="USD", error_messages={"invalid": CURRENCY_ERROR})
    customer_since = forms.DateField(required=False, widget=DateInput)
    renewal_on = forms.DateField(required=False, widget=DateInput, label="Renews on")
    reason_bought = forms.CharField(
        required=False,
        max_length=2000,
        label="Why they bought",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In the customer's words; it stays on top of the account's pages.",
    )
    parent = forms.CharField(
        required=False,
        max_length=253,
        label="Belongs to",
        help_text="The account that this one is a part of: its name, external id or a domain.",
    )
    tags = forms.CharField(required=False, max_length=1000, help_text="Words, separated by commas.")
    tier_pinned = forms.BooleanField(
        required=False,
        label="Pinned to its tier",
        help_text="A strategic account stays in its tier, whatever revenue suggests.",
    )
    tier_pin_reason = forms.CharField(required=False, max_length=300, label="Why it is pinned")
    attributes = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Anything else, one a line, such as “industry: retail”.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fill_choices(self)

    def add_prefix(self, field_name: str) -> str:
        """A control named "attributes" would hide the form element's own from scripts."""
        return "attribute_lines" if field_name == "attributes" else super().add_prefix(field_name)

    def clean_name(self) -> str:
        """The name on one line."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_external_id(self) -> str | None:
        """None instead of nothing, so that the key stays unique."""
        return self.cleaned_data["external_id"] or None

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_domains(self) -> list[str]:
        """Normalised, the main one first."""
        try:
            return normalise_domains(split_domains(self.cleaned_data["domains"]))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_renewal_on(self) -> date | None:
        """A day that can be; one that came in otherwise, as by an import, may stay."""
        day: date | None = self.cleaned_data["renewal_on"]
        if day and "renewal_on" in self.changed_data:
            problem = renewal_problem(day, self.cleaned_data.get("customer_since"), today())
            if problem:
                raise forms.ValidationError(problem)
        return day

    def clean_parent(self) -> Account | None:
        """The one account that the text means."""
        text = self.cleaned_data["parent"].strip()
        found = find_accounts(text) if text else []
        if text and not found:
            raise forms.ValidationError(f"There is no account “{text[:60]}”.")
        if len(found) > 1:
            raise forms.ValidationError(
                f"{len(found)} accounts are called “{text[:60]}”. Write the external id or a domain."
            )
        return found[0] if found else None

    def clean_tags(self) -> list[str]:
        """Words, each once."""
        try:
            return read_tags(self.cleaned_data["tags"])
        except TagError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_tier_pin_reason(self) -> str:
        """Needed for a pin; none without."""
        reason = " ".join(self.cleaned_data["tier_pin_reason"].split())
        if self.cleaned_data.get("tier_pinned") and not reason:
            raise forms.ValidationError("Write why the account is pinned, for those who come after you.")
        return reason if self.cleaned_data.get("tier_pinned") else ""

    def clean_attributes(self) -> Any:
        """One a line → a dictionary."""
        try:
            return attributes_from_text(self.cleaned_data["attributes"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class StandingForm(forms.Form):
    """The three things about an account that change most often."""

    stage = forms.ChoiceField(choices=Stage.choices)
    tier = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="No tier")
    owner = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fill_choices(self)


def fill_choices(form: forms.Form) -> None:
    """The workspace's tiers and colleagues, read when the form is made."""
    form.fields["tier"].queryset = tiers()  # type: ignore[attr-defined]
    form.fields["owner"].queryset = team()  # type: ignore[attr-defined]


def initial_of(account: Any) -> dict[str, Any]:
    """What the form shows of an account from `get_account`."""
    plain = ("name", "external_id", "tier", "stage", "owner", "arr", "currency", "customer_since")
    further = ("renewal_on", "reason_bought", "tier_pinned", "tier_pin_reason")
    values = {name: getattr(account, name) for name in (*plain, *further)}
    values["parent"] = text_of(account.parent) if account.parent else ""
    values["tags"] = ", ".join(account.tags)
    lines = [f"{name}: {_on_one_line(value)}" for name, value in sorted(account.attributes.items())]
    return {**values, "domains": "\n".join(account.domain_list), "attributes": "\n".join(lines)}


def _on_one_line(value: Any) -> str:
    return " ".join(str(value).split())
