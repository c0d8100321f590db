"""Routes."""

from django.urls import URLPattern

from accounts.accounts import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("accounts/new/", views.account_new, "account_new", needs=Needs.WORK),
    route("accounts/<int:pk>/", views.account_page, "account", needs=Needs.READ),
    route("accounts/<int:pk>/edit/", views.account_edit, "account_edit", needs=Needs.WORK),
    route("accounts/<int:pk>/standing/", views.account_standing, "account_standing", needs=Needs.WORK),
    route("accounts/<int:pk>/history/", views.account_history, "account_history", needs=Needs.READ),
]
