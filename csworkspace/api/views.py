"""The settings page of API keys."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from csworkspace.api.actions import create_key, revoke_key
from csworkspace.people.models import ApiKey
from csworkspace.web.once import keep_once, take_once
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.texts import clean_line
from csworkspace.web.times import day
from csworkspace.web.urls import workspace_url


class KeyForm(forms.Form):
    """What the key is for."""

    name = forms.CharField(label="What it is for", max_length=80, help_text="Such as “Product events, live”.")

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])


@dataclass(frozen=True)
class KeyRow:
    """A key as the settings list it."""

    id: int
    name: str
    hint: str
    by: str
    made: str
    used: str
    revoked: str


def key_rows() -> list[KeyRow]:
    """All keys, those that work first, newest first."""
    keys = ApiKey.objects.select_related("created_by__user").order_by("-id")[:200]
    rows = [
        KeyRow(
            id=key.pk,
            name=key.name,
            hint=key.hint,
            by=str(key.created_by or "Command line"),
            made=day(key.created_at.date()),
            used=day(key.last_used_on) if key.last_used_on else "never",
            revoked=day(key.revoked_at.date()) if key.revoked_at else "",
        )
        for key in keys
    ]
    return sorted(rows, key=lambda row: bool(row.revoked))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys_page(request: Any) -> HttpResponseBase:
    """The keys, and the form for a new one; its text is shown once, after the redirect."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_key(form.cleaned_data["name"], by=request.actor)
        keep_once(request, "api_key", {"name": made.key.name, "text": made.text})
        return redirect(workspace_url(request, "api_keys"))
    context = {
        "form": form,
        "made": take_once(request, "api_key"),
        "keys": key_rows(),
        "tabs": settings_tabs(request, "api_keys"),
    }
    return render(request, "people/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: Any, pk: int) -> HttpResponseBase:
    """Stop a key from working."""
    key = revoke_key(get_object_or_404(ApiKey, pk=pk), by=request.actor)
    messages.success(request, f"The key {key.name} no longer works.")
    return redirect(workspace_url(request, "api_keys"))
