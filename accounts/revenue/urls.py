"""Routes."""

from django.urls import URLPattern

from accounts.revenue import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("settings/currencies/", views.currencies, "currencies", needs=Needs.MANAGE),
    route("settings/currencies/<int:pk>/removals/", views.rate_remove, "rate_remove", needs=Needs.MANAGE),
]
