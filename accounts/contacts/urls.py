"""Routes."""

from django.urls import URLPattern

from accounts.contacts import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("accounts/<int:pk>/people/", views.people, "account_people", needs=Needs.READ),
    route("accounts/<int:pk>/people/new/", views.contact_new, "contact_new", needs=Needs.WORK),
    route("contacts/<int:pk>/edit/", views.contact_edit, "contact_edit", needs=Needs.WORK),
    route("contacts/<int:pk>/remove/", views.contact_remove, "contact_remove", needs=Needs.WORK),
]
