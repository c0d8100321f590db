"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from reports.curve import views

urlpatterns: list[URLPattern] = [
    route("portfolio/", views.curve, "curve", needs=Needs.READ),
    route("portfolio/csv/", views.curve_csv, "curve_csv", needs=Needs.READ),
]
