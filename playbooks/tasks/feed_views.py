"""The calendar feed: its public address, and the page on which one gets it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from csworkspace.notifications.links import address_of
from csworkspace.people.addresses import client_address
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.once import keep_once, take_once
from csworkspace.web.urls import workspace_url
from playbooks.tasks.feed_events import events_of
from playbooks.tasks.feed_file import calendar_file
from playbooks.tasks.feeds import enter_by, feed_of, make_feed, note_use, revoke_feed
from playbooks.tasks.models import CalendarFeed

WRONG_LIMIT, WRONG_SECONDS = 20, 600
MADE = "calendar feed made"


@require_safe
def calendar_file_view(request: Any, token: str) -> HttpResponse:
    """A member's calendar for the holder of its address; one answer for all that do not work."""
    feed = enter_by(token)
    if feed is None:
        return sealed(_missed(request))
    note_use(feed)
    response = HttpResponse(written(feed), "text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return sealed(response)


def _missed(request: Any) -> HttpResponse:
    """No such calendar. Who asks for too many is told less; a working address beside dead ones goes on."""
    key = f"calendar-feed-wrong:{client_address(request)}"
    if (cache.get(key) or 0) >= WRONG_LIMIT:
        return HttpResponse("Too many attempts. Try again later.\n", "text/plain", 429)
    cache.add(key, 0, WRONG_SECONDS)
    cache.incr(key)
    return HttpResponse("There is no such calendar.\n", "text/plain", 404)


def written(feed: CalendarFeed) -> bytes:
    """The file of a feed whose workspace is open."""
    workspace = feed.workspace
    return calendar_file(
        f"{workspace.name}: {feed.member}",
        events_of(feed.member_id, today_of(workspace)),
        host=urlsplit(settings.SITE_URL).hostname or "localhost",
        space=workspace.pk,
        now=timezone.now(),
        address=lambda event: address_of(workspace.slug, event.page, [event.pk]),
    )


def sealed(response: HttpResponse) -> HttpResponse:
    """The token is in this address: nothing may keep the answer or pass the address on."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def calendar_feed(request: Any) -> HttpResponse:
    """One's own feed: what it is good for, whether there is one, and once its address."""
    feed, token = feed_of(request.membership), take_once(request, MADE)
    context = {
        "feed": feed,
        "address": settings.SITE_URL + reverse("calendar_file", args=[token]) if token else "",
        "made": times.moment(feed.created_at, request.workspace.timezone) if feed else "",
        "used": _used(feed, request.workspace.timezone),
        "crumbs": [{"label": "Tasks", "url": workspace_url(request, "tasks")}],
    }
    return sealed(render(request, "tasks/feed.html", context))


def _used(feed: CalendarFeed | None, zone: str) -> str:
    if feed is None or feed.last_used_at is None:
        return "not yet"
    return times.moment(feed.last_used_at, zone)


@require_POST
def calendar_feeds(request: Any) -> HttpResponse:
    """Make one, or a new address for it."""
    keep_once(request, MADE, make_feed(request.membership, by=request.actor))
    return redirect(workspace_url(request, "calendar_feed"))


@require_POST
def calendar_feed_revocations(request: Any) -> HttpResponse:
    """Stop it."""
    revoke_feed(request.membership, by=request.actor)
    messages.success(request, "The calendar’s address no longer works.")
    return redirect(workspace_url(request, "calendar_feed"))
