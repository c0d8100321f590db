"""One task: look at it, complete, skip, reopen, give away, move, edit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import way_back, workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.tasks import actions
from playbooks.tasks.forms import AssignmentForm, CompletionForm, DueForm, SkipForm, TaskForm
from playbooks.tasks.lists import RELATED, row_of
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.pages import task_context


@dataclass(frozen=True)
class Verb:
    """Something to do with a task: its form by name, the action, what is said afterwards."""

    form: str
    act: Callable[[Task, Any], Task]
    done: str


def find(pk: int) -> Task:
    """The task with what its pages show, or 404."""
    return get_object_or_404(Task.objects.select_related(*RELATED), pk=pk)


def forms_of(task: Task) -> dict[str, forms.Form]:
    """What can be done with it, as empty forms."""
    if task.state != TaskState.OPEN:
        return {}
    return {
        "done": CompletionForm(subject=task),
        "skip": SkipForm(subject=task, auto_id="skip_%s"),
        "assignment": AssignmentForm(subject=task, auto_id="assign_%s", initial={"owner": task.owner_id}),
        "due": DueForm(subject=task, auto_id="due_%s", initial={"due_on": task.due_on}),
    }


def show(request: Any, task: Task, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page, with a form that was refused if there is one."""
    context = task_context(request, get_account(task.account_id), task)
    return render(
        request, "tasks/task.html", {**context, "forms": {**forms_of(task), **bound}}, status=status
    )


@require_safe
def task(request: Any, pk: int) -> HttpResponse:
    """What to do, how, and when it is done."""
    return show(request, find(pk))


def attempt(request: Any, one: Task, form: Any, verb: Verb) -> HttpResponse:
    """Do it, and go on: 422 when refused, 409 when somebody was faster."""
    status = 422
    if form.is_valid():
        try:
            changed = verb.act(one, form)
            return leave(request, changed, verb)
        except Conflict as error:
            if request.htmx or "next" in request.POST:
                return row_answer(request, one.pk, str(error), 409)
            one, status = find(one.pk), 409
            form.add_error(None, conflict_error(error))
        except actions.TaskRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    if request.htmx and "next" in request.POST:
        return row_answer(request, one.pk, " ".join(form.errors.as_text().split("* ")[-1:]), 422)
    return show(request, one, status, **({verb.form: form} if one.state == TaskState.OPEN else {}))


def leave(request: Any, one: Task, verb: Verb) -> HttpResponse:
    """The changed row in a list, or back to where it was done from."""
    if request.htmx and "next" in request.POST:
        return row_answer(request, one.pk)
    messages.success(request, f"“{one.title}” {verb.done}")
    return redirect(way_back(request, workspace_url(request, "task", one.pk)))


def row_answer(request: Any, pk: int, problem: str = "", status: int = 200) -> HttpResponse:
    """A task's row as it is now, for a list; without htmx back to the list with what went wrong."""
    if not request.htmx:
        messages.warning(request, problem)
        return redirect(way_back(request, workspace_url(request, "task", pk)))
    one = find(pk)
    context = {
        "row": row_of(one, today_of(request.workspace), request.workspace.timezone),
        "problem": problem,
        "here": request.POST.get("next", ""),
        "bulk": may(request.membership.role, Needs.WORK),
        "may_work": True,
        "changed": True,
    }
    return render(request, "tasks/_row.html", context, status=status)


@require_POST
def task_completions(request: Any, pk: int) -> HttpResponse:
    """Complete it."""

    def complete(one: Task, form: Any) -> Task:
        data = dict(form.cleaned_data)
        return actions.complete_task(one, by=request.actor, seen=data.pop("version"), **data)

    one = find(pk)
    words = "is done, and the play goes on." if one.step_id else "is done."
    return attempt(request, one, CompletionForm(request.POST, subject=one), Verb("done", complete, words))


@require_POST
def task_skips(request: Any, pk: int) -> HttpResponse:
    """Say that it will not be done."""

    def skip(one: Task, form: Any) -> Task:
        data = form.cleaned_data
        return actions.skip_task(one, by=request.actor, reason=data["reason"], seen=data["version"])

    one = find(pk)
    form = SkipForm(request.POST, subject=one, auto_id="skip_%s")
    return attempt(request, one, form, Verb("skip", skip, "is skipped."))


@require_POST
def task_reopenings(request: Any, pk: int) -> HttpResponse:
    """Take its end back."""
    one = find(pk)
    try:
        actions.reopen_task(one, by=request.actor)
    except Conflict as error:
        if request.htmx:
            return row_answer(request, pk, str(error), 409)
        messages.warning(request, str(error))
        return redirect(way_back(request, workspace_url(request, "task", pk)))
    return leave(request, one, Verb("", lambda task, form: task, "is open again."))


@require_POST
def task_assignments(request: Any, pk: int) -> HttpResponse:
    """Give it to a colleague."""

    def assign(one: Task, form: Any) -> Task:
        owner, seen = form.cleaned_data["owner"], form.cleaned_data["version"]
        owner_id = owner.pk if owner else None
        return actions.reassign_task(one, by=request.actor, owner_id=owner_id, seen=seen)

    one = find(pk)
    form = AssignmentForm(request.POST, subject=one, auto_id="assign_%s")
    return attempt(request, one, form, Verb("assignment", assign, "has another owner now."))


@require_POST
def task_dates(request: Any, pk: int) -> HttpResponse:
    """Move it to another day."""

    def move(one: Task, form: Any) -> Task:
        data = form.cleaned_data
        return actions.move_task(one, by=request.actor, due_on=data["due_on"], seen=data["version"])

    one = find(pk)
    form = DueForm(request.POST, subject=one, auto_id="due_%s")
    return attempt(request, one, form, Verb("due", move, "is due on another day now."))


@require_http_methods(["GET", "HEAD", "POST"])
def task_edit(request: Any, pk: int) -> HttpResponse:
    """Change what it says."""
    one, status = find(pk), 422
    form = TaskForm.of(one, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            seen = form.cleaned_data["version"]
            changed = actions.edit_task(one, by=request.actor, seen=seen, **form.values())
            messages.success(request, f"“{changed.title}” is saved.")
            return redirect(workspace_url(request, "task", pk))
        except Conflict as error:
            status = 409
            form.add_error(None, conflict_error(error))
        except actions.TaskRefused as error:
            form.add_error(error.field, str(error))
    context = {
        **account_frame(request, get_account(one.account_id), "account_plays"),
        "form": form,
        "page_title": "Edit the task",
        "submit_label": "Save",
        "cancel_url": workspace_url(request, "task", pk),
    }
    return render(request, "tasks/form.html", context, status=status if form.errors else 200)
