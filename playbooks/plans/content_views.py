"""Objectives, targets and practices of a plan: one form or button each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.metrics.models import Metric
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats, times
from csworkspace.web.urls import way_back, workspace_url
from playbooks.benchmarks.models import Baseline
from playbooks.frameworks.models import Behaviour
from playbooks.plans import content
from playbooks.plans.forms import (
    ConfirmForm,
    ObjectiveForm,
    PracticeForm,
    TargetForm,
    initial_of_practice,
    initial_of_target,
    number_text,
)
from playbooks.plans.models import Objective, Plan, Practice, Target
from playbooks.plans.queries import get_plans
from playbooks.plans.views import change_plan


def _objective(pk: int) -> Objective:
    return get_object_or_404(Objective.objects.select_related("plan__benchmark"), pk=pk)


def _target(pk: int) -> Target:
    return get_object_or_404(Target.objects.select_related("objective__plan__benchmark", "metric"), pk=pk)


def _practice(pk: int) -> Practice:
    return get_object_or_404(Practice.objects.select_related("plan"), pk=pk)


def objective_new(request: Any, pk: int) -> HttpResponse:
    """Add an objective."""
    plan = get_object_or_404(get_plans(), pk=pk)
    form = ObjectiveForm(request.POST or None, plan=plan)
    return change_plan(
        request,
        plan,
        form,
        "Add an objective",
        lambda data: content.add_objective(plan, by=request.actor, **data),
    )


def objective_edit(request: Any, pk: int) -> HttpResponse:
    """Reword an objective."""
    item = _objective(pk)
    form = ObjectiveForm(request.POST or None, plan=item.plan, initial={"words": item.words})
    return change_plan(
        request,
        item.plan,
        form,
        f"Edit objective {item.position}",
        lambda data: content.edit_objective(item, by=request.actor, **data),
    )


def objective_remove(request: Any, pk: int) -> HttpResponse:
    """Take an objective out."""
    item = _objective(pk)
    form = ConfirmForm(request.POST or None, plan=item.plan)
    return change_plan(
        request,
        item.plan,
        form,
        f"Remove objective {item.position}?",
        lambda data: content.remove_objective(item, by=request.actor, **data),
        submit_label="Remove",
        about=item.words,
        lead="The objective leaves the plan together with its targets.",
    )


def target_choose(request: Any, pk: int) -> HttpResponse:
    """Choose the metric of a new target."""
    objective = _objective(pk)
    plan = objective.plan
    values = dict(
        Baseline.objects.filter(benchmark_id=plan.benchmark_id).values_list("metric_id", "value")
        if plan.benchmark_id
        else []
    )
    taken = set(objective.targets.values_list("metric_id", flat=True))
    metrics = Metric.objects.filter(retired_at=None).exclude(pk__in=taken).order_by("kind", "name")
    rows = [
        {
            "metric": metric,
            "baseline": formats.with_unit(values.get(metric.pk), metric.unit),
            "url": workspace_url(request, "target_new", pk, metric.key),
        }
        for metric in metrics
    ]
    context = {
        **account_frame(request, get_account(plan.account_id), "account_plan"),
        "objective": objective,
        "plan": plan,
        "rows": rows,
        "taken": times.day(plan.benchmark.taken_on) if plan.benchmark else "",
    }
    return render(request, "plans/choose.html", context)


def target_new(request: Any, pk: int, key: str) -> HttpResponse:
    """Add a target for a metric, prefilled from the benchmark."""
    objective = _objective(pk)
    metric = get_object_or_404(Metric, key=key, retired_at=None)
    plan = objective.plan
    frozen = content.baseline_of(plan, metric)
    value = frozen.value if frozen else None
    initial = {
        "baseline": number_text(value),
        "value": number_text(content.propose_target(value, metric)),
        "starts_on": plan.starts_on,
        "due_on": plan.ends_on,
    }
    form = TargetForm(request.POST or None, plan=plan, metric=metric, initial=initial)
    return change_plan(
        request,
        plan,
        form,
        f"Target for {metric.name}",
        lambda data: content.add_target(objective, metric, by=request.actor, **_rest(data), **form.terms),
        template="plans/target.html",
        submit_label="Add the target",
        metric=metric,
        frozen=formats.with_unit(value, metric.unit) if frozen else "",
        taken=times.day(plan.benchmark.taken_on) if plan.benchmark else "",
        anchor=f"objective-{pk}",
    )


def _rest(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("version", "reason") if name in data}


def target_edit(request: Any, pk: int) -> HttpResponse:
    """Change a target's terms."""
    item = _target(pk)
    plan = item.objective.plan
    form = TargetForm(request.POST or None, plan=plan, metric=item.metric, initial=initial_of_target(item))
    return change_plan(
        request,
        plan,
        form,
        f"Target for {item.metric.name}",
        lambda data: content.edit_target(item, by=request.actor, **_rest(data), **form.terms),
        template="plans/target.html",
        metric=item.metric,
        anchor=f"target-{pk}",
    )


