"""The account's own pages: overview, people, history, new, edit."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.accounts import actions
from accounts.accounts.domains import DomainError
from accounts.accounts.forms import AccountForm, StandingForm, initial_of
from accounts.accounts.frame import account_frame
from accounts.accounts.history import PAGE, history
from accounts.accounts.queries import get_account
from csworkspace.people.access import Needs, may
from csworkspace.web.slots import panels
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import CONFLICT, Conflict

# What a link to the form for a new account may bring, as that of waiting events does.
PREFILLED = ("name", "domains", "external_id")


def account_page(request: Any, pk: int) -> HttpResponse:
    """Overview: the panels that each concept puts here."""
    account = get_account(pk)
    context = {
        **account_frame(request, account, "account"),
        "main_panels": panels("account.overview", request, account),
        "aside_panels": panels("account.aside", request, account),
    }
    return render(request, "accounts/overview.html", context)


def account_history(request: Any, pk: int) -> HttpResponse:
    """Every change of the account and of what belongs to it."""
    account = get_account(pk)
    before = request.GET.get("before", "")
    older_than = int(before) if before.isdecimal() and len(before) < 19 else None
    entries = history(account.pk, request.workspace.timezone, before=older_than)
    context = {
        **account_frame(request, account, "account_history"),
        "entries": entries[:PAGE],
        "next_url": f"?before={entries[PAGE - 1].pk}" if len(entries) > PAGE else "",
        "first_url": "?" if older_than else "",
    }
    return render(request, "accounts/history.html", context)


def account_new(request: Any) -> HttpResponse:
    """Make an account."""
    form = AccountForm(
        request.POST or None,
        may_pin=may(request.membership.role, Needs.MANAGE),
        initial={
            "currency": request.workspace.currency,
            "owner": request.membership,
            "stage": "onboarding",
            **{name: request.GET[name][:200] for name in PREFILLED if name in request.GET},
        },
    )
    if request.method == "POST" and form.is_valid():
        account = attempt(form, lambda: actions.create_account(by=request.actor, **form.cleaned_data))
        if account:
            messages.success(request, f"{account.name} is in the book of business.")
            return redirect(workspace_url(request, "account", account.pk))
    context = {"form": form, "cancel_url": workspace_url(request, "book")}
    return render(request, "accounts/new.html", context, status=422 if form.errors else 200)


def account_edit(request: Any, pk: int) -> HttpResponse:
    """Edit everything about an account."""
    account = get_account(pk)
    form = AccountForm(
        request.POST or None,
        may_pin=may(request.membership.role, Needs.MANAGE),
        initial={**initial_of(account), "seen": actions.fingerprint(account)},
    )
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: actions.edit_account(account, by=request.actor, **form.cleaned_data))
        if changed is not None:
            messages.success(request, "Saved." if changed else "Nothing had changed.")
            return redirect(workspace_url(request, "account", account.pk))
    context = {**account_frame(request, account, ""), "form": form}
    context["cancel_url"] = workspace_url(request, "account", account.pk)
    return render(request, "accounts/edit.html", context, status=status_of(form))


def account_standing(request: Any, pk: int) -> HttpResponse:
    """Change stage, tier and owner, each with its own audit entry."""
    account = get_account(pk)
    initial = {name: getattr(account, name) for name in ("stage", "tier", "owner")}
    form = StandingForm(request.POST or None, initial={**initial, "seen": actions.fingerprint(account)})
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form, lambda: actions.change_standing(account, by=request.actor, **form.cleaned_data)
        )
        if changed is not None:
            messages.success(request, "Saved." if changed else "Nothing had changed.")
            return redirect(workspace_url(request, "account", pk))
    context = {**account_frame(request, account, ""), "form": form}
    context["cancel_url"] = workspace_url(request, "account", pk)
    return render(request, "accounts/standing.html", context, status=status_of(form))


def status_of(form: Form) -> int:
    """How a form is answered: 409 when somebody else was faster, 422 when it is refused."""
    if CONFLICT in form.non_field_errors():
        return 409
    return 422 if form.errors else 200


def attempt(form: Form, act: Callable[[], Any]) -> Any:
    """Run an action; None, with the error on its field, when it is refused."""
    try:
        return act()
    except DomainError as error:
        form.add_error("domains", str(error))
    except actions.AccountConflict as error:
        form.add_error(error.field, str(error))
    except Conflict as error:
        form.add_error(None, str(error))
    return None
