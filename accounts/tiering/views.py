"""Suggested tiers: looking, trying thresholds, accepting, pinning."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.changes.fields import ChangeRefused
from accounts.tiering import actions
from accounts.tiering.forms import AcceptForm, PinForm
from accounts.tiering.pages import Attempt, attempt, page_context, replaced_in_words, threshold_form
from accounts.tiering.proposal import Proposal, move_of
from accounts.tiering.queries import planned_on
from accounts.tiering.thresholds import ThresholdForm
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import CONFLICT

NOTHING_CHOSEN = "Nothing was chosen, or what was chosen is not suggested any more."


def suggestions(request: Any) -> HttpResponse:
    """The concentration of revenue at the thresholds to try, and who would move."""
    form = threshold_form(request, request.GET)
    start = request.GET.get("start", "")
    found = attempt(request, form, int(start) if start.isdecimal() and len(start) < 8 else 0)
    partial = request.htmx and not request.htmx.history_restore_request
    template = "tiering/_results.html" if partial else "tiering/suggestions.html"
    response = show(request, form, found, template=template, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def show(
    request: Any,
    form: ThresholdForm,
    found: Attempt,
    *,
    status: int,
    template: str = "tiering/suggestions.html",
    **more: Any,
) -> HttpResponse:
    """The page, or its results alone."""
    return render(request, template, {**page_context(request, form, found), **more}, status=status)


@require_POST
def accept(request: Any) -> HttpResponse:
    """Accept all suggestions as they were seen, or the chosen ones; now, or from a day on."""
    form = threshold_form(request, request.POST)
    found = attempt(request, form)
    choice = AcceptForm(request.POST, today=today_of(request.workspace))
    if found.proposal is None or form.errors or not choice.is_valid():
        return show(request, form, found, status=422, accept_form=choice)
    if "all" in request.POST and request.POST["all"] != found.proposal.digest:
        return show(request, form, found, status=409, conflict=CONFLICT)
    moves = chosen_moves(request.POST, found.proposal)
    if not moves:
        messages.error(request, NOTHING_CHOSEN)
        return redirect(back_to(request, form))
    try:
        return carry_out(request, form, moves, choice.cleaned_data["on"])
    except ChangeRefused as error:
        messages.error(request, str(error))
        return redirect(back_to(request, form))


def chosen_moves(data: Any, proposal: Proposal) -> list[actions.Move]:
    """All of them, or those whose box was ticked."""
    if "all" in data:
        return [move_of(move) for move in proposal.moves]
    return proposal.chosen(data.getlist("accept"))


def carry_out(request: Any, form: ThresholdForm, moves: list[actions.Move], on: date | None) -> HttpResponse:
    """Make the moves and show the change with its undo, or write them down for their day."""
    if on is None:
        title = f"Suggested tiers: {plural(len(moves), 'account')}"
        made = actions.accept_moves(moves, by=request.actor, title=title)
        return redirect(workspace_url(request, "change_set", made.pk))
    plans = actions.plan_moves(moves, on, by=request.actor, is_suggested=True)
    planned = f"{plural(plans.made, 'move')} planned for {times.day(on)}."
    messages.success(request, planned + replaced_in_words(plans))
    return redirect(back_to(request, form))


def back_to(request: Any, form: ThresholdForm) -> str:
    """The page with the same thresholds."""
    address = workspace_url(request, "tier_suggestions")
    return f"{address}?{urlencode(form.query)}" if form.query else address


@require_POST
def pin_chosen(request: Any) -> HttpResponse:
    """Pin the accounts whose box was ticked, with one reason."""
    form = threshold_form(request, request.POST)
    pin, found = PinForm(request.POST), attempt(request, form)
    if form.errors or not pin.is_valid():
        return show(request, form, found, status=422, pin_form=pin)
    wanted = {key.partition(".")[0] for key in request.POST.getlist("accept")}
    moves = found.proposal.moves if found.proposal else []
    ids = [move.account_id for move in moves if str(move.account_id) in wanted]
    if not ids:
        messages.error(request, NOTHING_CHOSEN)
        return redirect(back_to(request, form))
    made = actions.pin_accounts(ids, by=request.actor, reason=pin.cleaned_data["reason"])
    return redirect(workspace_url(request, "change_set", made.change_set.pk))


@require_POST
def cancel_planned(request: Any) -> HttpResponse:
    """Take back every move that is planned for a day."""
    day = request.POST.get("day", "")
    cancelled = actions.cancel_moves(planned_on(day), by=request.actor)
    messages.success(request, f"{plural(cancelled, 'planned move')} cancelled.")
    return redirect(workspace_url(request, "tier_suggestions"))
