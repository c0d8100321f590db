"""The inbox of signals, its download, and what is done to ticked ones."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import plural
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import id_in, workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.signals import bulk
from playbooks.signals.actions import SignalRefused, set_cap
from playbooks.signals.download import csv_of
from playbooks.signals.filters import read_filter
from playbooks.signals.forms import CapForm, ManyForm
from playbooks.signals.models import SignalSetting
from playbooks.signals.pages import inbox_context
from playbooks.signals.queries import USUAL_MOST, held_back_on

MOST = 500
INBOX = "signals/inbox.html"


def inbox(request: Any) -> HttpResponse:
    """Signals by account, the worst first."""
    return render(request, INBOX, inbox_context(request))


def signals_csv(request: Any) -> HttpResponse:
    """The signals of the current filter as CSV."""
    view = read_filter(request.GET, request.membership)
    response = HttpResponse(csv_of(view), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-signals.csv"'
    return response


def ticked(request: Any) -> list[int]:
    """The ids of the ticked rows; what is no id is passed over."""
    found = (id_in(text) for text in request.POST.getlist("signal")[:MOST])
    return sorted({pk for pk in found if pk is not None})


def _many(
    request: Any, form: ManyForm, is_good: bool, act: Callable[[list[int], Any], int], done: str
) -> HttpResponse:
    """Do it to the ticked signals, and back to the same view of the inbox; 422 when refused."""
    if is_good:
        try:
            ids = ticked(request)
            _say(request, act(ids, form.cleaned_data), len(ids), done)
            return redirect(f"{workspace_url(request, 'signals')}?{request.GET.urlencode()}")
        except SignalRefused as error:
            form.add_error(error.field, str(error))
    return render(request, INBOX, inbox_context(request, form=form), status=422)


def _say(request: Any, count: int, of: int, done: str) -> None:
    if not of:
        messages.warning(request, "Nothing was ticked. Tick signals first.")
        return
    rest = of - count
    passed = f" {plural(rest, 'other')} had changed meanwhile." if rest else ""
    messages.success(request, f"{plural(count, 'signal')} {done}.{passed}")


@require_POST
def many_acknowledgements(request: Any) -> HttpResponse:
    """Acknowledge the ticked signals."""
    form = ManyForm({})

    def act(ids: list[int], given: Any) -> int:
        return bulk.acknowledge_many(ids, by=request.actor)

    return _many(request, form, form.is_valid(), act, "acknowledged")


@require_POST
def many_snoozes(request: Any) -> HttpResponse:
    """Put the ticked signals aside until a day."""
    form = ManyForm(request.POST)

    def act(ids: list[int], given: Any) -> int:
        return bulk.snooze_many(ids, by=request.actor, until=given["until"], note=given["note"])

    is_good = form.need("until", "Choose the day on which they come back.")
    return _many(request, form, is_good, act, "snoozed")


@require_POST
def many_resolutions(request: Any) -> HttpResponse:
    """Resolve the ticked signals with one outcome."""
    form = ManyForm(request.POST)

    def act(ids: list[int], given: Any) -> int:
        return bulk.resolve_many(ids, by=request.actor, outcome=given["outcome"], note=given["note"])

    is_good = form.need("outcome", "Choose what became of them.")
    return _many(request, form, is_good, act, "resolved")


@require_http_methods(["GET", "HEAD", "POST"])
def signal_settings(request: Any) -> HttpResponse:
    """How many signals indicators may raise on one account and day."""
    subject = SignalSetting.objects.first() or SignalSetting(most_per_day=USUAL_MOST)
    form = CapForm(request.POST or None, subject=subject, initial={"most_per_day": subject.most_per_day})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                most, version = form.cleaned_data["most_per_day"], form.cleaned_data["version"]
                set_cap(most, by=request.actor, version=version)
                messages.success(
                    request, f"From now on at most {plural(most, 'signal')} per account and day."
                )
                return redirect(workspace_url(request, "signal_settings"))
            except Conflict as error:
                form.add_error(None, conflict_error(error))
                status = 409
    context = {
        "form": form,
        "tabs": settings_tabs(request, "signal_settings"),
        "held": held_back_on(today_of(request.workspace)),
        "inbox_url": workspace_url(request, "signals"),
    }
    return render(request, "signals/settings.html", context, status=status)
