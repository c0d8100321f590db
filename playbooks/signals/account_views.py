"""The account's tab of signals, and raising one by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.web.urls import workspace_url
from playbooks.signals.account_page import TAB, tab_context
from playbooks.signals.actions import SignalRefused, raise_signal
from playbooks.signals.forms import SignalForm


def account_signals(request: Any, pk: int) -> HttpResponse:
    """What was seen of an account: signals that wait, those that are over, and its news."""
    return render(request, "signals/account.html", tab_context(request, get_account(pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def signal_new(request: Any, pk: int) -> HttpResponse:
    """Raise a signal by hand."""
    account, form = get_account(pk), SignalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = raise_signal(account, form.news(), by=request.actor)
            messages.success(request, "The signal is raised.")
            return redirect(workspace_url(request, "signal", made.pk))
        except SignalRefused as error:
            form.add_error(error.field, str(error))
    context = {
        **account_frame(request, account, TAB),
        "form": form,
        "cancel_url": workspace_url(request, TAB, account.pk),
    }
    return render(request, "signals/new.html", context, status=422 if form.errors else 200)
