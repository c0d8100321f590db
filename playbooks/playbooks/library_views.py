"""The library: look at a ready-made playbook as it would be here, and use it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from playbooks.messages.library import LIBRARY as MAILS
from playbooks.playbooks import pages
from playbooks.playbooks.flow import Row, flow_of
from playbooks.playbooks.library import LIBRARY
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names
from playbooks.playbooks.resolving import resolve, use_ready
from playbooks.playbooks.shapes import Definition
from playbooks.playbooks.words import audience_words, success_words, trigger_words


def playbook_library(request: Any) -> HttpResponse:
    """A ready-made playbook (`?of=`) as it would be in this workspace; nothing is made yet."""
    ready = LIBRARY.get(request.GET.get("of", ""))
    if ready is None:
        return redirect(f"{workspace_url(request, 'playbooks')}#library")
    names = Names()
    resolved = resolve(ready, names)
    definition = resolved.definition
    keys = [str(step.params.get("template")) for step in definition.steps if step.kind == "email"]
    context = {
        "ready": ready,
        "hints": resolved.hints,
        "flow": [_shown(row, definition) for row in flow_of(definition, names)],
        "trigger": trigger_words(definition.trigger, names),
        "audience": audience_words(definition.audience, names),
        "success": success_words(definition, names),
        "success_text": definition.success.words,
        "limits": [f"After a play has ended, the account rests for {plural(ready.rest_days, 'day')}."],
        "mails": [MAILS[key] for key in keys if key in MAILS],
        "used": list(Playbook.objects.filter(library_key=ready.key).order_by("name")),
        "crumbs": pages.crumbs(request),
    }
    return render(request, "playbooks/library.html", context)


def _shown(row: Row, definition: Definition) -> Row:
    """An e-mail's template is made when the playbook is used: until then it is named from the library."""
    step = definition.step(row.key)
    mail = MAILS.get(str(step.params.get("template"))) if step and row.kind == "email" else None
    return replace(row, words=f"E-mail “{mail.name}”") if mail else row


@require_POST
def playbook_uses(request: Any) -> HttpResponse:
    """Make a draft of a ready-made playbook."""
    ready = LIBRARY.get(request.POST.get("of", ""))
    if ready is None:
        raise Http404("There is no such ready-made playbook.")
    playbook = use_ready(ready, by=request.actor)
    messages.success(
        request, f"{playbook.name} is a draft. Look through it, change what you like, and publish it."
    )
    return redirect(workspace_url(request, "playbook_draft", playbook.pk))
