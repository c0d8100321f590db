"""The suppression list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from csworkspace.mail import queries
from csworkspace.mail.forms import LiftingForm, SuppressionForm
from csworkspace.mail.models import Suppression, SuppressionReason
from csworkspace.mail.suppressions import lift_suppression, suppress_address
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.times import day
from csworkspace.web.urls import workspace_url

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def suppressions(request: Any) -> HttpResponseBase:
    """Who gets no customer mails any more, and the form to stop somebody by hand."""
    form = SuppressionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = suppress_address(
            data["address"], SuppressionReason.BY_HAND, by=request.actor, detail=data["detail"]
        )
        messages.success(request, f"{made.address} gets no more e-mails.")
        return redirect(workspace_url(request, "suppressions"))
    q = request.GET.get("q", "")[:100].strip()
    found = queries.find_suppressions(q)
    context = {
        "form": form,
        "q": q,
        "rows": [
            {"one": one, "reason": one.get_reason_display(), "since": day(one.created_at.date())}
            for one in found[:SHOWN]
        ],
        "total": found.count(),
        "tabs": settings_tabs(request, "suppressions"),
    }
    return render(request, "mail/suppressions.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def liftings(request: Any, pk: int) -> HttpResponseBase:
    """Let an address get mails again, with a reason."""
    suppression = get_object_or_404(Suppression, pk=pk)
    form = LiftingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = lift_suppression(suppression, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, f"{address} may be written to again.")
        return redirect(workspace_url(request, "suppressions"))
    context = {
        "form": form,
        "one": suppression,
        "since": day(suppression.created_at.date()),
        "is_own_wish": suppression.reason in (SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINED),
        "cancel_url": workspace_url(request, "suppressions"),
        "crumbs": [{"label": "Suppression list", "url": workspace_url(request, "suppressions")}],
    }
    return render(request, "mail/lifting.html", context, status=422 if form.errors else 200)
