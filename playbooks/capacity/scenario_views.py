"""What-ifs and proposals: the list, one of them, its steps, applying it and taking it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.changes.fields import ChangeRefused
from accounts.tiers.checks import TermsRefused, TierRefused
from csworkspace.jobs.queries import job_view
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict
from playbooks.capacity import applying
from playbooks.capacity import scenario_actions as actions
from playbooks.capacity import scenario_pages as pages
from playbooks.capacity.arithmetic import quarters_from
from playbooks.capacity.forms import NameForm, QuarterForm
from playbooks.capacity.models import Scenario, ScenarioKind
from playbooks.capacity.queries import get_scenario, read_state_for, scenarios
from playbooks.capacity.step_forms import FORMS, StepForm, step_forms
from playbooks.capacity.views import capacity_tabs

MOST_BESIDE = 4
REFUSALS = (actions.ScenarioRefused, ChangeRefused, TermsRefused, TierRefused)
LISTED = 50


@require_safe
def scenario_list(request: Any) -> HttpResponse:
    """All scenarios, and a name for a new one."""
    return list_page(request, NameForm(subject=None))


def list_page(request: Any, form: NameForm) -> HttpResponse:
    """The list with its form; `before` is the last one of the page before."""
    before = asked_number(request.GET.get("before", ""))
    url = workspace_url(request, "scenarios")
    found = list((scenarios().filter(pk__lt=before) if before else scenarios())[: LISTED + 1])
    context = {
        "tabs": capacity_tabs(request, "scenarios"),
        "scenarios": pages.scenario_lines(found[:LISTED], request.workspace),
        "first_url": url if before else "",
        "next_url": f"{url}?before={found[LISTED - 1].pk}" if len(found) > LISTED else "",
        "form": form,
    }
    return render(request, "capacity/scenarios.html", context, status=422 if form.errors else 200)


@require_POST
def scenario_new(request: Any) -> HttpResponse:
    """Begin a what-if."""
    form = NameForm(request.POST, subject=None)
    if not form.is_valid():
        return list_page(request, form)
    scenario = actions.create_scenario(by=request.actor, name=form.cleaned_data["name"])
    return redirect(workspace_url(request, "scenario", scenario.pk))


@require_POST
def proposal_new(request: Any) -> HttpResponse:
    """Let a worker look for a balance."""
    quarters = quarters_from(today_of(request.workspace))
    form = QuarterForm(request.POST, quarters=quarters, names=[times.quarter(one) for one in quarters])
    if not form.is_valid():
        messages.error(request, "Choose one of the quarters shown.")
        return redirect(workspace_url(request, "capacity"))
    chosen = next(one for one in quarters if one.isoformat() == form.cleaned_data["quarter"])
    scenario = actions.request_proposal(by=request.actor, quarter=chosen)
    return redirect(workspace_url(request, "scenario", scenario.pk))


@require_safe
def scenario_page(request: Any, pk: int) -> HttpResponse:
    """Steps, and before and after."""
    return one_page(request, get_scenario(pk))


def one_page(
    request: Any, scenario: Scenario, bound: StepForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a scenario; `bound` is a step that was refused, or that is not complete yet."""
    state, applied = pages.thought_through(scenario, today_of(request.workspace))
    is_open = not scenario.applied_at and may(request.membership.role, Needs.MANAGE)
    is_proposal = scenario.kind == ScenarioKind.PROPOSAL
    context = {
        "crumbs": [
            {"label": "Capacity", "url": workspace_url(request, "capacity")},
            {"label": "What-if", "url": workspace_url(request, "scenarios")},
        ],
        "scenario": scenario,
        "standing": pages.standing(scenario),
        "is_proposal": is_proposal,
        "is_open": is_open,
        "is_undone": pages.is_undone(scenario),
        "applied_on": times.moment(scenario.applied_at, request.workspace.timezone),
        "job": working_job(request, scenario),
        "moves": pages.move_lines(scenario, state, applied) if is_proposal else [],
        "steps": [] if is_proposal else pages.step_lines(scenario, applied),
        "forms": step_forms(applied.state, scenario, bound) if is_open and not is_proposal else [],
        "bound": bound,
        "comparison": pages.shown_comparison(pages.comparison_of(scenario, state, applied)),
        "version_hidden": {"version": scenario.version},
    }
    return render(request, "capacity/scenario.html", context, status=status)


def working_job(request: Any, scenario: Scenario) -> Any:
    """The job that works on a proposal, or failed at it; None once the proposal is there."""
    if scenario.job is None or "texts" in scenario.outcome:
        return None
    return job_view(scenario.job, request.workspace.timezone)


