"""The inbox, its download, and what is done with many tasks."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from csworkspace.web.once import keep_once
from csworkspace.web.urls import id_in, workspace_url
from playbooks.plays.foretelling import what_follows
from playbooks.tasks import bulk
from playbooks.tasks.actions import TaskRefused
from playbooks.tasks.bulk import MOST, BulkResult, Chosen
from playbooks.tasks.download import csv_of
from playbooks.tasks.filters import NOBODY, OPEN, TaskFilter, chosen, read_filter
from playbooks.tasks.forms import ManyForm
from playbooks.tasks.pages import RESULT, inbox_context, result_words
from playbooks.tasks.settling import outcome_of


@require_safe
def tasks(request: Any) -> HttpResponse:
    """What is to do: mine, the team's, nobody's."""
    return render(request, "tasks/list.html", inbox_context(request))


@require_safe
def tasks_unowned(request: Any) -> HttpResponse:
    """On to what nobody does; for links that carry no query."""
    return redirect(workspace_url(request, "tasks") + TaskFilter(NOBODY).url())


@require_safe
def tasks_csv(request: Any) -> HttpResponse:
    """The rows of the current filter as CSV."""
    view = read_filter(request.GET, request.membership)
    response = HttpResponse(csv_of(chosen(view, request.membership)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-tasks.csv"'
    return response


def ticked(request: Any) -> list[Chosen]:
    """The ticked rows with the versions that were seen; or all of the filter, as they are now."""
    if request.POST.get("all"):
        view = read_filter(request.GET, request.membership)
        if view.state != OPEN:
            return []
        return [Chosen(pk) for pk in chosen(view, request.membership).values_list("pk", flat=True)[:MOST]]
    found = []
    for text in request.POST.getlist("task")[:MOST]:
        pk, _, version = text.partition(".")
        if (number := id_in(pk)) is not None:
            found.append(Chosen(number, id_in(version)))
    return found


def change_many(request: Any, verb: str, act: Callable[[list[Chosen], ManyForm], BulkResult]) -> HttpResponse:
    """Do it with the ticked ones, and say what became of each; back to the same view."""
    form, those = ManyForm(request.POST), ticked(request)
    if form.is_valid():
        if not those:
            form.add_error(None, "Tick the tasks first.")
        else:
            try:
                done = act(those, form)
                words = result_words(verb, len(done.done), done.passed, next_words(verb, done))
                keep_once(request, RESULT, words)
                return redirect(f"{workspace_url(request, 'tasks')}?{request.GET.urlencode()}")
            except TaskRefused as error:
                form.add_error(error.field, str(error))
    return render(request, "tasks/list.html", inbox_context(request, form=form), status=422)


def next_words(verb: str, done: BulkResult) -> str:
    """What the plays of completed tasks do next."""
    if verb != "completed":
        return ""
    return what_follows({task.step_id: outcome_of(task) for task in done.done if task.step_id is not None})


@require_POST
def tasks_completions(request: Any) -> HttpResponse:
    """Complete the ticked ones."""
    return change_many(
        request,
        "completed",
        lambda those, form: bulk.complete_many(those, by=request.actor, note=form.cleaned_data["note"]),
    )


@require_POST
def tasks_assignments(request: Any) -> HttpResponse:
    """Give the ticked ones to somebody."""

    def act(those: list[Chosen], form: ManyForm) -> BulkResult:
        owner = form.cleaned_data["owner"]
        if owner is None:
            raise TaskRefused("Choose who gets them.", "owner")
        return bulk.reassign_many(those, by=request.actor, owner_id=owner.pk)

    return change_many(request, "reassigned", act)


@require_POST
def tasks_dates(request: Any) -> HttpResponse:
    """Move the ticked ones to another day."""

    def act(those: list[Chosen], form: ManyForm) -> BulkResult:
        due_on = form.cleaned_data["due_on"]
        if due_on is None:
            raise TaskRefused("Enter the day on which they are due.", "due_on")
        return bulk.move_many(those, by=request.actor, due_on=due_on)

    return change_many(request, "moved", act)
