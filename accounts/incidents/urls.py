"""Routes under the workspace's address."""

from django.urls import URLPattern

from accounts.incidents import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

READ, WORK = Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("incidents/", views.incident_list, "incidents", needs=READ),
    route("incidents/new/", views.incident_new, "incident_new", needs=WORK),
    route("incidents/<int:pk>/", views.incident_one, "incident", needs=READ),
    route("incidents/<int:pk>/edit/", views.incident_edit, "incident_edit", needs=WORK),
    route("incidents/<int:pk>/ends/", views.incident_ends, "incident_ends", needs=WORK),
]
