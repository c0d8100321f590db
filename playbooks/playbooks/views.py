"""Playbooks: the list, one of them with its versions, and what can be done with it as a whole."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.people.access import Needs, may
from csworkspace.web.urls import id_in, workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.playbooks import actions, pages
from playbooks.playbooks.flow import differences
from playbooks.playbooks.forms import HeadForm, NewForm
from playbooks.playbooks.models import Playbook, PlaybookState
from playbooks.playbooks.names import Names
from playbooks.playbooks.queries import draft_of, versions_of


def seen(request: Any) -> int | None:
    """The version of the playbook that the person saw."""
    return id_in(request.POST.get("version", ""))


def playbook_list(request: Any) -> HttpResponse:
    """Every playbook, and the library."""
    used = set(Playbook.objects.exclude(library_key="").values_list("library_key", flat=True))
    rows = pages.list_rows()
    context = {
        "rows": [row for row in rows if not row.is_retired],
        "retired": [row for row in rows if row.is_retired],
        "library": pages.library_rows(request, sorted(used)),
        "tabs": pages.list_tabs(request),
    }
    return render(request, "playbooks/list.html", context)


def playbook_page(request: Any, pk: int) -> HttpResponse:
    """One playbook as it is now."""
    playbook = get_object_or_404(Playbook, pk=pk)
    if (
        playbook.current is None
        and may(request.membership.role, Needs.MANAGE)
        and request.GET.get("view") is None
    ):
        return redirect(workspace_url(request, "playbook_draft", pk))
    return show(request, playbook)


def show(request: Any, playbook: Playbook, *, refused: str = "", status: int = 200) -> HttpResponse:
    """The page, with what was refused."""
    context = pages.page_context(request, playbook)
    return render(request, "playbooks/detail.html", {**context, "refused": refused}, status=status)


def playbook_new(request: Any) -> HttpResponse:
    """Begin a blank one."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        playbook = actions.create_playbook(by=request.actor, **form.cleaned_data)
        messages.success(request, f"{playbook.name} is a draft: say what starts it and which steps it has.")
        return redirect(workspace_url(request, "playbook_draft", playbook.pk))
    context = {
        "form": form,
        "page_title": "New playbook",
        "crumbs": pages.crumbs(request),
        "submit_label": "Create the draft",
        "cancel_url": workspace_url(request, "playbooks"),
    }
    return render(request, "playbooks/form.html", context, status=422 if form.errors else 200)


def playbook_edit(request: Any, pk: int) -> HttpResponse:
    """Rename it, say what it is for, set its limits."""
    playbook = get_object_or_404(Playbook, pk=pk)
    initial = {name: getattr(playbook, name) for name in actions.HEAD}
    form, status = HeadForm(request.POST or None, subject=playbook, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {**form.cleaned_data}
            try:
                actions.edit_playbook(playbook, by=request.actor, **values)
                messages.success(request, "Saved.")
                return redirect(workspace_url(request, "playbook", pk))
            except Conflict as error:
                form.add_error(None, conflict_error(error))
                status = 409
    context = {
        "form": form,
        "page_title": "Name and limits",
        "crumbs": pages.crumbs(request, playbook),
        "submit_label": "Save",
        "cancel_url": workspace_url(request, "playbook", pk),
    }
    return render(request, "playbooks/form.html", context, status=status)


def _act(request: Any, playbook: Playbook, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except Conflict as error:
        return show(request, playbook, refused=str(error), status=409)
    except actions.NotPossible as error:
        return show(request, playbook, refused=str(error), status=422)
    messages.success(request, done)
    return redirect(workspace_url(request, "playbook", playbook.pk))


@require_POST
def pauses(request: Any, pk: int) -> HttpResponse:
    """Let its trigger start nothing; running plays go on."""
    return _state(request, pk, PlaybookState.PAUSED, "is paused: its trigger starts nothing.")


@require_POST
def resumptions(request: Any, pk: int) -> HttpResponse:
    """Let its trigger start plays again."""
    return _state(request, pk, PlaybookState.ACTIVE, "is active again.")


@require_POST
def retirements(request: Any, pk: int) -> HttpResponse:
    """Keep it for the record only."""
    return _state(request, pk, PlaybookState.RETIRED, "is retired.")


def _state(request: Any, pk: int, state: PlaybookState, done: str) -> HttpResponse:
    playbook = get_object_or_404(Playbook, pk=pk)

    def act() -> None:
        actions.set_state(playbook, state, by=request.actor, version=seen(request))

    return _act(request, playbook, act, f"{playbook.name} {done}")


@require_POST
def copies(request: Any, pk: int) -> HttpResponse:
    """Copy it into a new draft."""
    playbook = get_object_or_404(Playbook, pk=pk)
    copied = actions.copy_playbook(playbook, by=request.actor)
    messages.success(request, f"{copied.name} is a draft now. Nothing of {playbook.name} has changed.")
    return redirect(workspace_url(request, "playbook_draft", copied.pk))


def playbook_versions(request: Any, pk: int) -> HttpResponse:
    """The list of versions, or one of them as it was (`?number=`)."""
    playbook = get_object_or_404(Playbook, pk=pk)
    draft = draft_of(playbook)
    context = {
        "playbook": playbook,
        "crumbs": pages.crumbs(request, playbook),
        "tabs": pages.tabs_of(request, playbook, "playbook_versions", draft),
    }
    number = id_in(request.GET.get("number", ""))
    if number is None:
        context["rows"] = pages.version_rows(request, playbook)
        return render(request, "playbooks/versions.html", context)
    version = get_object_or_404(playbook.versions, number=number)
    version.playbook = playbook
    shown = pages.definition_context(version, check=False)
    context |= {"version": version, "published": pages.published_words(version), **shown}
    return render(request, "playbooks/version.html", context)


def playbook_comparison(request: Any, pk: int) -> HttpResponse:
    """Two versions held against each other, in words."""
    playbook = get_object_or_404(Playbook, pk=pk)
    versions = {version.number: version for version in versions_of(playbook)}
    numbers = [id_in(request.GET.get(name, "")) for name in ("from", "to")]
    newest = sorted(versions, reverse=True)
    chosen = [number if number in versions else None for number in numbers]
    after = versions[chosen[1] or newest[0]] if newest else None
    if after is None:
        raise Http404
    older = [number for number in newest if number < after.number]
    before = versions[chosen[0] or (older[0] if older else after.number)]
    was, now = pages.understood(before)[0], pages.understood(after)[0]
    context = {
        "playbook": playbook,
        "crumbs": pages.crumbs(request, playbook),
        "before": before,
        "after": after,
        "numbers": newest,
        "rows": differences(was, now, Names()) if was and now else None,
    }
    return render(request, "playbooks/comparison.html", context)
