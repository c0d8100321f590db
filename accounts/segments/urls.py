"""Routes."""

from django.urls import URLPattern

from accounts.segments import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

READ, WORK = Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("segments/", views.segment_list, "segments", needs=READ),
    route("segments/new/", views.segment_new, "segment_new", needs=WORK),
    route("segments/builder/", views.segment_builder, "segment_builder", needs=WORK),
    route("segments/previews/", views.segment_previews, "segment_previews", needs=WORK),
    route("segments/<int:pk>/", views.segment_page, "segment", needs=READ),
    route("segments/<int:pk>/edit/", views.segment_edit, "segment_edit", needs=WORK),
    route("segments/<int:pk>/removals/", views.segment_removals, "segment_removals", needs=WORK),
]
