"""Routes."""

from django.urls import URLPattern

from accounts.changes import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("changes/", views.change_sets, "change_sets", needs=Needs.READ),
    route("changes/<int:pk>/", views.change_set, "change_set", needs=Needs.READ),
    route("changes/<int:pk>/undos/", views.change_undo, "change_undo", needs=Needs.WORK),
]
