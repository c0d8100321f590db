"""The book of business and its download."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from accounts.book.download import book_csv_bytes
from accounts.book.filters import BookFilter, read_filter
from accounts.book.inline import changed_toast
from accounts.book.page import book_context
from accounts.book.toolbar import picked
from csworkspace.people.models import Role
from csworkspace.web.urls import workspace_url


def book(request: Any) -> HttpResponse:
    """Who needs attention first: the page people start their day on."""
    view = view_of(request)
    if "col" in request.GET:
        cols = picked(request.GET.getlist("col")[:100], request.GET.get("up", ""))
        return redirect(workspace_url(request, "book") + view.url(cols=cols))
    partial = request.htmx and not request.htmx.history_restore_request
    template = "book/_results.html" if partial else "book/list.html"
    context = {**book_context(request, view), "toast": changed_toast(request)}
    response = render(request, template, context)
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
