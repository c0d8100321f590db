"""Webhooks: the list, one endpoint with its deliveries, and what admins do with them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from csworkspace.web.once import keep_once, take_once
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import id_in, workspace_url
from csworkspace.web.versions import Conflict
from csworkspace.webhooks import actions, queries
from csworkspace.webhooks.forms import EndpointEditForm, EndpointForm
from csworkspace.webhooks.models import WebhookDelivery, WebhookEndpoint

ONCE = "webhook_secret"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: Any) -> HttpResponseBase:
    """The endpoints, and the form for a new one; its secret is shown once, after the redirect."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _show_secret(request, actions.create_endpoint(**form.cleaned_data, by=request.actor))
        except actions.EndpointRefused as error:
            form.add_error(error.field, str(error))
    context = {
        "form": form,
        "endpoints": [
            {"one": one, "mark": queries.MARKS.get(one.last, ""), "failed": one.failed}
            for one in queries.endpoints()
        ],
        "tabs": settings_tabs(request, "webhooks"),
    }
    return render(request, "webhooks/list.html", context, status=422 if form.errors else 200)


def _show_secret(request: Any, made: actions.NewSecret) -> HttpResponseBase:
    keep_once(request, ONCE, made.secret)
    return redirect(workspace_url(request, "webhook", made.endpoint.pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: Any, pk: int) -> HttpResponseBase:
    """One endpoint: change it, and what was delivered to it."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    initial = {name: getattr(endpoint, name) for name in ("name", "url", "is_active")}
    form = EndpointEditForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_endpoint(endpoint, by=request.actor, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect(workspace_url(request, "webhook", pk))
        except actions.EndpointRefused as error:
            form.add_error(error.field, str(error))
    before = id_in(request.GET.get("before", ""))
    rows, next_before = queries.deliveries_of(pk, request.workspace.timezone, before)
    context = {
        "endpoint": endpoint,
        "form": form,
        "secret": take_once(request, ONCE),
        "rows": rows,
        "first_url": "?" if before else "",
        "next_url": f"?before={next_before}" if next_before else "",
        "crumbs": [{"label": "Webhooks", "url": workspace_url(request, "webhooks")}],
    }
    return render(request, "webhooks/webhook.html", context, status=422 if form.errors else 200)


@require_POST
def secrets(request: Any, pk: int) -> HttpResponseBase:
    """A new secret, shown once."""
    return _show_secret(
        request, actions.renew_secret(get_object_or_404(WebhookEndpoint, pk=pk), by=request.actor)
    )


@require_POST
def tests(request: Any, pk: int) -> HttpResponseBase:
    """Send a message that says it is a test."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    payload = {"event": "test", "text": f"{request.actor.label} tests the webhook “{endpoint.name}”."}
    actions.send_webhook(endpoint.pk, f"test {uuid.uuid4()}", payload, request.actor)
    messages.success(request, "A test is on its way; its answer appears below in a moment.")
    return redirect(workspace_url(request, "webhook", pk))


@require_POST
def retries(request: Any, pk: int) -> HttpResponseBase:
    """Deliver again what failed."""
    delivery = get_object_or_404(WebhookDelivery, pk=pk)
    try:
        actions.retry_delivery(delivery, by=request.actor)
        messages.success(request, "It is being delivered again.")
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect(workspace_url(request, "webhook", delivery.endpoint_id))
