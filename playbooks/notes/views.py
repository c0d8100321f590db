"""Writing, reading, editing and taking away notes."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.notes import actions
from playbooks.notes.forms import NoteForm, QuickForm, initial_of
from playbooks.notes.mentions import Named, hints
from playbooks.notes.models import Attendee, Note, NoteKind
from playbooks.notes.pages import TAB, gone_context, local_moment, note_context
from playbooks.notes.queries import get_note, notes, people_offered, team_names

Saved = tuple[Note, list[Named]]


def note_page(request: Any, pk: int) -> HttpResponse:
    """One note; of one that was taken away only that it was."""
    note = get_note(pk)
    if note.removed_at is not None:
        return render(request, "notes/gone.html", gone_context(request, note), status=410)
    return render(request, "notes/detail.html", note_context(request, note))


def note_new(request: Any, pk: int) -> HttpResponse:
    """Write a note, call, meeting or e-mail; `?kind=meeting` chooses one."""
    account, zone = get_account(pk), request.workspace.timezone
    kind = request.GET.get("kind", "")
    form = _form(
        request,
        account.pk,
        initial={
            "kind": kind if kind in NoteKind.values else NoteKind.NOTE,
            "happened_at": local_moment(timezone.now(), zone),
            "members": [request.membership.pk] if kind == NoteKind.MEETING else [],
        },
    )
    if request.method == "POST" and form.is_valid():
        saved = actions.write_note(account, form.written(), by=request.actor)
        return _saved(request, saved, "is on the timeline.")
    return _form_page(request, account, form, workspace_url(request, TAB, account.pk))


@require_POST
def quick_notes(request: Any, pk: int) -> HttpResponse:
    """Put a few words onto the timeline; what cannot be taken is shown in a form of its own."""
    account = get_account(pk)
    form = QuickForm(request.POST)
    if form.is_valid():
        _, named = actions.write_note(account, form.written(), by=request.actor)
        _tell(request, named)
        return redirect(workspace_url(request, TAB, account.pk))
    context = {**account_frame(request, account, TAB), "form": form, "colleagues": team_names()}
    context["cancel_url"] = workspace_url(request, TAB, account.pk)
    return render(request, "notes/quick.html", context, status=422)


def note_edit(request: Any, pk: int) -> HttpResponse:
    """Change a note: 409 if somebody else was faster."""
    note = get_object_or_404(notes(), pk=pk)
    account = get_account(note.account_id)
    initial = initial_of(note, local_moment(note.happened_at, request.workspace.timezone))
    form = _form(request, account.pk, subject=note, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        saved = _attempt(
            form, lambda: actions.edit_note(note, form.written(), by=request.actor, version=seen)
        )
        if saved:
            return _saved(request, saved, "is saved.")
    return _form_page(request, account, form, workspace_url(request, "note", note.pk), note=note)


@require_POST
def note_removals(request: Any, pk: int) -> HttpResponse:
    """Take a note away; the page that follows offers to bring it back."""
    note = get_object_or_404(notes(), pk=pk)
    actions.remove_note(note, by=request.actor)
    messages.success(request, f"“{note.title}” was taken away.")
    return redirect(f"{workspace_url(request, TAB, note.account_id)}?removed={note.pk}")


@require_POST
def note_restorations(request: Any, pk: int) -> HttpResponse:
    """Bring a note back."""
    note = get_note(pk)
    actions.restore_note(note, by=request.actor)
    messages.success(request, f"“{note.title}” is back.")
    return redirect(workspace_url(request, "note", note.pk))


@require_POST
def attendee_contacts(request: Any, pk: int) -> HttpResponse:
    """Make somebody known by name only a person of the account."""
    one = get_object_or_404(Attendee.objects.filter(note__removed_at=None, member=None), pk=pk)
    contact = actions.keep_attendee(one, by=request.actor)
    messages.success(request, f"{contact.name} is among the people of the account.")
    return redirect(workspace_url(request, "note", one.note_id))


def _form(request: Any, account_id: int, subject: Note | None = None, **options: Any) -> NoteForm:
    return NoteForm(
        request.POST or None,
        zone=request.workspace.timezone,
        today=today_of(request.workspace),
        people=people_offered(account_id, subject),
        member=request.membership,
        subject=subject,
        **options,
    )


def _form_page(
    request: Any, account: Any, form: NoteForm, cancel_url: str, note: Note | None = None
) -> HttpResponse:
    context = {
        **account_frame(request, account, TAB),
        "form": form,
        "note": note,
        "follow_ups": note.follow_ups.order_by("pk") if note else [],
        "colleagues": form.team_names,
        "cancel_url": cancel_url,
    }
    return render(request, "notes/form.html", context, status=_status_of(form))


def _status_of(form: forms.Form) -> int:
    """409 when somebody else was faster, 422 when it is refused."""
    codes = [error.code for error in form.non_field_errors().as_data()]
    return 409 if "conflict" in codes else 422 if form.errors else 200


def _attempt(form: forms.Form, act: Callable[[], Saved]) -> Saved | None:
    try:
        return act()
    except Conflict as error:
        form.add_error(None, conflict_error(error))
    return None


def _saved(request: Any, saved: Saved, what: str) -> HttpResponse:
    note, named = saved
    messages.success(request, f"“{note.title}” {what}")
    _tell(request, named)
    return redirect(workspace_url(request, "note", note.pk))


def _tell(request: Any, named: list[Named]) -> None:
    for hint in hints(named):
        messages.warning(request, hint)
