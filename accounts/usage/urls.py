"""Routes under the workspace's address."""

from django.urls import URLPattern

from accounts.usage import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("sources/", views.sources, "sources", needs=Needs.READ),
    route("sources/<int:pk>/", views.source_page, "source", needs=Needs.READ),
    route("sources/<int:pk>/rejects.csv", views.source_rejects, "source_rejects", needs=Needs.READ),
    route("waiting/", views.waiting, "waiting", needs=Needs.READ),
]
