"""The account's tab of services, and logging from it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.moments import MOMENT
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict
from playbooks.services.account_pages import TAB, account_services_context, response_services
from playbooks.services.actions import ServiceRefused, deliver_next
from playbooks.services.forms import LogForm, RequestForm
from playbooks.services.queries import not_delivered, terms_on
from playbooks.services.requests import log_request


def to_tab(request: Any, account_id: int) -> HttpResponse:
    """Back to the account's services."""
    return redirect(workspace_url(request, TAB, account_id))


def account_services(request: Any, pk: int) -> HttpResponse:
    """What is owed to an account, was delivered, and was promised."""
    return render(request, "services/account.html", account_services_context(request, get_account(pk)))


def delivery_new(request: Any, pk: int) -> HttpResponse:
    """Log a delivery, such as a meeting: it completes the earliest of that service that is owed."""
    account, today = get_account(pk), today_of(request.workspace)
    owed = not_delivered().filter(account=account, asked_at=None, starts_on__lte=today)
    services = dict(owed.order_by().values_list("service_id", "service__name").distinct())
    initial = {"delivered_on": today, "service": request.GET.get("service", "")}
    form = LogForm(request.POST or None, services=services, member=request.membership, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            done = deliver_next(account, by=request.actor, **form.values())
            messages.success(request, f"{done} is delivered.")
            return to_tab(request, pk)
        except (ServiceRefused, Conflict) as error:
            form.add_error(getattr(error, "field", None), str(error))
    lead = "It completes the earliest that is open or late. If there is none, the earliest that was missed."
    return _form_page(request, account, form, "Log a delivery", lead, empty=not services)


def request_new(request: Any, pk: int) -> HttpResponse:
    """Log what a customer asked, under a promised response time."""
    account, zone = get_account(pk), request.workspace.timezone
    services = response_services(terms_on(account.pk, today_of(request.workspace)))
    initial = {"asked_at": local_now(zone)}
    form = RequestForm(request.POST or None, services=services, zone=zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = log_request(account, by=request.actor, **form.cleaned_data)
            messages.success(request, f"Logged. Answer it by {times.moment(made.answer_by, zone)}.")
            return to_tab(request, pk)
        except ServiceRefused as error:
            form.add_error(error.field, str(error))
    lead = "The promised hours count from the moment it was asked."
    return _form_page(request, account, form, "Log a request", lead, empty=not services)


def local_now(zone: str) -> str:
    """The present minute on the workspace's clocks, as a field for moments takes it."""
    return timezone.localtime(timezone.now(), ZoneInfo(zone)).strftime(MOMENT)


def _form_page(request: Any, account: Any, form: Any, title: str, lead: str, *, empty: bool) -> HttpResponse:
    context = {
        **account_frame(request, account, TAB),
        "form": form,
        "page_title": title,
        "lead": lead,
        "empty": empty,
        "cancel_url": workspace_url(request, TAB, account.pk),
    }
    return render(request, "services/form.html", context, status=422 if form.errors else 200)
