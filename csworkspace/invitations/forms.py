"""Forms of inviting and accepting."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from csworkspace.invitations.hooks import account_binding
from csworkspace.people.models import Role, User
from csworkspace.web.texts import clean_line

MAX_ACCOUNTS = 50


class InviteForm(forms.Form):
    """Whom, as what, and for customers: which accounts."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.CSM)
    accounts = forms.CharField(
        label="Accounts",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only for customers: the names of the accounts they may see, one a line.",
    )

    def clean_accounts(self) -> list[int]:
        """Account ids; every line must name exactly one account."""
        names = [line.strip() for line in self.cleaned_data["accounts"].splitlines() if line.strip()]
        binding = account_binding()
        if not names or binding is None:
            return []
        if len(names) > MAX_ACCOUNTS:
            raise forms.ValidationError(f"At most {MAX_ACCOUNTS} accounts at once.")
        found = binding.find(names)
        problems = [_problem(name, len(found.get(name, []))) for name in names]
        if any(problems):
            raise forms.ValidationError([problem for problem in problems if problem])
        return sorted({found[name][0] for name in names})

    def clean(self) -> dict[str, Any]:
        """Customers need an account, staff must have none."""
        data = super().clean() or {}
        is_customer = data.get("role") == Role.VIEWER
        if is_customer and data.get("accounts") == []:
            self.add_error("accounts", "Name at least one account that this customer may see.")
        if not is_customer and data.get("accounts"):
            self.add_error("accounts", "Only customers are bound to accounts; staff see all of them.")
        return data


def _problem(name: str, matches: int) -> str:
    if matches == 0:
        return f"There is no account called “{name[:80]}”. Write the name as the account page shows it."
    return "" if matches == 1 else f"{matches} accounts are called “{name[:80]}”; rename one of them first."


class JoinForm(forms.Form):
    """What a new person enters: a name and a password."""

    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. A sentence is easier to keep than a word.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])

    def clean_password(self) -> str:
        """Strong enough, and not the person's own name or address."""
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return str(password)
