"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.notes import views

READ, WORK = Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("accounts/<int:pk>/notes/new/", views.note_new, "note_new", needs=WORK),
    route("accounts/<int:pk>/notes/", views.quick_notes, "quick_notes", needs=WORK),
    route("notes/<int:pk>/", views.note_page, "note", needs=READ),
    route("notes/<int:pk>/edit/", views.note_edit, "note_edit", needs=WORK),
    route("notes/<int:pk>/removals/", views.note_removals, "note_removals", needs=WORK),
    route("notes/<int:pk>/restorations/", views.note_restorations, "note_restorations", needs=WORK),
    route("attendees/<int:pk>/contacts/", views.attendee_contacts, "attendee_contacts", needs=WORK),
]
