"""Finding things by name: a page of its own, and the part of it that the palette asks for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from csworkspace.palette.queries import find_hits, wanted


def find(request: Any) -> HttpResponse:
    """What is called so, by kind; without a text the pages."""
    text = wanted(request.GET.get("q", ""))
    partial = request.htmx and not request.htmx.history_restore_request
    context = {"text": text, "groups": find_hits(request, text), "as_options": partial}
    response = render(request, "palette/_results.html" if partial else "palette/find.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
