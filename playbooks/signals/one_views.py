"""One signal: its page, and what is done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import way_back, workspace_url
from csworkspace.web.versions import Conflict
from playbooks.signals import actions
from playbooks.signals.forms import ResolveForm, SeenForm, SnoozeForm
from playbooks.signals.models import Signal
from playbooks.signals.one_page import forms_of, signal_context
from playbooks.signals.queries import RELATED
from playbooks.signals.rows import row_of


@dataclass(frozen=True)
class Verb:
    """Something to do with a signal: its form by name, the action, what is said afterwards."""

    form: str
    act: Callable[..., Signal]
    done: str


def find(pk: int) -> Signal:
    """The signal, or 404."""
    return get_object_or_404(Signal.objects.select_related(*RELATED), pk=pk)


def show(request: Any, one: Signal, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page, with a form that was refused if there is one."""
    context = signal_context(request, one)
    context["forms"] = {**forms_of(request, one), **bound}
    return render(request, "signals/signal.html", context, status=status)


def signal_page(request: Any, pk: int) -> HttpResponse:
    """What it says, the numbers behind it, what was done, and what to do."""
    return show(request, find(pk))


def attempt(request: Any, pk: int, form: forms.Form, verb: Verb) -> HttpResponse:
    """Do it: 422 when refused, 409 when somebody was faster; the row alone for htmx."""
    one, status = find(pk), 422
    if form.is_valid():
        try:
            verb.act(one, by=request.actor, **form.cleaned_data)
            return answer(request, pk, verb.done)
        except Conflict as error:
            if not request.htmx:
                messages.warning(request, str(error))
                return show(request, find(pk), status=409)
            return answer(request, pk, "")
        except actions.SignalRefused as error:
            form.add_error(error.field, str(error))
    return show(request, one, status, **{verb.form: form})


def answer(request: Any, pk: int, done: str) -> HttpResponse:
    """The row as it is now for htmx, else back to where it was done from."""
    if request.htmx:
        row = row_of(find(pk), today_of(request.workspace))
        context = {
            "row": row,
            "may_work": True,
            "bulk": "bulk" in request.POST,
            "here": request.POST.get("next", ""),
            "said": done,
        }
        return render(request, "signals/_row.html", context)
    messages.success(request, f"The signal is {done}.")
    return redirect(way_back(request, workspace_url(request, "signal", pk)))


@require_POST
def acknowledgements(request: Any, pk: int) -> HttpResponse:
    """Say that somebody is on it."""
    return attempt(
        request, pk, SeenForm(request.POST), Verb("seen", actions.acknowledge_signal, "acknowledged")
    )


@require_POST
def snoozes(request: Any, pk: int) -> HttpResponse:
    """Put it aside until a day."""
    return attempt(request, pk, SnoozeForm(request.POST), Verb("snooze", actions.snooze_signal, "snoozed"))


@require_POST
def resolutions(request: Any, pk: int) -> HttpResponse:
    """Say what became of it."""
    return attempt(
        request, pk, ResolveForm(request.POST), Verb("resolve", actions.resolve_signal, "resolved")
    )


@require_POST
def reopenings(request: Any, pk: int) -> HttpResponse:
    """Take back what was said of it."""
    return attempt(request, pk, SeenForm(request.POST), Verb("seen", actions.reopen_signal, "open again"))
