"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.plays import launch_views, list_views, views

READ, WORK, MANAGE = Needs.READ, Needs.WORK, Needs.MANAGE

urlpatterns: list[URLPattern] = [
    route("plays/", list_views.play_list, "plays", needs=READ),
    route("accounts/<int:pk>/plays/", list_views.account_plays, "account_plays", needs=READ),
    route("accounts/<int:pk>/plays/new/", views.play_new, "play_new", needs=WORK),
    route("plays/<int:pk>/", views.play_page, "play", needs=READ),
    route("plays/<int:pk>/pauses/", views.pauses, "play_pauses", needs=WORK),
    route("plays/<int:pk>/resumptions/", views.resumptions, "play_resumptions", needs=WORK),
    route("plays/<int:pk>/stops/", views.stops, "play_stops", needs=WORK),
    route("plays/<int:pk>/assignments/", views.assignments, "play_assignments", needs=WORK),
    route("plays/<int:pk>/skips/", views.skips, "play_skips", needs=WORK),
    route("plays/<int:pk>/retries/", views.retries, "play_retries", needs=WORK),
    route("launches/", launch_views.launch_list, "launches", needs=READ),
    route("launches/<int:pk>/", launch_views.launch_page, "launch", needs=READ),
    route("launches/<int:pk>/approvals/", launch_views.approvals, "launch_approvals", needs=MANAGE),
    route("launches/<int:pk>/refusals/", launch_views.refusals, "launch_refusals", needs=MANAGE),
    route("launches/<int:pk>/stops/", launch_views.stops, "launch_stops", needs=MANAGE),
]
