"""Routes outside a workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.tasks.feed_views import calendar_file_view

urlpatterns: list[URLPattern] = [
    route("calendar/<str:token>.ics", calendar_file_view, "calendar_file", needs=Needs.PUBLIC),
]
