"""The tier of one account: since when and why, planned moves, the pin, and its own terms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.changes.fields import ChangeRefused
from accounts.tiering import actions
from accounts.tiering.forms import EndForm, MoveForm, OverrideForm, PinForm
from accounts.tiering.history import tier_of
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiering.overrides import OverrideRefused, add_override, end_override
from accounts.tiering.pages import replaced_in_words
from accounts.tiering.queries import waiting_moves
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url


def account_tier(request: Any, pk: int) -> HttpResponse:
    """Everything about an account's tier."""
    return show(request, get_account(pk), status=200)


def show(request: Any, account: Any, *, status: int, **more: Any) -> HttpResponse:
    """The tab, with forms that were refused instead of fresh ones."""
    today = today_of(request.workspace)
    context = {
        **account_frame(request, account, "account_tier"),
        "found": tier_of(account, today),
        "pin_form": PinForm(initial={"reason": account.tier_pin_reason}),
        "move_form": MoveForm(account=account, today=today, auto_id="move_%s"),
        "end_form": EndForm(initial={"on": today}),
        **more,
    }
    return render(request, "tiering/account.html", context, status=status)


@require_POST
def pin(request: Any, pk: int) -> HttpResponse:
    """Keep the account in its tier, with the reason."""
    account, form = get_account(pk), PinForm(request.POST)
    if not form.is_valid():
        return show(request, account, status=422, pin_form=form)
    pinned = actions.pin_accounts([pk], by=request.actor, reason=form.cleaned_data["reason"])
    also = f" {plural(pinned.cancelled, 'suggested move')} cancelled." if pinned.cancelled else ""
    messages.success(request, f"{account.name} is pinned to its tier.{also}")
    return redirect(workspace_url(request, "account_tier", pk))


@require_POST
def unpin(request: Any, pk: int) -> HttpResponse:
    """Let suggestions move the account again."""
    account = get_account(pk)
    actions.unpin_accounts([pk], by=request.actor)
    messages.success(request, f"{account.name} is not pinned any more.")
    if request.POST.get("next") == "suggestions":
        return redirect(workspace_url(request, "tier_suggestions"))
    return redirect(workspace_url(request, "account_tier", pk))


@require_POST
def plan_move(request: Any, pk: int) -> HttpResponse:
    """Move the account on a day to come."""
    account = get_account(pk)
    form = MoveForm(request.POST, account=account, today=today_of(request.workspace), auto_id="move_%s")
    if form.is_valid() and (plans := attempt(form, lambda: _plan(request, account, form))):
        messages.success(request, f"The move is planned.{replaced_in_words(plans)}")
        return redirect(workspace_url(request, "account_tier", pk))
    return show(request, account, status=422, move_form=form)


def _plan(request: Any, account: Any, form: MoveForm) -> actions.Plans:
    tier, reason = form.cleaned_data["tier"], form.cleaned_data["reason"]
    move = actions.Move(account.pk, account.tier_id, tier.pk if tier else None, reason)
    plans = actions.plan_moves(
        [move],
        form.cleaned_data["on"],
        by=request.actor,
        may_replace=may(request.membership.role, Needs.MANAGE),
    )
    if not plans.made:
        raise ChangeRefused("The account has changed tier meanwhile. Look at it as it is now.")
    return plans


@require_POST
def cancel_move(request: Any, pk: int, move_pk: int) -> HttpResponse:
    """Take a planned move back; what a manager accepted as a suggestion only managers do."""
    account = get_account(pk)
    planned = get_object_or_404(TierPlacement, pk=move_pk, account=account)
    if planned.is_suggested and not may(request.membership.role, Needs.MANAGE):
        raise PermissionDenied("a manager's decision")
    if actions.cancel_moves(waiting_moves().filter(pk=planned.pk), by=request.actor):
        messages.success(request, "The planned move is cancelled.")
    else:
        messages.error(request, "That move was made or cancelled already.")
    return redirect(workspace_url(request, "account_tier", pk))


def override_new(request: Any, pk: int) -> HttpResponse:
    """Agree other terms of a service for this account."""
    account = get_account(pk)
    form = OverrideForm(request.POST or None, initial={"starts_on": today_of(request.workspace)})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: add_override(account, by=request.actor, **form.cleaned_data))
        if made:
            messages.success(request, f"{made.service.name} has its own terms now.")
            return redirect(workspace_url(request, "account_tier", pk))
    context = {**account_frame(request, account, "account_tier"), "form": form}
    context["cancel_url"] = workspace_url(request, "account_tier", pk)
    return render(request, "tiering/override.html", context, status=422 if form.errors else 200)


@require_POST
def override_end(request: Any, pk: int, override_pk: int) -> HttpResponse:
    """Let an account's own terms end on a day."""
    account = get_account(pk)
    override = get_object_or_404(ServiceOverride, pk=override_pk, account=account)
    form = EndForm(request.POST)
    if not form.is_valid():
        return show(request, account, status=422, end_form=form)
    try:
        is_ended = end_override(override, by=request.actor, on=form.cleaned_data["on"])
    except OverrideRefused as error:
        form.add_error("on", str(error))
        return show(request, account, status=422, end_form=form)
    if is_ended:
        messages.success(request, "The tier's own terms hold again after that day.")
    else:
        messages.error(request, "These terms end earlier already.")
    return redirect(workspace_url(request, "account_tier", pk))


def attempt(form: Any, act: Callable[[], Any]) -> Any:
    """Run an action; None, with the sentence on the form, when it is refused."""
    try:
        return act()
    except (ChangeRefused, OverrideRefused) as error:
        form.add_error(None, str(error))
    return None
