"""What a member was told, and how they want to be told."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csworkspace.notifications import actions
from csworkspace.notifications.forms import PreferencesForm
from csworkspace.notifications.models import Notification
from csworkspace.notifications.queries import read_of, unread_of
from csworkspace.web.formats import plural
from csworkspace.web.urls import id_in, kept_url, way_back, workspace_url


@require_safe
def notifications(request: Any) -> HttpResponseBase:
    """One's own, the unread ones first."""
    now, zone, me = timezone.now(), request.workspace.timezone, request.membership.pk
    before = id_in(request.GET.get("before", ""))
    unread = [] if before else unread_of(me, now, zone)
    read, more = read_of(me, now, zone, before)
    context = {
        "unread": unread,
        "read": read,
        "newest": unread[0].id if unread else 0,
        "first_url": workspace_url(request, "notifications") if before else "",
        "next_url": f"?before={read[-1].id}" if more else "",
    }
    return render(request, "notifications/list.html", context)


def mine(request: Any, pk: int) -> Notification:
    """One of the person's own, or 404."""
    return get_object_or_404(Notification, pk=pk, member_id=request.membership.pk)


@require_safe
def notification(request: Any, pk: int) -> HttpResponseBase:
    """On to what it is about; it is read by that."""
    one = mine(request, pk)
    if request.method == "GET":
        actions.read_notification(one.member_id, one.pk)
    found = kept_url(request, one.page, one.page_args)
    return redirect(found or workspace_url(request, "notifications"))


@require_POST
def notification_readings(request: Any, pk: int) -> HttpResponseBase:
    """Mark one as read."""
    one = mine(request, pk)
    actions.read_notification(one.member_id, one.pk)
    return redirect(way_back(request, workspace_url(request, "notifications")))


@require_POST
def notifications_readings(request: Any) -> HttpResponseBase:
    """Mark all as read that the page showed; what came meanwhile stays unread."""
    until = id_in(request.POST.get("until", "")) or 0
    count = actions.read_all(request.membership.pk, until)
    messages.success(request, f"{plural(count, 'notification')} marked as read.")
    return redirect(workspace_url(request, "notifications"))


@require_http_methods(["GET", "HEAD", "POST"])
def notification_preferences(request: Any) -> HttpResponseBase:
    """What one wants to be told, where and when."""
    me = request.membership.pk
    form = PreferencesForm(request.POST if request.method == "POST" else None, member_id=me)
    if form.is_bound and form.is_valid():
        local = timezone.now().astimezone(ZoneInfo(request.workspace.timezone))
        actions.choose(me, form.made(), form.digest(local))
        messages.success(request, "Your choices are saved.")
        return redirect(workspace_url(request, "notification_preferences"))
    context = {
        "form": form,
        "zone": request.workspace.timezone,
        "crumbs": [{"label": "Notifications", "url": workspace_url(request, "notifications")}],
    }
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)
