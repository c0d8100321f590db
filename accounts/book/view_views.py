"""Saved views: keep one, rename and share it, fill it anew, remove it."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.book import saving
from accounts.book.filters import read_filter
from accounts.book.forms import ViewForm
from accounts.book.models import SavedView
from accounts.book.toolbar import chosen_url
from accounts.book.views import view_of
from csworkspace.people.access import Needs, may
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict

# Twice at the same moment: the form had found the name free.
TAKEN = "There is a view of this name already. Choose another name."


def view_new(request: Any) -> HttpResponse:
    """Save what the book shows under a name; the address carries what that is."""
    view, me = view_of(request), request.membership
    form = ViewForm(request.POST or None, owner_id=me.pk, may_share=may(me.role, Needs.WORK))
    if request.method == "POST" and form.is_valid():
        try:
            saved = saving.save_view(view, by=request.actor, owner=me, **form.cleaned_data)
            messages.success(request, f"The view {saved.name} is saved.")
            return redirect(chosen_url(request, saved))
        except IntegrityError:
            form.add_error("name", TAKEN)
    context = {"form": form, "cancel_url": workspace_url(request, "book") + view.url()}
    return render(request, "book/view_new.html", context, status=422 if form.errors else 200)


def view_edit(request: Any, pk: int) -> HttpResponse:
    """Rename a view, share it or not."""
    saved = find_view(request, pk)
    initial = {"name": saved.name, "is_shared": saved.is_shared}
    may_share = may(request.membership.role, Needs.WORK)
    given = {"initial": initial, "subject": saved}
    form = ViewForm(request.POST or None, owner_id=saved.owner_id, may_share=may_share, **given)
    notice = ""
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        try:
            saved = saving.rename_view(saved, by=request.actor, seen=values.pop("version"), **values)
            messages.success(request, "Saved.")
            return redirect(chosen_url(request, saved))
        except Conflict as error:
            notice = str(error)
        except IntegrityError:
            form.add_error("name", TAKEN)
    context = {"form": form, "saved": saved, "notice": notice, "cancel_url": chosen_url(request, saved)}
    status = 409 if notice else 422 if form.errors else 200
    return render(request, "book/view_edit.html", context, status=status)


@require_POST
def view_contents(request: Any, pk: int) -> HttpResponse:
    """Let an own view show what the page shows."""
    saved = find_view(request, pk)
    if saved.owner_id != request.membership.pk:
        raise Http404("somebody else's view")
    query = QueryDict(request.POST.get("query", "")[:4000].removeprefix("?"))
    view = read_filter(query, mine=None)
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        saved = saving.refill_view(saved, view, by=request.actor, seen=seen)
        messages.success(request, f"{saved.name} shows this from now on.")
        return redirect(chosen_url(request, saved))
    except Conflict as error:
        context = {"saved": saved, "notice": str(error), "back": chosen_url(request, saved)}
        return render(request, "book/view_conflict.html", context, status=409)


@require_POST
def view_removal(request: Any, pk: int) -> HttpResponse:
    """Delete a view."""
    saved = find_view(request, pk)
    saving.remove_view(saved, by=request.actor)
    messages.success(request, f"The view {saved.name} is deleted. The accounts stay.")
    return redirect(workspace_url(request, "book"))


def find_view(request: Any, pk: int) -> SavedView:
    """An own view, or for managers a shared one; anything else is not there."""
    found = SavedView.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("no such view")
    shared = found.is_shared and may(request.membership.role, Needs.MANAGE)
    if not (shared or found.owner_id == request.membership.pk):
        raise Http404("somebody else's view")
    return found
