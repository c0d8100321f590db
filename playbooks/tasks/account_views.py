"""Making tasks, and an account's page of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.accounts.frame import account_frame
from accounts.accounts.models import Account
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import id_in, way_back, workspace_url
from playbooks.notes.models import Note
from playbooks.signals.models import Signal
from playbooks.tasks.actions import create_task
from playbooks.tasks.forms import TaskAnywhereForm, TaskForm
from playbooks.tasks.links import account_tab
from playbooks.tasks.owners import due_day
from playbooks.tasks.pages import account_tasks_context

USUAL_DAYS, MOST_NAMES = 3, 300


@require_safe
def account_tasks(request: Any, pk: int) -> HttpResponse:
    """What is to do for an account, and what was done."""
    account = get_account(pk)
    context = {
        **account_frame(request, account, "account_plays"),
        "data": account_tasks_context(request, account.pk),
    }
    return render(request, "tasks/account.html", context)


def origin_of(request: Any, account_id: int) -> dict[str, Any]:
    """The signal or the note of this account that the address or the form names."""
    asked = {**request.GET.dict(), **request.POST.dict()}
    found: dict[str, Any] = {}
    for name, model in (("signal", Signal), ("note", Note)):
        pk = id_in(asked.get(name, ""))
        one = model.objects.filter(pk=pk, account_id=account_id).first() if pk is not None else None
        found |= {name: one} if one is not None else {}
    return found


def first_values(request: Any, origin: dict[str, Any]) -> dict[str, Any]:
    """What a new task's form begins with: one's own, due in three working days, after the signal."""
    me = request.membership
    signal = origin.get("signal")
    return {
        "owner": me.pk,
        "due_on": due_day(today_of(request.workspace), USUAL_DAYS, me.pk),
        "title": f"Answer the signal: {signal.title}"[:200] if signal else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def task_new(request: Any, pk: int) -> HttpResponse:
    """A task for an account, on its own or after a signal or a meeting."""
    account = get_account(pk)
    origin = origin_of(request, account.pk)
    form = TaskForm(request.POST if request.method == "POST" else None, initial=first_values(request, origin))
    if form.is_bound and form.is_valid():
        made = create_task(account, by=request.actor, **form.values(), **origin)
        messages.success(request, f"“{made.title}” is made.")
        return redirect(way_back(request, workspace_url(request, "task", made.pk)))
    context = {
        **account_frame(request, account, "account_plays"),
        "form": form,
        "page_title": "New task",
        "submit_label": "Make the task",
        "origin": origin,
        "cancel_url": account_tab(request, account.pk),
    }
    return render(request, "tasks/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def task_begin(request: Any) -> HttpResponse:
    """A task for an account that is named in the form."""
    initial = first_values(request, {})
    form = TaskAnywhereForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        values = form.values()
        made = create_task(values.pop("account"), by=request.actor, **values)
        messages.success(request, f"“{made.title}” is made.")
        return redirect(workspace_url(request, "task", made.pk))
    own = Account.objects.filter(owner_id=request.membership.pk).order_by("name")
    context = {
        "form": form,
        "names": list(own.values_list("name", flat=True)[:MOST_NAMES]),
        "crumbs": [{"label": "Tasks", "url": workspace_url(request, "tasks")}],
        "cancel_url": workspace_url(request, "tasks"),
    }
    return render(request, "tasks/begin.html", context, status=422 if form.errors else 200)
