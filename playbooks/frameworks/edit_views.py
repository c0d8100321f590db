"""The editor of a draft: its levels and behaviours, one form or button each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.web.urls import workspace_url
from playbooks.frameworks import editing
from playbooks.frameworks.forms import BehaviourForm, LevelForm, initial_of
from playbooks.frameworks.models import Behaviour, Framework, Level
from playbooks.frameworks.views import crumbs


def _back(request: Any, framework_id: int, anchor: str = "") -> HttpResponse:
    url = workspace_url(request, "framework", framework_id)
    return redirect(f"{url}#{anchor}" if anchor else url)


def _edit(
    request: Any, framework: Framework, form: forms.Form, title: str, save: Callable[..., Any], template: str
) -> HttpResponse:
    """Show a form, or save it and go back to the framework; refusals are shown in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            save(by=request.actor, **form.cleaned_data)
            return _back(request, framework.pk)
        except ValueError as error:
            form.add_error(None, str(error))
    context = {"form": form, "page_title": title, "crumbs": crumbs(request, framework)}
    context["cancel_url"] = workspace_url(request, "framework", framework.pk)
    return render(request, template, context, status=422 if form.errors else 200)


def level_new(request: Any, pk: int) -> HttpResponse:
    """Add a level on top."""
    framework = get_object_or_404(Framework, pk=pk)

    def save(**values: Any) -> None:
        editing.add_level(framework, **values)

    return _edit(
        request, framework, LevelForm(request.POST or None), "Add a level", save, "frameworks/form.html"
    )


def level_edit(request: Any, pk: int) -> HttpResponse:
    """Edit a level."""
    level = get_object_or_404(Level.objects.select_related("framework"), pk=pk)
    form = LevelForm(request.POST or None, initial={"name": level.name, "description": level.description})

    def save(**values: Any) -> None:
        editing.edit_level(level, **values)

    return _edit(request, level.framework, form, f"Edit level {level.position}", save, "frameworks/form.html")


def behaviour_new(request: Any, pk: int) -> HttpResponse:
    """Add a behaviour to a level."""
    level = get_object_or_404(Level.objects.select_related("framework"), pk=pk)
    form = BehaviourForm(request.POST or None)

    def save(**values: Any) -> None:
        editing.add_behaviour(level, **values)

    title = f"Add a behaviour to level {level.position}, {level.name}"
    return _edit(request, level.framework, form, title, save, "frameworks/behaviour.html")


def behaviour_edit(request: Any, pk: int) -> HttpResponse:
    """Edit a behaviour."""
    behaviour = get_object_or_404(Behaviour.objects.select_related("level__framework", "metric"), pk=pk)
    form = BehaviourForm(request.POST or None, initial=initial_of(behaviour))

    def save(**values: Any) -> None:
        editing.edit_behaviour(behaviour, **values)

    framework = behaviour.level.framework
    return _edit(request, framework, form, f"Edit “{behaviour.name}”", save, "frameworks/behaviour.html")


def _act(
    request: Any, framework_id: int, anchor: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    try:
        act(by=request.actor, **values)
    except ValueError as error:
        messages.error(request, str(error))
    return _back(request, framework_id, anchor)


def _level(pk: int) -> Level:
    return get_object_or_404(Level, pk=pk)


def _behaviour(pk: int) -> Behaviour:
    return get_object_or_404(Behaviour.objects.select_related("level"), pk=pk)


@require_POST
def level_remove(request: Any, pk: int) -> HttpResponse:
    """Remove a level with its behaviours."""
    level = _level(pk)
    return _act(request, level.framework_id, "", lambda **values: editing.remove_level(level, **values))


@require_POST
def level_move(request: Any, pk: int) -> HttpResponse:
    """Move a level one step; `direction` is "up" (higher) or "down"."""
    level, up = _level(pk), request.POST.get("direction") == "up"
    return _act(
        request,
        level.framework_id,
        f"level-{pk}",
        lambda **values: editing.move_level(level, **values),
        up=up,
    )


@require_POST
def behaviour_remove(request: Any, pk: int) -> HttpResponse:
    """Remove a behaviour."""
    item = _behaviour(pk)
    framework_id, anchor = item.level.framework_id, f"level-{item.level_id}"
    return _act(request, framework_id, anchor, lambda **values: editing.remove_behaviour(item, **values))


@require_POST
def behaviour_move(request: Any, pk: int) -> HttpResponse:
    """Move a behaviour one place; `direction` is "up" or "down" the page."""
    item, up = _behaviour(pk), request.POST.get("direction") == "up"
    return _act(
        request,
        item.level.framework_id,
        f"behaviour-{pk}",
        lambda **values: editing.move_behaviour(item, **values),
        up=up,
    )
