"""Publishing a draft: what would happen is shown first; and definitions as files."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.playbooks import actions, pages
from playbooks.playbooks.checking import problems_of
from playbooks.playbooks.definition import BadDefinition
from playbooks.playbooks.draft_views import the_draft
from playbooks.playbooks.exchange import BadFile, export_json, import_playbook, read_file
from playbooks.playbooks.flow import differences
from playbooks.playbooks.forms import ImportForm, PublishForm
from playbooks.playbooks.loops import loop_warnings
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names
from playbooks.playbooks.queries import counts_of, current_of, draft_of
from playbooks.playbooks.shapes import Definition
from playbooks.plays.prospects import would_start

STARTING = " Its first plays start in the background: they are among those that run in a moment."


def publications(request: Any, pk: int) -> HttpResponse:
    """Look at what a draft would do, and publish it."""
    playbook, draft, definition = the_draft(pk)
    first = playbook.current is None
    form = PublishForm(request.POST or None, subject=playbook, first=first)
    names, status = Names(), 200
    problems = [str(one) for one in problems_of(definition, names)]
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ahead = would_start(draft, today_of(request.workspace)).count
                made = actions.publish(playbook, by=request.actor, **form.cleaned_data)
                messages.success(
                    request,
                    f"Version {made.number} of {playbook.name} is published.{STARTING if ahead else ''}",
                )
                return redirect(workspace_url(request, "playbook", pk))
            except Conflict as error:
                form.add_error(None, conflict_error(error))
                status = 409
            except BadDefinition as error:
                problems = [str(one) for one in error.complaints]
    before = current_of(playbook)
    was = pages.understood(before)[0] if before else None
    start = would_start(draft, today_of(request.workspace))
    running = counts_of([pk])
    context = {
        "form": form,
        "playbook": playbook,
        "draft": draft,
        "problems": problems,
        "loops": [] if problems else loop_warnings(draft, definition),
        "start": start,
        "examples": [
            {"name": name, "url": workspace_url(request, "account", one)} for one, name in start.examples
        ],
        "rows": differences(was, definition, names) if was else None,
        "before": before,
        "unnamed": start.count - len(start.examples),
        "effort": effort_words(definition, start.count),
        "running": running[pk].running if pk in running else 0,
        "crumbs": pages.crumbs(request, playbook),
        "cancel_url": workspace_url(request, "playbook_draft", pk),
    }
    return render(request, "playbooks/publish.html", context, status=status)


def effort_words(definition: Definition, accounts: int) -> str:
    """What the starts of the day would ask for at most, however branches part; "" without a start."""
    mails = sum(step.kind == "email" for step in definition.steps) * accounts
    tasks = sum(step.kind == "task" for step in definition.steps) * accounts
    if not mails and not tasks:
        return ""
    unseen = [
        step for step in definition.steps if step.kind == "email" and not step.params.get("review", True)
    ]
    said = f"At most {plural(tasks, 'task')} for colleagues and {plural(mails, 'e-mail step')} to customers"
    return (
        f"{said}; {plural(len(unseen), 'of them leaves', 'of them leave')} unseen." if unseen else f"{said}."
    )


def playbook_export(request: Any, pk: int) -> HttpResponse:
    """The definition as a file: the current version, else the draft."""
    playbook = get_object_or_404(Playbook, pk=pk)
    version = current_of(playbook) or draft_of(playbook)
    data = export_json(playbook, version) if version else {}
    response = HttpResponse(json.dumps(data, indent=2, ensure_ascii=False), content_type="application/json")
    name = slugify(playbook.name) or "playbook"
    response["Content-Disposition"] = f'attachment; filename="{name}.playbook.json"'
    return response


def playbook_import(request: Any) -> HttpResponse:
    """Make a draft of an exported definition."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            playbook, hints = import_playbook(read_file(form.cleaned_data["file"]), by=request.actor)
            messages.success(request, f"{playbook.name} is here as a draft.")
            for hint in hints:
                messages.warning(request, hint)
            return redirect(workspace_url(request, "playbook_draft", playbook.pk))
        except BadFile as error:
            for text in error.texts:
                form.add_error("file", text)
    context = {
        "form": form,
        "page_title": "Import a playbook",
        "crumbs": pages.crumbs(request),
        "submit_label": "Make a draft of it",
        "cancel_url": workspace_url(request, "playbooks"),
    }
    return render(request, "playbooks/form.html", context, status=422 if form.errors else 200)
