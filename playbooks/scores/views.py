"""The score of an account explained, how scores are made, and deciding on their weights."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.scores import explaining, pages
from playbooks.scores.actions import WeightsRefused, save_weights
from playbooks.scores.explaining import weights_form
from playbooks.scores.forms import DayForm, WeightsForm
from playbooks.scores.queries import model_on, versions
from playbooks.scores.weights import read_bands


def account_score(request: Any, pk: int) -> HttpResponse:
    """Every component of an account's score on a day, and the score over time."""
    account, today = get_account(pk), today_of(request.workspace)
    form = DayForm({"on": request.GET.get("on") or today.isoformat()}, today=today, auto_id="shown_%s")
    day = form.cleaned_data["on"] if form.is_valid() else today
    context = {
        **account_frame(request, account, "account"),
        **explaining.score_context(request, account, day, today),
        "day_form": form,
    }
    return render(request, "scores/account.html", context, status=422 if form.errors else 200)


def score_method(request: Any) -> HttpResponse:
    """How a score is made: the formula, the weights in effect, the bands, and earlier versions."""
    today = today_of(request.workspace)
    model = model_on(today)
    context = {
        "lines": explaining.weight_lines(model),
        "bands": read_bands(model.bands if model else []),
        "model": model,
        "since": times.day(model.since) if model else "",
        "versions": pages.version_lines(versions(), today),
    }
    return render(request, "scores/method.html", context)


def score_weights(request: Any) -> HttpResponse:
    """The weights as they are, to be changed."""
    return show_weights(request, weights_form(None, today_of(request.workspace)))


def show_weights(request: Any, form: WeightsForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of the weights, with what was entered."""
    context = {
        "form": form,
        "versions": pages.version_lines(versions(), form.today),
        "tabs": settings_tabs(request, "score_weights"),
        **more,
    }
    return render(request, "scores/weights.html", context, status=status)


@require_POST
def score_previews(request: Any) -> HttpResponse:
    """What the weights as entered would change today; nothing is saved."""
    form = weights_form(request.POST, today_of(request.workspace))
    form.fields["reason"].required = False
    if not form.is_valid():
        return show_weights(request, form, status=422)
    return show_weights(request, form, preview=explaining.preview_context(request, form))


@require_POST
def score_versions(request: Any) -> HttpResponse:
    """Decide on the weights as entered."""
    form, status = weights_form(request.POST, today_of(request.workspace)), 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = save_weights(
                by=request.actor,
                seen=data["version"],
                components=form.components,
                bands=form.bands,
                reason=data["reason"],
                since=data["since"],
            )
        except Conflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
        except WeightsRefused as error:
            form.add_error(None, str(error))
        else:
            when = "from now on" if made.since <= form.today else f"from {times.day(made.since)} on"
            messages.success(request, f"Weights {made.number} count {when}. Earlier scores stay as they are.")
            return redirect(workspace_url(request, "score_weights"))
    return show_weights(request, form, status=status)
