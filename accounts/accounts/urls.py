"""Routes."""

from django.urls import URLPattern

from accounts.accounts import tier_views, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("accounts/new/", views.account_new, "account_new", needs=Needs.WORK),
    route("accounts/<int:pk>/", views.account_page, "account", needs=Needs.READ),
    route("accounts/<int:pk>/edit/", views.account_edit, "account_edit", needs=Needs.WORK),
    route("accounts/<int:pk>/standing/", views.account_standing, "account_standing", needs=Needs.WORK),
    route("accounts/<int:pk>/history/", views.account_history, "account_history", needs=Needs.READ),
    route("settings/tiers/", tier_views.tier_list, "tiers", needs=Needs.MANAGE),
    route("settings/tiers/<int:pk>/", tier_views.tier_edit, "tier_edit", needs=Needs.MANAGE),
    route("settings/tiers/<int:pk>/move/", tier_views.tier_move, "tier_move", needs=Needs.MANAGE),
]
