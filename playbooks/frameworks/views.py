"""Frameworks: the list, one framework, and what can be done with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.people.access import Needs, may
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.frameworks import actions
from playbooks.frameworks.forms import HeadForm
from playbooks.frameworks.models import Framework, FrameworkStatus
from playbooks.frameworks.queries import frameworks, levels_of
from playbooks.frameworks.readymade_onboarding import ALL_READY_MADE
from playbooks.frameworks.words import need_words


def crumbs(request: Any, framework: Framework | None = None) -> list[dict[str, str]]:
    """The way back up."""
    way = [{"label": "Frameworks", "url": workspace_url(request, "frameworks")}]
    if framework:
        way.append({"label": str(framework), "url": workspace_url(request, "framework", framework.pk)})
    return way


def framework_list(request: Any) -> HttpResponse:
    """Every version of every framework."""
    rows = [
        {"framework": item, "since": times.day(item.activated_at.date()) if item.activated_at else ""}
        for item in frameworks()
    ]
    return render(request, "frameworks/list.html", {"rows": rows, "ready_made": ALL_READY_MADE.values()})


def framework_new(request: Any) -> HttpResponse:
    """Start a draft: from a ready-made framework, or blank."""
    ready = ALL_READY_MADE.get(request.POST.get("ready", ""))
    if request.method == "POST" and ready:
        return _to(
            request,
            actions.create_from_ready_made(ready, by=request.actor),
            "Adapt it to your product, then publish it.",
        )
    form = HeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _to(
            request,
            actions.create_framework(by=request.actor, **form.cleaned_data),
            "Add 3 to 7 levels, the lowest first.",
        )
    context = {"form": form, "ready_made": ALL_READY_MADE.values(), "crumbs": crumbs(request)}
    return render(request, "frameworks/new.html", context, status=422 if form.errors else 200)


def _to(request: Any, framework: Framework, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(workspace_url(request, "framework", framework.pk))


def framework_page(request: Any, pk: int) -> HttpResponse:
    """A framework with its levels; a draft with what edits it."""
    framework = get_object_or_404(Framework, pk=pk)
    return render(request, "frameworks/detail.html", framework_context(request, framework))


def framework_context(request: Any, framework: Framework) -> dict[str, Any]:
    """The page of a framework; three queries."""
    levels = levels_of(framework.pk)
    is_draft = framework.status == FrameworkStatus.DRAFT
    manages = may(request.membership.role, Needs.MANAGE)
    return {
        "framework": framework,
        "levels": [_shown(level, is_draft) for level in levels],
        "problems": actions.problems_of(levels) if is_draft else [],
        "editable": is_draft and manages,
        "versionable": manages and not is_draft,
        "room": len(levels) < actions.MOST_LEVELS,
        "crumbs": crumbs(request),
    }


def _shown(level: Any, is_draft: bool) -> dict[str, Any]:
    return {
        "level": level,
        "behaviours": [
            {
                "behaviour": item,
                "needs": need_words(item),
                "problem": actions.problem_of(item) if is_draft else "",
            }
            for item in level.behaviours.all()
        ],
    }


def framework_edit(request: Any, pk: int) -> HttpResponse:
    """Rename or describe a draft."""
    framework = get_object_or_404(Framework, pk=pk)
    initial = {"name": framework.name, "description": framework.description}
    form = HeadForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_framework(framework, by=request.actor, **form.cleaned_data)
            return _to(request, framework, "Saved.")
        except actions.NotEditable as error:
            form.add_error(None, str(error))
    context = {"form": form, "page_title": f"Edit {framework}", "crumbs": crumbs(request, framework)}
    context["cancel_url"] = workspace_url(request, "framework", pk)
    return render(request, "frameworks/form.html", context, status=422 if form.errors else 200)


@require_POST
def publications(request: Any, pk: int) -> HttpResponse:
    """Publish a draft; what is missing is said on its page."""
    framework = get_object_or_404(Framework, pk=pk)
    try:
        framework = actions.publish_framework(framework, by=request.actor)
    except (actions.Incomplete, actions.NotEditable) as error:
        context = {**framework_context(request, framework), "refused": str(error)}
        return render(request, "frameworks/detail.html", context, status=422)
    return _to(request, framework, f"{framework} is active. All accounts are being assessed on it now.")


@require_POST
def drafts(request: Any, pk: int) -> HttpResponse:
    """Open the next version's draft."""
    framework = get_object_or_404(Framework, pk=pk)
    draft = actions.draft_next_version(framework, by=request.actor)
    return _to(
        request,
        draft,
        f"This is the draft of version {draft.version}. Nothing changes for accounts until you publish it.",
    )


@require_POST
def framework_discard(request: Any, pk: int) -> HttpResponse:
    """Delete a draft."""
    framework = get_object_or_404(Framework, pk=pk)
    try:
        actions.discard_framework(framework, by=request.actor)
    except actions.NotEditable as error:
        messages.error(request, str(error))
        return redirect(workspace_url(request, "framework", pk))
    messages.success(request, f"The draft {framework} is gone.")
    return redirect(workspace_url(request, "frameworks"))
