"""The maturity tab of an account, and answers to its questions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.web import times
from csworkspace.web.slots import panels
from csworkspace.web.urls import workspace_url
from playbooks.frameworks.assessing import record_answer
from playbooks.frameworks.forms import AnswerForm
from playbooks.frameworks.models import Behaviour, FrameworkStatus
from playbooks.frameworks.pages import shown_levels
from playbooks.frameworks.queries import account_maturity, active_framework, level_history

STEPS = 10


def maturity_tab(request: Any, pk: int) -> HttpResponse:
    """Where the account stands, and by what."""
    account = get_account(pk)
    return render(request, "frameworks/maturity.html", maturity_context(request, account))


def maturity_context(request: Any, account: Any) -> dict[str, Any]:
    """The tab's context; upper parts of the page come from the slot "account.maturity"."""
    maturity = account_maturity(account.pk)
    context = {
        **account_frame(request, account, "account_maturity"),
        "maturity": maturity,
        "panels": panels("account.maturity", request, account),
    }
    if maturity is None:
        return {**context, "framework": active_framework()}
    return {
        **context,
        "levels": shown_levels(request, account.pk, maturity.levels, maturity.level),
        "history": shown_history(account.pk, request.workspace.timezone),
        "assessed": times.moment(maturity.assessed_at, request.workspace.timezone),
    }


def shown_history(account_id: int, zone: str) -> list[dict[str, str]]:
    """The latest changes of level, for the timeline; one query."""
    found: list[dict[str, str]] = []
    rows = list(level_history(account_id)[: STEPS * 5])
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        if before and before.level == row.level and before.framework_id == row.framework_id:
            continue
        found.append(
            {
                "when": times.moment(row.assessed_at, zone),
                "iso": row.assessed_at.isoformat(timespec="seconds"),
                "title": _step(row.level, before.level if before else None),
                "by": str(row.framework),
            }
        )
    return found[:STEPS]


def _step(level: int, before: int | None) -> str:
    if before is None or before == level:
        return f"Assessed at level {level}"
    return f"{'Reached' if level > before else 'Dropped to'} level {level}, from {before}"


@require_POST
def answers(request: Any, account: int, behaviour: int) -> HttpResponse:
    """Answer a behaviour's question for an account."""
    subject = get_account(account)
    asked = get_object_or_404(
        Behaviour.objects.filter(level__framework__status=FrameworkStatus.ACTIVE), pk=behaviour
    )
    form = AnswerForm(request.POST)
    url = workspace_url(request, "account_maturity", account)
    try:
        if form.is_valid():
            record_answer(subject, asked, by=request.actor, **form.cleaned_data)
            messages.success(request, "Thank you. The answer is kept and the level is up to date.")
            return redirect(f"{url}#behaviour-{behaviour}")
    except ValueError as error:
        form.add_error(None, str(error))
    context = {**maturity_context(request, subject), "form": form, "answering": behaviour}
    return render(request, "frameworks/maturity.html", context, status=422)
