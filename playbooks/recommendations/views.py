"""Recommendations as the team sees them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.times import day, moment
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict
from playbooks.recommendations import actions, queries
from playbooks.recommendations.forms import RecommendationForm, UptakeForm, WithdrawalForm
from playbooks.recommendations.models import UNANSWERED, Recommendation
from playbooks.recommendations.steps import USUAL_DAYS

TAB = "account_plays"


@require_safe
def account_recommendations(request: Any, pk: int) -> HttpResponse:
    """What was recommended to an account, and what became of it."""
    account = get_account(pk)
    context = {
        **account_frame(request, account, TAB),
        "rows": queries.rows_of(account.pk, request.workspace, today_of(request.workspace)),
        "may_work": may(request.membership.role, Needs.WORK),
    }
    return render(request, "recommendations/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_new(request: Any, pk: int) -> HttpResponse:
    """Recommend something."""
    account = get_account(pk)
    due = today_of(request.workspace) + timedelta(days=USUAL_DAYS)
    form = RecommendationForm(request.POST if request.method == "POST" else None, initial={"due_on": due})
    if request.method == "POST" and form.is_valid():
        made = actions.make_recommendation(
            account, form.advice(), by=request.actor, owner=form.cleaned_data["owner"]
        )
        messages.success(request, f"{account.name} sees “{made.title}” in the portal.")
        return redirect(workspace_url(request, "account_recommendations", account.pk))
    context = {
        **account_frame(request, account, TAB),
        "form": form,
        "cancel_url": workspace_url(request, "account_recommendations", account.pk),
    }
    return render(request, "recommendations/new.html", context, status=422 if form.errors else 200)


@require_safe
def recommendation(request: Any, pk: int) -> HttpResponse:
    """One recommendation."""
    return _page(request, _find(pk))


def _find(pk: int) -> Recommendation:
    found = Recommendation.objects.select_related("account", "owner__user", "behaviour", "step__play")
    return get_object_or_404(found, pk=pk)


def _page(request: Any, one: Recommendation, status: int = 200, **bound: Any) -> HttpResponse:
    zone = request.workspace.timezone
    context = {
        "one": one,
        "row": queries.row_of(one, request.workspace, today_of(request.workspace)),
        "facts": _facts(request, one),
        "entries": history_of([("recommendation", [one.pk])], zone).entries,
        "may_act": one.state in UNANSWERED and may(request.membership.role, Needs.WORK),
        "withdrawal": WithdrawalForm(),
        "uptake": UptakeForm(),
        "crumbs": [
            {"label": one.account.name, "url": workspace_url(request, "account", one.account_id)},
            {
                "label": "Recommendations",
                "url": workspace_url(request, "account_recommendations", one.account_id),
            },
        ],
        **bound,
    }
    return render(request, "recommendations/recommendation.html", context, status=status)


def _facts(request: Any, one: Recommendation) -> list[dict[str, str]]:
    zone = request.workspace.timezone
    facts = {
        "Shared": f"{moment(one.shared_at, zone)} by {one.actor}",
        "Seen": moment(one.seen_at, zone) if one.seen_at else "not yet",
        "Answered": f"{moment(one.answered_at, zone)} by {one.answered_by}" if one.answered_at else "",
        "Due": day(one.due_on) if one.due_on else "",
        "Owner": str(one.owner) if one.owner else "",
        "Shown by features": ", ".join(one.features),
        "Shown by behaviour": str(one.behaviour) if one.behaviour else "",
    }
    found = [{"label": label, "value": value} for label, value in facts.items() if value]
    if one.step:
        found.append(
            {
                "label": "From a play",
                "value": one.step.title,
                "url": workspace_url(request, "play", one.step.play_id),
            }
        )
    return found


@require_POST
def withdrawals(request: Any, pk: int) -> HttpResponse:
    """Advise it no more."""
    one, form = _find(pk), WithdrawalForm(request.POST)
    if not form.is_valid():
        return _page(request, one, 422, withdrawal=form)
    try:
        actions.withdraw_recommendation(one, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, "It is withdrawn: the customer does not see it any more.")
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect(workspace_url(request, "recommendation", pk))


@require_POST
def uptakes(request: Any, pk: int) -> HttpResponse:
    """A person knows that it was taken up."""
    one, form = _find(pk), UptakeForm(request.POST)
    if not form.is_valid():
        return _page(request, one, 422, uptake=form)
    shown_by = f"{form.cleaned_data['shown_by']} ({request.actor.label})"
    if actions.take_up(one, by=request.actor, shown_by=shown_by, on=today_of(request.workspace)):
        messages.success(request, "It is marked as taken up.")
    else:
        messages.warning(request, "It has ended meanwhile.")
    return redirect(workspace_url(request, "recommendation", pk))
