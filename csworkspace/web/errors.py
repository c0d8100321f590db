"""The pages that say that something is not there, not allowed, or broken."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The same answer for what does not exist and what belongs to others."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """A member whose role does not cover the page."""
    return render(request, "errors/403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed; nothing of the request was kept. Rendered without the database."""
    return HttpResponse(
        "<!doctype html><html lang=en><title>Something went wrong</title>"
        "<h1>Something went wrong</h1><p>Nothing was changed. Please go back and try again.</p></html>",
        status=500,
    )
