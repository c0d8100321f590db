"""Routes of this floor, one module per concept."""

from django.urls import include, path

CONCEPTS = [
    "accounts.book",
    "accounts.accounts",
    "accounts.contacts",
    "accounts.imports",
    "accounts.usage",
    "accounts.metrics",
]

urlpatterns = [path("", include(f"{concept}.urls")) for concept in CONCEPTS]
