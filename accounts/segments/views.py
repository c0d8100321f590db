"""Segments: the list, one of them, the builder with its preview, and deleting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.segments import actions, pages
from accounts.segments.actions import SegmentInUse
from accounts.segments.builder import change, read_form, rows_of, shown_of
from accounts.segments.definition import BadDefinition
from accounts.segments.forms import SegmentForm, understand
from accounts.segments.known import Known
from accounts.segments.models import Segment
from accounts.segments.uses import uses_of
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error


def segment_list(request: Any) -> HttpResponse:
    """Every segment with its size and how it changes."""
    return render(request, "segments/list.html", {"rows": pages.list_rows(request, Known(request.workspace))})


def segment_page(request: Any, pk: int) -> HttpResponse:
    """One segment."""
    segment = get_object_or_404(Segment, pk=pk)
    context = pages.detail_context(request, segment, Known(request.workspace))
    return render(request, "segments/detail.html", context)


def segment_new(request: Any) -> HttpResponse:
    """Build a segment; `?from=ID` begins with the conditions of another one."""
    source = None
    if request.GET.get("from", "").isdecimal():
        source = Segment.objects.filter(pk=int(request.GET["from"][:18])).first()
    initial = {"name": f"Copy of {source.name}"[:80], "description": source.description} if source else {}
    return edit(request, None, initial, source.definition if source else None)


def segment_edit(request: Any, pk: int) -> HttpResponse:
    """Change a segment."""
    segment = get_object_or_404(Segment, pk=pk)
    initial = {"name": segment.name, "description": segment.description}
    return edit(request, segment, initial, segment.definition)


def edit(request: Any, segment: Segment | None, initial: dict[str, Any], stored: Any) -> HttpResponse:
    """Show the builder, after one of its buttons too, or save: 422 when refused, 409 after a conflict."""
    known, status, verb = Known(request.workspace), 200, request.POST.get("do", "save")
    raw = shown_of(stored)
    if request.method == "POST" and verb == "save":
        form = SegmentForm(request.POST, subject=segment, known=known)
        if form.is_valid():
            saved, status = save(request, form, segment)
            if saved:
                messages.success(request, f"{saved.name} is saved.")
                return redirect(workspace_url(request, "segment", saved.pk))
        status = 422 if status == 200 else status
    else:
        if request.method == "POST":
            raw = change(read_form(request.POST), verb)
            initial = {name: request.POST.get(name, "") for name in ("name", "description", "version")}
        form = SegmentForm(subject=segment, known=known, raw=raw, initial=initial)
    context = {**form_context(request, form, segment, known), "is_conflict": status == 409}
    return render(request, "segments/form.html", context, status=status)


def save(request: Any, form: SegmentForm, segment: Segment | None) -> tuple[Segment | None, int]:
    """Save what the form says; else None with the error in the form, and the status to answer."""
    values = {**form.cleaned_data, "definition": form.definition, "by": request.actor}
    try:
        if segment is None:
            return actions.create_segment(**values), 200
        return actions.edit_segment(segment, **values), 200
    except Conflict as error:
        form.add_error(None, conflict_error(error))
        return None, 409
    except BadDefinition as error:
        form.add_error(None, str(error))
        return None, 422


def form_context(request: Any, form: SegmentForm, segment: Segment | None, known: Known) -> dict[str, Any]:
    """The page of the builder, the preview included."""
    home = workspace_url(request, "segment", segment.pk) if segment else workspace_url(request, "segments")
    definition, complaints = understand(form.raw, known)
    shown = form.complaints or (complaints if segment and not form.is_bound else [])
    return {
        "form": form,
        "segment": segment,
        "page_title": f"Edit {segment.name}" if segment else "New segment",
        "builder": rows_of(form.raw, known, shown),
        "preview": pages.preview(request, definition, complaints, known),
        "cancel_url": home,
    }


@require_POST
def segment_builder(request: Any) -> HttpResponse:
    """The builder alone after one of its buttons, or after another field or comparison was chosen."""
    known = Known(request.workspace)
    raw = change(read_form(request.POST), request.POST.get("do", ""))
    return render(request, "segments/_builder.html", {"builder": rows_of(raw, known)})


@require_POST
def segment_previews(request: Any) -> HttpResponse:
    """What the conditions find as they are typed."""
    known = Known(request.workspace)
    definition, complaints = understand(read_form(request.POST), known)
    context = {"preview": pages.preview(request, definition, complaints, known)}
    return render(request, "segments/_preview.html", context)


def segment_removals(request: Any, pk: int) -> HttpResponse:
    """Ask whether to delete a segment, with what uses it; delete it."""
    segment = get_object_or_404(Segment, pk=pk)
    error, status = "", 200
    if request.method == "POST":
        seen = request.POST.get("version", "")
        try:
            version = int(seen) if seen.isdecimal() and len(seen) < 10 else None
            actions.delete_segment(segment, by=request.actor, version=version)
            messages.success(request, f"{segment.name} is deleted.")
            return redirect(workspace_url(request, "segments"))
        except Conflict as conflict:
            error, status = str(conflict), 409
        except SegmentInUse as in_use:
            error, status = str(in_use), 422
    uses = uses_of([segment.pk])[segment.pk]
    context = {"segment": segment, "uses": pages.use_rows(request, uses), "error": error}
    return render(request, "segments/removal.html", context, status=status)
