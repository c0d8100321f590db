"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.notifications import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

READ = Needs.READ

urlpatterns: list[URLPattern] = [
    route("notifications/", views.notifications, "notifications", needs=READ),
    route("notifications/readings/", views.notifications_readings, "notifications_readings", needs=READ),
    route(
        "notifications/preferences/",
        views.notification_preferences,
        "notification_preferences",
        needs=READ,
    ),
    route("notifications/<int:pk>/", views.notification, "notification", needs=READ),
    route(
        "notifications/<int:pk>/readings/",
        views.notification_readings,
        "notification_readings",
        needs=READ,
    ),
]
