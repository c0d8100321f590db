"""Routes."""

from django.urls import URLPattern

from accounts.tiering import account_views, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

SUGGESTIONS, TIER = "settings/tiers/suggestions/", "accounts/<int:pk>/tier/"

urlpatterns: list[URLPattern] = [
    route(SUGGESTIONS, views.suggestions, "tier_suggestions", needs=Needs.MANAGE),
    route(f"{SUGGESTIONS}acceptances/", views.accept, "suggestion_accept", needs=Needs.MANAGE),
    route(f"{SUGGESTIONS}pins/", views.pin_chosen, "suggestion_pin", needs=Needs.MANAGE),
    route(f"{SUGGESTIONS}cancellations/", views.cancel_planned, "planned_moves_cancel", needs=Needs.MANAGE),
    route(TIER, account_views.account_tier, "account_tier", needs=Needs.READ),
    route(f"{TIER}pins/", account_views.pin, "account_pin", needs=Needs.MANAGE),
    route(f"{TIER}pins/removals/", account_views.unpin, "account_unpin", needs=Needs.MANAGE),
    route(f"{TIER}moves/", account_views.plan_move, "account_move", needs=Needs.WORK),
    route(
        f"{TIER}moves/<int:move_pk>/cancellations/",
        account_views.cancel_move,
        "account_move_cancel",
        needs=Needs.WORK,
    ),
    route(f"{TIER}overrides/new/", account_views.override_new, "override_new", needs=Needs.MANAGE),
    route(
        f"{TIER}overrides/<int:override_pk>/endings/",
        account_views.override_end,
        "override_end",
        needs=Needs.MANAGE,
    ),
]
