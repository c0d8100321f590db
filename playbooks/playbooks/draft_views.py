"""The editor of a draft: trigger, audience and success measure, and its steps one form or button each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.web import formats
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.playbooks import actions, editing, pages
from playbooks.playbooks.audience import accounts_for
from playbooks.playbooks.checking import outcomes_of, references_to
from playbooks.playbooks.conditions import as_json
from playbooks.playbooks.definition import TRIGGERS, BadDefinition, read_definition, read_version
from playbooks.playbooks.forms import AudienceForm, SuccessForm, TriggerForm
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.names import Names
from playbooks.playbooks.queries import draft_of
from playbooks.playbooks.shapes import Definition, Trigger
from playbooks.playbooks.steps import Around, step_kinds
from playbooks.playbooks.views import seen


def the_draft(pk: int) -> tuple[Playbook, PlaybookVersion, Definition]:
    """The playbook with its draft, read; 404 without one."""
    playbook = get_object_or_404(Playbook, pk=pk)
    draft = draft_of(playbook)
    if draft is None:
        raise Http404("There is no draft.")
    return playbook, draft, read_version(draft)


def to_draft(request: Any, pk: int, anchor: str = "") -> HttpResponse:
    """Back to the editor, at a step."""
    url = workspace_url(request, "playbook_draft", pk)
    return redirect(f"{url}#step-{anchor}" if anchor else url)


def playbook_draft(request: Any, pk: int) -> HttpResponse:
    """The draft, with everything that can be done to it."""
    playbook = get_object_or_404(Playbook, pk=pk)
    if draft_of(playbook) is None:
        return redirect(workspace_url(request, "playbook", pk))
    return show_draft(request, playbook)


def show_draft(request: Any, playbook: Playbook, *, refused: str = "", status: int = 200) -> HttpResponse:
    """The editor, with what was refused."""
    draft = draft_of(playbook)
    if draft is None:
        raise Http404("There is no draft.")
    playbook.refresh_from_db()
    context = {
        "playbook": playbook,
        "draft": draft,
        "tabs": pages.tabs_of(request, playbook, "playbook_draft", draft),
        "crumbs": pages.crumbs(request, playbook if playbook.current else None),
        "limits": pages.limits_words(playbook),
        "kinds": step_kinds(),
        "refused": refused,
        **pages.definition_context(draft),
    }
    return render(request, "playbooks/draft.html", context, status=status)


@require_POST
def drafts(request: Any, pk: int) -> HttpResponse:
    """Begin the next version, or go on with it."""
    playbook = get_object_or_404(Playbook, pk=pk)
    try:
        actions.start_draft(playbook, by=request.actor)
    except actions.NotPossible as error:
        messages.error(request, str(error))
        return redirect(workspace_url(request, "playbook", pk))
    return to_draft(request, pk)


@require_POST
def discards(request: Any, pk: int) -> HttpResponse:
    """Throw the draft away."""
    playbook = get_object_or_404(Playbook, pk=pk)
    try:
        is_left = actions.discard_draft(playbook, by=request.actor, version=seen(request))
    except Conflict as error:
        return show_draft(request, playbook, refused=str(error), status=409)
    messages.success(request, "The draft is gone." if is_left else f"{playbook.name} is gone.")
    return redirect(
        workspace_url(request, "playbook", pk) if is_left else workspace_url(request, "playbooks")
    )


def act(request: Any, playbook: Playbook, change: Callable[..., Any], anchor: str = "") -> HttpResponse:
    """Change the draft by a button; what is refused is shown in the editor."""
    try:
        change(by=request.actor, version=seen(request))
    except Conflict as error:
        return show_draft(request, playbook, refused=str(error), status=409)
    except (actions.NotPossible, BadDefinition) as error:
        return show_draft(request, playbook, refused=str(error), status=422)
    return to_draft(request, playbook.pk, anchor)


def _part(
    request: Any, playbook: Playbook, form: Any, part: str, data: Callable[[], Any]
) -> tuple[bool, int]:
    """Save a part that its form says; whether it was saved, and the status otherwise."""
    if not form.is_valid():
        return False, 422
    try:
        editing.set_part(playbook, part, data(), by=request.actor, version=seen(request))
    except Conflict as error:
        form.add_error(None, conflict_error(error))
        return False, 409
    except (BadDefinition, actions.NotPossible) as error:
        form.add_error(None, str(error))
        return False, 422
    messages.success(request, "Saved in the draft.")
    return True, 302


def _form_page(
    request: Any, playbook: Playbook, form: forms.Form, title: str, status: int, template: str, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "playbook": playbook,
        "page_title": title,
        "crumbs": pages.crumbs(request, playbook),
        "cancel_url": workspace_url(request, "playbook_draft", playbook.pk),
        **more,
    }
    return render(request, template, context, status=status)


def trigger_edit(request: Any, pk: int) -> HttpResponse:
    """What starts it: the kind (`?kind=`), and its details."""
    playbook, _, definition = the_draft(pk)
    stored = definition.trigger
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    kind = kind if kind in TRIGGERS else stored.kind
    shown = stored if stored.kind == kind else Trigger(kind)
    form = TriggerForm(request.POST or None, kind=kind, names=Names(), stored=shown)
    status = 200
    if request.method == "POST":
        saved, status = _part(request, playbook, form, "trigger", form.trigger)
        if saved:
            return to_draft(request, pk)
    base = workspace_url(request, "playbook_trigger", pk)
    kinds = [
        {"label": label, "url": f"{base}?kind={name}", "current": name == kind}
        for name, label in TRIGGERS.items()
    ]
    more = {"kinds": kinds, "kind": kind, "is_dated": kind == "date"}
    return _form_page(request, playbook, form, "What starts it", status, "playbooks/trigger.html", **more)


def audience_edit(request: Any, pk: int) -> HttpResponse:
    """Which accounts it is for; “Count” shows how many fit before it is saved."""
    playbook, _, definition = the_draft(pk)
    form = AudienceForm(request.POST or None, names=Names(), stored=definition.audience)
    counts, status, audience = request.POST.get("do") == "count", 200, definition.audience
    if request.method == "POST" and counts and form.is_valid():
        audience = read_definition({"audience": form.audience()}).audience
    elif request.method == "POST":
        saved, status = _part(request, playbook, form, "audience", form.audience)
        if saved:
            return to_draft(request, pk)
    count = accounts_for(audience).count()
    fits = f"{formats.plural(count, 'account')} {'fits' if count == 1 else 'fit'} today."
    if counts and request.headers.get("HX-Request"):
        return render(request, "playbooks/_fits.html", {"fits": fits}, status=status)
    return _form_page(request, playbook, form, "Who it is for", status, "playbooks/audience.html", fits=fits)


def success_edit(request: Any, pk: int) -> HttpResponse:
    """What is to be reached, and by when."""
    playbook, _, definition = the_draft(pk)
    success = definition.success
    form = SuccessForm(
        request.POST or None,
        stored=success,
        condition=as_json(success.condition) if success.condition else None,
        around=Around(outcomes_of(definition.steps)),
    )
    status = 200
    if request.method == "POST":
        saved, status = _part(request, playbook, form, "success", form.success)
        if saved:
            return to_draft(request, pk)
    return _form_page(request, playbook, form, "What success looks like", status, "playbooks/success.html")


@require_POST
def step_moves(request: Any, pk: int) -> HttpResponse:
    """Move a step one place; `direction` is "up" or "down"."""
    playbook, key, up = (
        get_object_or_404(Playbook, pk=pk),
        request.POST.get("step", ""),
        (request.POST.get("direction") == "up"),
    )

    def change(**values: Any) -> None:
        editing.move_step(playbook, key, up=up, **values)

    return act(request, playbook, change, key)


@require_POST
def step_copies(request: Any, pk: int) -> HttpResponse:
    """Put a copy of a step behind it."""
    playbook, key = get_object_or_404(Playbook, pk=pk), request.POST.get("step", "")

    def change(**values: Any) -> None:
        editing.copy_step(playbook, key, **values)

    return act(request, playbook, change, key)


def step_removals(request: Any, pk: int) -> HttpResponse:
    """Ask whether to take a step out, with what refers to it; take it out."""
    playbook, _, definition = the_draft(pk)
    key = request.POST.get("step") or request.GET.get("step", "")
    step = definition.step(key)
    if request.method == "POST":

        def change(**values: Any) -> None:
            editing.remove_step(playbook, key, **values)

        return act(request, playbook, change)
    if step is None:
        raise Http404("There is no such step.")
    context = {
        "playbook": playbook,
        "step": step,
        "number": definition.position(key) + 1,
        "references": references_to(definition, key),
        "crumbs": pages.crumbs(request, playbook),
    }
    return render(request, "playbooks/step_removal.html", context)