@require_POST
def step_new(request: Any, pk: int) -> HttpResponse:
    """Add a step."""
    scenario = get_scenario(pk)
    kind = FORMS.get(request.POST.get("do", ""))
    if kind is None:
        messages.error(request, "Choose what to change.")
        return redirect(workspace_url(request, "scenario", pk))
    _, applied = pages.thought_through(scenario, today_of(request.workspace))
    if "redraw" in request.POST:
        chosen = kind.chosen_from(request.POST)
        return one_page(request, scenario, kind(state=applied.state, subject=scenario, initial=chosen))
    form = kind(request.POST, state=applied.state, subject=scenario)
    if not form.is_valid():
        return one_page(request, scenario, form, 422)
    version = form.cleaned_data["version"]
    return act(
        request, scenario, lambda: actions.add_step(scenario, form.step(), by=request.actor, version=version)
    )


@require_POST
def step_remove(request: Any, pk: int) -> HttpResponse:
    """Take a step out."""
    scenario, number = get_scenario(pk), sent_number(request, "number", -1)
    version = sent_number(request, "version")
    return act(
        request, scenario, lambda: actions.remove_step(scenario, number, by=request.actor, version=version)
    )


def scenario_edit(request: Any, pk: int) -> HttpResponse:
    """Give a scenario another name."""
    scenario = get_scenario(pk)
    form = NameForm(request.POST or None, subject=scenario, initial={"name": scenario.name})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        return act(
            request, scenario, lambda: actions.rename_scenario(scenario, by=request.actor, **values), "Saved."
        )
    context = {"form": form, "scenario": scenario, "cancel_url": workspace_url(request, "scenario", pk)}
    return render(request, "capacity/rename.html", context, status=422 if form.errors else 200)


@require_POST
def scenario_apply(request: Any, pk: int) -> HttpResponse:
    """Make a scenario real; of a proposal the moves that are checked."""
    scenario, version = get_scenario(pk), sent_number(request, "version")
    chosen = None
    if scenario.kind == ScenarioKind.PROPOSAL:
        chosen = [int(one) for one in request.POST.getlist("move") if one.isdecimal() and len(one) < 8]
    return act(
        request,
        scenario,
        lambda: applying.apply_scenario(scenario, by=request.actor, version=version, chosen=chosen),
        "Applied. What came of it is below, and can be undone.",
    )


@require_POST
def scenario_undo(request: Any, pk: int) -> HttpResponse:
    """Take an applied scenario back."""
    scenario, version = get_scenario(pk), sent_number(request, "version")

    def undo() -> None:
        for text in applying.undo_scenario(scenario, by=request.actor, version=version):
            messages.success(request, text)

    return act(request, scenario, undo)


@require_POST
def scenario_remove(request: Any, pk: int) -> HttpResponse:
    """Delete a scenario that was not applied."""
    scenario, version = get_scenario(pk), sent_number(request, "version")
    response = act(
        request,
        scenario,
        lambda: actions.delete_scenario(scenario, by=request.actor, version=version),
        f"{scenario.name} is deleted.",
    )
    gone = not Scenario.objects.filter(pk=pk).exists()
    return redirect(workspace_url(request, "scenarios")) if gone else response


def act(request: Any, scenario: Scenario, do: Callable[[], Any], done: str = "") -> HttpResponse:
    """Do it and go back to the scenario; a refusal is told there, a conflict with 409."""
    pk = scenario.pk
    try:
        do()
        if done:
            messages.success(request, done)
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return one_page(request, get_scenario(pk), status=409)
    except REFUSALS as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "scenario", pk))


def sent_number(request: Any, name: str, otherwise: int | None = None) -> Any:
    """A number of the form that was sent."""
    return asked_number(request.POST.get(name, ""), otherwise)


def asked_number(sent: str, otherwise: int | None = None) -> Any:
    """A number as it was sent, if it is one that can be."""
    return int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 9 else otherwise


@require_safe
def scenario_compare(request: Any) -> HttpResponse:
    """Up to four scenarios side by side."""
    asked = [one for one in request.GET.getlist("scenario") if one.isdecimal() and len(one) < 19]
    found = scenarios().filter(pk__in=[int(one) for one in asked], applied_at=None).order_by("id")
    chosen = list(found[:MOST_BESIDE])
    state = read_state_for([step for one in chosen for step in one.steps], today_of(request.workspace))
    quarters, now, sides = pages.side_by_side(chosen, state)
    context = {
        "crumbs": [
            {"label": "Capacity", "url": workspace_url(request, "capacity")},
            {"label": "What-if", "url": workspace_url(request, "scenarios")},
        ],
        "quarters": quarters,
        "now": now,
        "sides": sides,
        "rows": [
            (quarter, now.cells[n], [side.cells[n] for side in sides]) for n, quarter in enumerate(quarters)
        ],
        "left_out": max(len(asked) - len(chosen), 0),
    }
    return render(request, "capacity/compare.html", context)
