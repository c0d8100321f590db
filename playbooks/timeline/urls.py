"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.timeline import views

urlpatterns: list[URLPattern] = [
    route("accounts/<int:pk>/timeline/", views.account_timeline, "account_timeline", needs=Needs.READ),
]
