"""The page of all services owed, its download, and completing several from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from playbooks.services.actions import ServiceRefused, deliver_many
from playbooks.services.download import csv_of
from playbooks.services.filters import read_filter
from playbooks.services.forms import ManyForm
from playbooks.services.pages import services_context

MOST = 200


def service_list(request: Any) -> HttpResponse:
    """Attainment, and what is late, missed and next."""
    return render(request, "services/list.html", services_context(request))


def services_csv(request: Any) -> HttpResponse:
    """The rows of the current filter as CSV."""
    today = today_of(request.workspace)
    view, _ = read_filter(request.GET, today)
    response = HttpResponse(csv_of(view, today, timezone.now()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-services.csv"'
    return response


@require_POST
def service_deliveries(request: Any) -> HttpResponse:
    """Complete the ticked services on one day; back to the same view of the list."""
    form, ids = ManyForm(request.POST), ticked(request)
    if not form.is_valid():
        return render(request, "services/list.html", services_context(request, form=form), status=422)
    try:
        done = deliver_many(ids, by=request.actor, deliverer=str(request.membership), **form.cleaned_data)
    except ServiceRefused as error:
        form.add_error(error.field, str(error))
        return render(request, "services/list.html", services_context(request, form=form), status=422)
    messages.success(request, words_of(done, len(ids)))
    return redirect(f"{workspace_url(request, 'services')}?{request.GET.urlencode()}#list")


def ticked(request: Any) -> list[int]:
    """The ids of the ticked rows; what is no id is passed over."""
    found = request.POST.getlist("occurrence")[:MOST]
    return sorted({int(text) for text in found if text.isascii() and text.isdecimal() and len(text) < 19})


def words_of(done: int, of: int) -> str:
    """What became of the ticked ones."""
    if not of:
        return "Tick the services that were delivered first."
    rest = of - done
    passed = f" {plural(rest, 'other')} could not be: done already, or not begun on that day." if rest else ""
    return f"{plural(done, 'service')} completed.{passed}"
