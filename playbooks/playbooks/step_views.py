"""Adding a step to a draft, and changing one: the kind's own form, and where it leads."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.playbooks import actions, editing, pages
from playbooks.playbooks.checking import BRANCH, around_of, form_of
from playbooks.playbooks.definition import BadDefinition
from playbooks.playbooks.draft_views import the_draft, to_draft
from playbooks.playbooks.forms import StepHeadForm
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.shapes import Step
from playbooks.playbooks.steps import Around, StepKind, step_kind, step_kinds
from playbooks.playbooks.views import seen


def step_new(request: Any, pk: int) -> HttpResponse:
    """Choose a kind, then fill in its form; `?after=` says behind which step it is put."""
    playbook, _, definition = the_draft(pk)
    after = request.POST.get("after") or request.GET.get("after", "")
    after = after if definition.step(after) else ""
    kind = step_kind(request.POST.get("kind") or request.GET.get("kind", ""))
    if kind is None:
        return _choose(request, playbook, after)
    around = around_of(definition, None, after or None)
    title = f"Add a step: {kind.label}"
    return _edit(request, playbook, kind, Step("", kind.name, ""), around, title, after)


def _choose(request: Any, playbook: Playbook, after: str) -> HttpResponse:
    base = workspace_url(request, "playbook_step_new", playbook.pk)
    kinds = [{"label": kind.label, "url": f"{base}?kind={kind.name}&after={after}"} for kind in step_kinds()]
    context = {"playbook": playbook, "kinds": kinds, "crumbs": pages.crumbs(request, playbook)}
    return render(request, "playbooks/step_kinds.html", context)


def step_edit(request: Any, pk: int) -> HttpResponse:
    """Change a step (`?step=`)."""
    playbook, _, definition = the_draft(pk)
    step = definition.step(request.POST.get("step") or request.GET.get("step", ""))
    kind = step_kind(step.kind) if step else None
    if step is None or kind is None:
        raise Http404("There is no such step.")
    title = f"Edit step {definition.position(step.key) + 1}"
    return _edit(request, playbook, kind, step, around_of(definition, step.key), title)


def _edit(
    request: Any, playbook: Playbook, kind: StepKind, step: Step, around: Around, title: str, after: str = ""
) -> HttpResponse:
    data = request.POST or None
    form = form_of(kind, step.params, around=around, data=data)
    titled = "title" in form.fields
    initial = {"step_title": step.title, "then": step.then}
    head = StepHeadForm(data, around=around, titled=titled, branches=kind.name == BRANCH, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and head.is_valid():
            made = _step(kind, step.key, form.params(), head.cleaned_data)
            key, status = _save(request, playbook, made, form, after)
            if key:
                messages.success(request, f"“{made.title}” is saved in the draft.")
                return to_draft(request, playbook.pk, key)
    context = {
        "form": form,
        "head": head,
        "playbook": playbook,
        "kind": kind,
        "step": step,
        "after": after,
        "page_title": title,
        "crumbs": pages.crumbs(request, playbook),
        "cancel_url": workspace_url(request, "playbook_draft", playbook.pk),
    }
    return render(request, "playbooks/step.html", context, status=status)


def _step(kind: StepKind, key: str, params: dict[str, Any], head: dict[str, Any]) -> Step:
    """The step that the forms say; without a title of its own it is named by what it does."""
    title = str(params.get("title") or head.get("step_title") or kind.words(params))
    return Step(key, kind.name, " ".join(title.split())[:200], params, head.get("then", ""))


def _save(request: Any, playbook: Playbook, step: Step, form: Any, after: str) -> tuple[str, int]:
    """Save the step; its key, or "" with the error in the form and the status to answer."""
    try:
        if step.key:
            editing.edit_step(playbook, step, by=request.actor, version=seen(request))
            return step.key, 302
        values = {"by": request.actor, "version": seen(request), "after": after or None}
        return editing.add_step(playbook, step, **values), 302
    except Conflict as error:
        form.add_error(None, conflict_error(error))
        return "", 409
    except (BadDefinition, actions.NotPossible) as error:
        form.add_error(None, str(error))
        return "", 422
