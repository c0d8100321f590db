"""Plans: an account's plan, one plan, and the steps of its life."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import conflict_error
from playbooks.benchmarks.queries import latest_benchmark
from playbooks.plans import actions
from playbooks.plans.cards import revision_card
from playbooks.plans.change import PlanConflict
from playbooks.plans.forms import ClosingForm, HeadForm, PlanForm, default_end
from playbooks.plans.models import Plan, PlanState
from playbooks.plans.pages import other_plans, plan_context
from playbooks.plans.queries import get_plans, plans_of


def to_plan(request: Any, plan_id: int, anchor: str = "") -> HttpResponse:
    """Back to the plan's page, at a part of it."""
    url = workspace_url(request, "plan", plan_id)
    return redirect(f"{url}#{anchor}" if anchor else url)


def plan_tab(request: Any, pk: int) -> HttpResponse:
    """The plan that the account follows; else its newest draft; else what to do next."""
    account = get_account(pk)
    found = list(plans_of(pk)[:20])
    shown = next(
        (plan for state in (PlanState.ACTIVE, PlanState.DRAFT) for plan in found if plan.state == state), None
    )
    if shown:
        return render(request, "plans/detail.html", plan_context(request, account, shown))
    context = {
        **account_frame(request, account, "account_plan"),
        "others": other_plans(request, None, pk),
        "benchmark": latest_benchmark(pk),
    }
    return render(request, "plans/none.html", context)


def plan_page(request: Any, pk: int) -> HttpResponse:
    """One plan."""
    plan = get_object_or_404(get_plans(), pk=pk)
    return render(request, "plans/detail.html", plan_context(request, get_account(plan.account_id), plan))


def revision_list(request: Any, pk: int) -> HttpResponse:
    """Every revision of a plan."""
    plan = get_object_or_404(get_plans(), pk=pk)
    zone = request.workspace.timezone
    context = {
        **account_frame(request, get_account(plan.account_id), "account_plan"),
        "plan": plan,
        "revisions": [revision_card(item, zone) for item in plan.revisions.all()],
    }
    return render(request, "plans/revisions.html", context)


def plan_new(request: Any, pk: int) -> HttpResponse:
    """Draft a plan from the latest benchmark."""
    account, today = get_account(pk), today_of(request.workspace)
    benchmark = latest_benchmark(pk)
    initial = {
        "title": f"Success plan {today.year}",
        "starts_on": benchmark.taken_on if benchmark else today,
        "ends_on": default_end(today),
        "owner": account.owner or request.membership,
    }
    form = HeadForm(request.POST or None, account_id=pk, initial=initial)
    if request.method == "POST" and form.is_valid():
        plan = actions.create_plan(account, by=request.actor, benchmark=benchmark, **form.cleaned_data)
        messages.success(request, "The draft is ready. Add objectives in the customer's words.")
        return to_plan(request, plan.pk)
    context = {
        **account_frame(request, account, "account_plan"),
        "form": form,
        "benchmark": benchmark,
        "taken": times.day(benchmark.taken_on) if benchmark else "",
        "cancel_url": workspace_url(request, "account_plan", pk),
    }
    return render(request, "plans/new.html", context, status=422 if form.errors else 200)


def change_plan(
    request: Any,
    plan: Plan,
    form: PlanForm,
    title: str,
    save: Callable[..., Any],
    *,
    anchor: str = "",
    template: str = "plans/form.html",
    submit_label: str = "Save",
    **more: Any,
) -> HttpResponse:
    """Show a form about a plan, or save it: 422 when refused, 409 when somebody else was faster."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
            return to_plan(request, plan.pk, anchor)
        except PlanConflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
        except ValueError as error:
            form.add_error(None, str(error))
    context = {
        **account_frame(request, get_account(plan.account_id), "account_plan"),
        "form": form,
        "plan": plan,
        "page_title": title,
        "submit_label": submit_label,
        "cancel_url": workspace_url(request, "plan", plan.pk),
        **more,
    }
    return render(request, template, context, status=422 if form.errors and status == 200 else status)


def plan_edit(request: Any, pk: int) -> HttpResponse:
    """Title, dates, owners."""
    plan = get_object_or_404(get_plans(), pk=pk)
    names = ("title", "starts_on", "ends_on", "owner", "customer_owner")
    form = HeadForm(
        request.POST or None,
        plan=plan,
        account_id=plan.account_id,
        initial={name: getattr(plan, name) for name in names},
    )
    return change_plan(
        request, plan, form, "Edit the plan", lambda data: actions.edit_plan(plan, by=request.actor, **data)
    )


def closures(request: Any, pk: int) -> HttpResponse:
    """Close a plan, with a note on how it ended."""
    plan = get_object_or_404(get_plans(), pk=pk)
    form = ClosingForm(request.POST or None, plan=plan)
    return change_plan(
        request,
        plan,
        form,
        "Close the plan",
        lambda data: actions.close_plan(plan, by=request.actor, **data),
        submit_label="Close the plan",
    )


def _act(request: Any, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:
    plan = get_object_or_404(get_plans(), pk=pk)
    try:
        act(plan, by=request.actor)
        messages.success(request, done)
    except ValueError as error:
        messages.error(request, str(error))
    return to_plan(request, pk)


@require_POST
def activations(request: Any, pk: int) -> HttpResponse:
    """Start following a plan."""
    return _act(
        request, pk, actions.activate_plan, "The plan is active. From now on every change needs a reason."
    )


@require_POST
def sharings(request: Any, pk: int) -> HttpResponse:
    """Show the plan to the customer."""
    return _act(request, pk, actions.share_plan, "The customer sees this plan in the portal now.")


@require_POST
def sharings_end(request: Any, pk: int) -> HttpResponse:
    """Hide the plan from the customer."""
    return _act(request, pk, actions.stop_sharing, "The customer does not see this plan any more.")


@require_POST
def plan_discard(request: Any, pk: int) -> HttpResponse:
    """Delete a draft."""
    plan = get_object_or_404(get_plans(), pk=pk)
    account_id = plan.account_id
    try:
        actions.discard_plan(plan, by=request.actor)
    except ValueError as error:
        messages.error(request, str(error))
        return to_plan(request, pk)
    messages.success(request, "The draft is gone.")
    return redirect(workspace_url(request, "account_plan", account_id))
