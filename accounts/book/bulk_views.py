"""Changing many accounts in three steps: choose what, look at what would change, do it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.book.bulk import ACTIONS
from accounts.book.bulk_actions import Outdated, run_bulk
from accounts.book.bulk_forms import FORMS
from accounts.book.bulk_preview import Preview, preview
from accounts.book.bulk_slots import bulk_jobs
from accounts.book.inline import back_of
from accounts.book.selection import Intent, Selection, read_intent, read_selection, write_intent
from accounts.changes.fields import ChangeRefused
from csworkspace.web import formats
from csworkspace.web.urls import workspace_url

AGAIN = "Nothing was changed. Look again, and go on if it is right."
NOTHING = "Select accounts first: tick them, or take all of the filter."


@dataclass(frozen=True)
class Choice:
    """Something that can be done to a selection, with the form it needs."""

    name: str
    label: str
    note: str
    form: forms.Form
    is_open: bool


@require_safe
def book_bulk(request: Any) -> HttpResponse:
    """Step 1: what to do with the selected accounts."""
    selection = read_selection(request.GET)
    if not selection.ids:
        messages.info(request, NOTHING)
        return redirect(back_of(request))
    return choose(request, selection, do=request.GET.get("do", ""))


def choose(request: Any, selection: Selection, sent: forms.Form | None = None, do: str = "") -> HttpResponse:
    """The page of step 1; `sent` is a form that was refused."""
    offered = {name: (action.label, "", FORMS[name]) for name, action in ACTIONS.items()}
    offered |= {name: (job.label, job.note, job.form) for name, job in bulk_jobs().items()}
    choices = [
        Choice(name, label, note, sent if sent and name == do else form(auto_id=f"id_{name}_%s"), name == do)
        for name, (label, note, form) in offered.items()
    ]
    context = {
        "choices": choices,
        "refused": sent,
        "selection": selection,
        "count": formats.plural(len(selection.ids), "account"),
        "back": workspace_url(request, "book") + selection.query,
        "steps": steps(0),
    }
    return render(request, "book/bulk.html", context, status=422 if sent else 200)


@require_safe
def book_bulk_preview(request: Any) -> HttpResponse:
    """Step 2: what would change, and what would not."""
    selection, do = read_selection(request.GET), request.GET.get("do", "")
    form = form_for(do)(request.GET, auto_id=f"id_{do}_%s")
    if not selection.ids:
        messages.info(request, NOTHING)
        return redirect(workspace_url(request, "book"))
    if not form.is_valid():
        return choose(request, selection, form, do)
    return show(request, selection, preview(do, selection.ids, form.cleaned_data))


def show(request: Any, selection: Selection, found: Preview, notice: str = "") -> HttpResponse:
    """The page of step 2."""
    context = {
        "preview": found,
        "intent": write_intent(
            selection, found.do, found.params, found.fingerprint, str(request.workspace.pk)
        ),
        "choose_url": workspace_url(request, "book_bulk") + selection.url(do=found.do),
        "notice": notice,
        "steps": steps(1),
    }
    return render(request, "book/bulk_preview.html", context, status=409 if notice else 200)


@require_POST
def book_bulk_run(request: Any) -> HttpResponse:
    """Step 3: do what was previewed, unless the filter's accounts or their values are others now."""
    try:
        intent = read_intent(request.POST.get("intent", ""), str(request.workspace.pk))
    except BadSignature:
        raise Http404("not a preview of this workspace") from None
    if not intent.is_same:
        return again(request, intent, moved_on(intent))
    try:
        return redirect(run(request, intent))
    except Outdated as error:
        return again(request, intent, f"{error} {AGAIN}")
    except ChangeRefused as error:
        messages.error(request, str(error))
        return redirect(workspace_url(request, "book_bulk") + intent.selection.url(do=intent.do))


def again(request: Any, intent: Intent, notice: str) -> HttpResponse:
    """Step 2 once more, as it is now, with what is different."""
    return show(request, intent.selection, preview(intent.do, intent.selection.ids, intent.params), notice)


def run(request: Any, intent: Intent) -> str:
    """Do it; the address of what came of it. Raises Outdated and ChangeRefused."""
    ids, params = intent.selection.ids, intent.params
    if intent.do in bulk_jobs():
        job = bulk_jobs()[intent.do].start(list(ids), by=request.actor, **params)
        return workspace_url(request, "job", job.pk)
    if intent.do not in ACTIONS:
        raise Http404("no such action")
    change_set, started = run_bulk(
        ACTIONS[intent.do], ids, params, by=request.actor, previewed=intent.previewed
    )
    if started:
        return workspace_url(request, "job", started.pk)
    if change_set is None:
        messages.info(request, "There was nothing to change any more.")
        return workspace_url(request, "change_sets")
    messages.success(request, f"{formats.plural(change_set.made, 'account')} changed.")
    return workspace_url(request, "change_set", change_set.pk)


def form_for(do: str) -> Any:
    """The form of an action or a job; 404 for anything else."""
    job = bulk_jobs().get(do)
    if job is None and do not in FORMS:
        raise Http404("no such action")
    return job.form if job else FORMS[do]


def moved_on(intent: Intent) -> str:
    """What to say when the filter gives other accounts than before."""
    now = formats.plural(len(intent.selection.ids), "account")
    return (
        f"The filter gives other accounts than when you looked: it was {formats.number(intent.count)}, "
        f"it is {now} now. {AGAIN}"
    )


def steps(current: int) -> list[dict[str, str]]:
    """The stepper's items."""
    states = ["done"] * current + ["current"] + ["todo"] * (2 - current)
    return [
        {"label": label, "state": state}
        for label, state in zip(("Choose", "Preview", "Done"), states, strict=True)
    ]
