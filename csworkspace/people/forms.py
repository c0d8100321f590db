"""Forms of workspace settings and the person's own page."""

from typing import Any

from django import forms

from csworkspace.people.models import Membership, Role
from csworkspace.tenancy.models import Workspace
from csworkspace.tenancy.zones import CURRENCY_FORM, zones
from csworkspace.web.texts import clean_line

STAFF_ROLES = [(value, label) for value, label in Role.choices if value != Role.VIEWER]


class WorkspaceForm(forms.ModelForm):
    """Name, time zone, currency."""

    timezone = forms.ChoiceField(
        label="Time zone", help_text="Days begin and end here; times are shown in it."
    )

    class Meta:
        model = Workspace
        fields = ["name", "timezone", "currency"]
        help_texts = {"currency": "Three letters, such as EUR. Reports and totals are printed in it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["timezone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name.replace("_", " ")) for name in zones()]

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])

    def clean_currency(self) -> str:
        """Three capital letters."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not CURRENCY_FORM.fullmatch(code):
            raise forms.ValidationError("A currency is three letters, such as EUR.")
        return code


class RoleForm(forms.Form):
    """A staff role."""

    role = forms.ChoiceField(choices=STAFF_ROLES)


class ProfileForm(forms.Form):
    """What the person is called."""

    name = forms.CharField(label="Your name", max_length=120, help_text="Colleagues and customers see it.")

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])


class MemberFilter(forms.Form):
    """Which members are listed."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Active"), ("staff", "Active staff"), ("customers", "Customers"), ("all", "Everybody")],
    )

    def wanted(self) -> dict[str, Any]:
        """Keyword arguments for a filter on memberships."""
        show = self.cleaned_data.get("show", "") if self.is_valid() else ""
        if show == "all":
            return {}
        if show == "customers":
            return {"role": Role.VIEWER}
        return {"is_active": True, **({"role__in": [r for r, _ in STAFF_ROLES]} if show == "staff" else {})}


def role_label(member: Membership) -> str:
    """The role's name as people read it."""
    return str(Role(member.role).label)
