"""Routes."""

from django.urls import URLPattern

from accounts.tiers import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("settings/tiers/", views.tier_list, "tiers", needs=Needs.MANAGE),
    route("settings/tiers/<int:pk>/", views.tier_edit, "tier_edit", needs=Needs.MANAGE),
    route("settings/tiers/<int:pk>/move/", views.tier_move, "tier_move", needs=Needs.MANAGE),
]
