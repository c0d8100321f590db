"""The audit log, for admins."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csworkspace.audit import queries
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.widgets import DateInput


class AuditFilter(forms.Form):
    """Which entries are listed."""

    actor_id = forms.TypedChoiceField(label="Person", required=False, coerce=int, empty_value=None)
    verb = forms.ChoiceField(label="What", required=False)
    object_type = forms.ChoiceField(label="Of what", required=False)
    since = forms.DateField(label="From", required=False, widget=DateInput)
    until = forms.DateField(label="To", required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = queries.choices()
        self._offer("actor_id", "Everybody", offered["people"])
        self._offer("verb", "Everything", [(verb, verb) for verb in offered["verbs"]])
        self._offer("object_type", "Everything", [(name, name) for name in offered["types"]])

    def _offer(self, name: str, nothing: str, values: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", nothing), *values]


class Place(forms.Form):
    """Where in the log the page begins."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)


@require_safe
def audit_page(request: Any) -> HttpResponseBase:
    """All changes, newest first, with what was before and after."""
    form, place = AuditFilter(request.GET or None), Place(request.GET)
    good = form.is_valid()
    wanted = queries.Wanted(**form.cleaned_data) if good else queries.Wanted()
    before = place.cleaned_data["before"] if place.is_valid() else None
    page = queries.find_entries(wanted, request.workspace.timezone, before)
    kept = {name: value for name, value in request.GET.items() if name in form.fields and value}
    here = workspace_url(request, "audit")
    context = {
        "form": form,
        "entries": page.entries,
        "first_url": f"{here}?{urlencode(kept)}" if before else "",
        "next_url": f"{here}?{urlencode({**kept, 'before': page.next_before})}" if page.next_before else "",
        "tabs": settings_tabs(request, "audit"),
    }
    return render(request, "audit/list.html", context, status=422 if form.errors else 200)
