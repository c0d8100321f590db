"""What is recommended to a customer, and their answers. Holders of a share link and the team only read."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.accounts.models import Account
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict
from playbooks.recommendations.actions import answer_recommendation, mark_seen
from playbooks.recommendations.forms import AnswerForm
from playbooks.recommendations.models import Recommendation, RecommendationState
from playbooks.recommendations.queries import RecommendationRow, rows_of
from reports.portal.frame import is_staff, portal_account, portal_frame

SHOWN = 3
THANKS = {
    "accept": "Thank you. We know that you are going to do it.",
    "decline": "Thank you for saying so. We will not ask again.",
    "done": "Well done. We have noted that it is done.",
}


def may_answer(request: Any) -> bool:
    """Customers who are signed in; a link may be passed on, so that its holder's word is nobody's."""
    return request.membership is not None and not is_staff(request)


@require_safe
def page(request: Any, pk: int) -> HttpResponse:
    """What is open, and what was answered before."""
    account = portal_account(pk)
    rows = rows_of(account.pk, request.workspace, today_of(request.workspace), portal=True)
    if not is_staff(request):
        mark_seen(account.pk)
    context = {
        **portal_frame(request, account, "portal_recommendations"),
        "open": [row for row in rows if row.is_open],
        "over": [row for row in rows if not row.is_open],
        "may_answer": may_answer(request),
        "is_guest": request.membership is None,
    }
    return render(request, "portal/recommendations.html", context)


@require_POST
def answers(request: Any, pk: int, recommendation: int) -> HttpResponse:
    """Accept, decline, or say that it is done."""
    account = portal_account(pk)
    shown = Recommendation.objects.exclude(state=RecommendationState.WITHDRAWN)
    one = get_object_or_404(shown, pk=recommendation, account=account)
    if not may_answer(request):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            answer_recommendation(
                one, data["answer"], by=request.actor, note=data["note"].strip(), seen=data["version"]
            )
            messages.success(request, THANKS[data["answer"]])
        except Conflict as error:
            messages.warning(request, str(error))
    else:
        messages.error(request, "Choose one of the answers; a note has at most 500 characters.")
    return redirect(workspace_url(request, "portal_recommendations", account.pk))


def open_advice(request: Any, account: Account, today: date) -> list[RecommendationRow]:
    """A few open ones for the overview, which customers have seen with it; at most two queries."""
    rows = rows_of(account.pk, request.workspace, today, portal=True)
    shown = [row for row in rows if row.is_open][:SHOWN]
    if shown and not is_staff(request):
        mark_seen(account.pk, only=[row.id for row in shown])
    return shown
