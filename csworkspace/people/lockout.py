"""Too many wrong passwords: what axes counts by, and what the person sees."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def typed_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The e-mail address that was tried, in one spelling, fit for the column."""
    given = credentials or {}
    text = given.get("email") or given.get("login") or request.POST.get("login") or ""
    return str(text).replace("\x00", "").strip().lower()[:255]


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """429 with when to try again."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    response = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
