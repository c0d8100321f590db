"""Routes."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.myday import views

urlpatterns: list[URLPattern] = [
    route("day/", views.my_day, "my_day", needs=Needs.READ),
]
