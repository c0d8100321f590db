"""The book of business and its download."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.book.download import book_csv_bytes
from accounts.book.filters import BookFilter, read_filter
from accounts.book.page import book_context
from csworkspace.people.models import Role


def book(request: Any) -> HttpResponse:
    """Who needs attention first: the page people start their day on."""
    partial = request.htmx and not request.htmx.history_restore_request
    template = "book/_results.html" if partial else "book/list.html"
    response = render(request, template, book_context(request, view_of(request)))
    patch_vary_headers(response, ["HX-Request"])
    return response


def book_csv(request: Any) -> HttpResponse:
    """The rows of the current filter as CSV."""
    response = HttpResponse(book_csv_bytes(view_of(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-accounts.csv"'
    return response


def view_of(request: Any) -> BookFilter:
    """A CSM starts with their own accounts, everybody else and every search with all."""
    starts_with_own = request.membership.role == Role.CSM and not request.GET.get("q")
    mine = request.membership.pk if starts_with_own else None
    return read_filter(request.GET, mine=mine)
