"""One service that is owed: complete, answer, waive, give to somebody, take back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import way_back, workspace_url
from csworkspace.web.versions import Conflict
from playbooks.services import actions
from playbooks.services.account_pages import TAB, occurrence_context
from playbooks.services.account_views import local_now
from playbooks.services.forms import AnswerForm, AssignmentForm, DeliveryForm, WaiverForm
from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import with_status
from playbooks.services.requests import answer_request


@dataclass(frozen=True)
class Verb:
    """Something to do with a service: its form by name, the action, what is said afterwards."""

    form: str
    act: Callable[[ServiceOccurrence, Any], ServiceOccurrence]
    done: str


def find(request: Any, pk: int) -> ServiceOccurrence:
    """The occurrence with its status, or 404."""
    rows = with_status(today_of(request.workspace), timezone.now())
    return get_object_or_404(rows.select_related("account", "service", "tier", "owner__user"), pk=pk)


def forms_of(request: Any, one: ServiceOccurrence) -> dict[str, forms.Form]:
    """What can be done with it, as empty forms; nothing that is over."""
    if one.delivered_on or one.waived_at:
        return {}
    zone, member = request.workspace.timezone, request.membership
    done: forms.Form = DeliveryForm(member=member, initial={"delivered_on": today_of(request.workspace)})
    if one.asked_at:
        done = AnswerForm(member=member, zone=zone, initial={"answered_at": local_now(zone)})
    assignment = AssignmentForm(initial={"owner": one.owner, "seen": one.owner_id or 0})
    return {"done": done, "waiver": WaiverForm(), "assignment": assignment}


def show(request: Any, one: ServiceOccurrence, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page, with a form that was refused if there is one."""
    context = {
        **occurrence_context(request, get_account(one.account_id), one),
        "forms": {**forms_of(request, one), **bound},
    }
    return render(request, "services/occurrence.html", context, status=status)


def occurrence_page(request: Any, pk: int) -> HttpResponse:
    """One service, its facts and its history."""
    return show(request, find(request, pk))


def leave(request: Any, one: ServiceOccurrence) -> HttpResponse:
    """Back to where it was done from: the account's services, or the page that a form's `next` names."""
    return redirect(way_back(request, workspace_url(request, TAB, one.account_id)))


def attempt(request: Any, one: ServiceOccurrence, form: forms.Form, verb: Verb) -> HttpResponse:
    """Do it and go back to the account's services: 422 when refused, 409 when somebody was faster."""
    status = 422
    if form.is_valid():
        try:
            verb.act(one, form)
            messages.success(request, f"{one} {verb.done}")
            return leave(request, one)
        except Conflict as error:
            messages.warning(request, str(error))
            if "next" in request.POST:
                return leave(request, one)
            return show(request, find(request, one.pk), status=409)
        except actions.ServiceRefused as error:
            form.add_error(error.field, str(error))
    return show(request, one, status, **{verb.form: form})


@require_POST
def deliveries(request: Any, pk: int) -> HttpResponse:
    """Complete it on a day."""
    form = DeliveryForm(request.POST, member=request.membership)

    def deliver(one: ServiceOccurrence, form: Any) -> ServiceOccurrence:
        return actions.deliver_service(one, by=request.actor, **form.values())

    return attempt(request, find(request, pk), form, Verb("done", deliver, "is delivered."))


@require_POST
def answers(request: Any, pk: int) -> HttpResponse:
    """Say when a request was answered."""
    form = AnswerForm(request.POST, member=request.membership, zone=request.workspace.timezone)

    def answer(one: ServiceOccurrence, form: Any) -> ServiceOccurrence:
        return answer_request(one, by=request.actor, **form.values())

    return attempt(request, find(request, pk), form, Verb("done", answer, "is answered."))


@require_POST
def waivers(request: Any, pk: int) -> HttpResponse:
    """Say that it is not owed after all."""

    def waive(one: ServiceOccurrence, form: Any) -> ServiceOccurrence:
        return actions.waive_service(one, by=request.actor, **form.cleaned_data)

    verb = Verb("waiver", waive, "is waived and does not count.")
    return attempt(request, find(request, pk), WaiverForm(request.POST), verb)


@require_POST
def assignments(request: Any, pk: int) -> HttpResponse:
    """Give it to a colleague."""

    def assign(one: ServiceOccurrence, form: Any) -> ServiceOccurrence:
        return actions.reassign_service(one, by=request.actor, **form.cleaned_data)

    verb = Verb("assignment", assign, "has another owner now.")
    return attempt(request, find(request, pk), AssignmentForm(request.POST), verb)


@require_POST
def reopenings(request: Any, pk: int) -> HttpResponse:
    """Take back a delivery or a waiver."""
    one = find(request, pk)
    try:
        actions.reopen_service(one, by=request.actor)
        messages.success(request, f"{one} is open again.")
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect(workspace_url(request, "occurrence", pk))
