"""Routes."""

from django.urls import URLPattern

from csworkspace.palette import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("find/", views.find, "find", needs=Needs.READ),
]
