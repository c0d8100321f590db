"""The settings page of currencies."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.revenue import actions
from accounts.revenue.forms import RateForm
from accounts.revenue.models import CurrencyRate
from accounts.revenue.queries import currency_lines, rate_lines
from csworkspace.tenancy.clock import today_of
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url


def currencies(request: Any) -> HttpResponse:
    """The stated rates; state one."""
    own, today = request.workspace.currency, today_of(request.workspace)
    form = RateForm(request.POST or None, own=own, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        try:
            stated = actions.state_rate(by=request.actor, **form.cleaned_data)
            messages.success(request, f"The rate of {stated.currency} is stated.")
            return redirect(workspace_url(request, "currencies"))
        except actions.RateRefused as error:
            form.add_error(None, str(error))
    context = {
        "form": form,
        "own": own,
        "used": currency_lines(own, today),
        "rates": rate_lines(own, today),
        "tabs": settings_tabs(request, "currencies"),
    }
    return render(request, "revenue/currencies.html", context, status=422 if form.errors else 200)


@require_POST
def rate_remove(request: Any, pk: int) -> HttpResponse:
    """Withdraw a rate."""
    stated = get_object_or_404(CurrencyRate, pk=pk)
    actions.remove_rate(stated, by=request.actor)
    messages.success(request, f"The rate of {stated.currency} is removed.")
    return redirect(workspace_url(request, "currencies"))
