"""Routes."""

from django.urls import URLPattern

from accounts.tiers import catalogue_views, template_views, terms_views, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import View, route


def manage(pattern: str, view: View, name: str) -> URLPattern:
    """A route for managers and admins."""
    return route(f"settings/{pattern}", view, name, needs=Needs.MANAGE)


urlpatterns: list[URLPattern] = [
    manage("tiers/", views.tier_list, "tiers"),
    manage("tiers/new/", views.tier_new, "tier_new"),
    manage("tiers/templates/", template_views.tier_templates, "tier_templates"),
    manage("tiers/<int:pk>/", views.tier_page, "tier"),
    manage("tiers/<int:pk>/edit/", views.tier_edit, "tier_edit"),
    manage("tiers/<int:pk>/move/", views.tier_move, "tier_move"),
    manage("tiers/<int:pk>/terms/", terms_views.tier_terms, "tier_terms"),
    manage("tiers/<int:pk>/removals/", views.tier_removals, "tier_removals"),
    manage("tiers/versions/<int:pk>/removals/", views.version_removals, "tier_version_removals"),
    manage("catalogue/", catalogue_views.catalogue, "catalogue"),
    manage("catalogue/new/", catalogue_views.catalogue_new, "catalogue_new"),
    manage("catalogue/<int:pk>/", catalogue_views.catalogue_edit, "catalogue_edit"),
    manage("catalogue/<int:pk>/retirements/", catalogue_views.catalogue_retirements, "catalogue_retirements"),
    manage("catalogue/<int:pk>/returns/", catalogue_views.catalogue_returns, "catalogue_returns"),
]