def target_remove(request: Any, pk: int) -> HttpResponse:
    """Take a target out."""
    item = _target(pk)
    plan = item.objective.plan
    form = ConfirmForm(request.POST or None, plan=plan)
    return change_plan(
        request,
        plan,
        form,
        f"Remove the target for {item.metric.name}?",
        lambda data: content.remove_target(item, by=request.actor, **data),
        submit_label="Remove",
        lead="The target leaves the plan; its measurements stay.",
    )


def practice_new(request: Any, pk: int) -> HttpResponse:
    """Add a practice."""
    plan = get_object_or_404(get_plans(), pk=pk)
    form = PracticeForm(request.POST or None, plan=plan, initial={"due_on": plan.ends_on})
    return change_plan(
        request,
        plan,
        form,
        "Add a practice",
        lambda data: content.add_practice(plan, by=request.actor, **data),
        anchor="practices",
    )


def practice_edit(request: Any, pk: int) -> HttpResponse:
    """Change a practice."""
    item = _practice(pk)
    form = PracticeForm(request.POST or None, plan=item.plan, initial=initial_of_practice(item))
    return change_plan(
        request,
        item.plan,
        form,
        "Edit the practice",
        lambda data: content.edit_practice(item, by=request.actor, **data),
        anchor="practices",
    )


def practice_remove(request: Any, pk: int) -> HttpResponse:
    """Take a practice out."""
    item = _practice(pk)
    form = ConfirmForm(request.POST or None, plan=item.plan)
    return change_plan(
        request,
        item.plan,
        form,
        "Remove the practice?",
        lambda data: content.remove_practice(item, by=request.actor, **data),
        submit_label="Remove",
        about=item.title,
        anchor="practices",
    )


def _try(request: Any, plan: Plan, act: Any, done: str = "") -> HttpResponse:
    try:
        act()
    except ValueError as error:
        messages.error(request, str(error))
    else:
        if done and "next" in request.POST:
            # The plan's page shows the tick itself, others only lose a row.
            messages.success(request, done)
    return redirect(way_back(request, f"{workspace_url(request, 'plan', plan.pk)}#practices"))


@require_POST
def practice_completions(request: Any, pk: int) -> HttpResponse:
    """Tick a practice off (`done` is "yes"), or open it again."""
    item = _practice(pk)
    done_on = today_of(request.workspace) if request.POST.get("done") == "yes" else None
    said = f"“{item.title}” is marked as done." if done_on else ""
    return _try(
        request, item.plan, lambda: content.mark_practice(item, by=request.actor, done_on=done_on), said
    )


@require_POST
def adoptions(request: Any, pk: int) -> HttpResponse:
    """Take a behaviour of the next level up as a practice."""
    plan = get_object_or_404(get_plans(), pk=pk)
    text = request.POST.get("behaviour", "")
    chosen = int(text) if text.isdecimal() and len(text) < 19 else 0
    behaviour = get_object_or_404(Behaviour.objects.select_related("level"), pk=chosen)
    return _try(request, plan, lambda: content.adopt_behaviour(plan, behaviour, by=request.actor))
