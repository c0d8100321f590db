"""What was changed together, by whom, and setting it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.changes.actions import request_undo, undo_changes
from accounts.changes.models import ChangeSet
from accounts.changes.queries import list_sets, list_values, reasons_of, set_view, what_follows
from csworkspace.jobs.queries import safe_url
from csworkspace.people.access import Needs, may
from csworkspace.web import formats
from csworkspace.web.urls import id_in, workspace_url

# More values than this are set back by a job.
AT_ONCE = 2000
# What managers decided is set back by managers.
MANAGED = ("suggestion", "scenario", "pin")


@require_safe
def change_sets(request: Any) -> HttpResponse:
    """All change sets, newest first."""
    before = id_in(request.GET.get("before", ""))
    sets, more = list_sets(request.workspace.timezone, before)
    context = {
        "sets": sets,
        "first_url": "?" if before else "",
        "next_url": f"?before={more}" if more else "",
    }
    return render(request, "changes/list.html", context)


@require_safe
def change_set(request: Any, pk: int) -> HttpResponse:
    """One change set: each account before and after."""
    found = get_object_or_404(ChangeSet, pk=pk)
    after = id_in(request.GET.get("after", ""))
    values, more = list_values(found, after)
    context = {
        "change_set": set_view(found, request.workspace.timezone),
        "reasons": reasons_of(found),
        "values": values,
        "first_url": "?" if after else "",
        "next_url": f"?after={more}" if more else "",
        "may_undo": may_undo(request, found) and not found.undone_at and found.made > 0,
        "question": f"{formats.plural(found.made, 'value')} will be set back. What somebody has changed "
        "since stays as it is.",
    }
    return render(request, "changes/detail.html", context)


@require_POST
def change_undo(request: Any, pk: int) -> HttpResponse:
    """Set back what is still as the change left it; a second time says so."""
    found = get_object_or_404(ChangeSet, pk=pk)
    if not may_undo(request, found):
        raise PermissionDenied("a manager's decision")
    try:
        if found.made > AT_ONCE:
            return redirect(workspace_url(request, "job", request_undo(found, by=request.actor).pk))
        undone = undo_changes(found, by=request.actor)
        messages.success(request, said(undone))
    except ValueError as error:
        messages.info(request, str(error))
    return redirect(safe_url(request.POST.get("next")) or workspace_url(request, "change_set", pk))


def may_undo(request: Any, found: ChangeSet) -> bool:
    """Whether the person may set this back."""
    needs = Needs.MANAGE if found.kind in MANAGED else Needs.WORK
    return may(request.membership.role, needs)


def said(undone: ChangeSet) -> str:
    """What was set back, and what was not."""
    left = undone.made - undone.undone
    stayed = f" {formats.plural(left, 'value')} stayed: changed since, or not possible any more."
    return f"Undone: {undone.title}.{stayed if left else ''} {what_follows(undone)}".rstrip()
