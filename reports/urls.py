"""Routes of this floor, one module per concept."""

from django.urls import include, path

CONCEPTS = [
    "reports.reports",
    "reports.portal",
]

urlpatterns = [path("", include(f"{concept}.urls")) for concept in CONCEPTS]
