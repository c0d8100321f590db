"""Routes of this floor, one module per concept."""

from django.urls import include, path

from accounts.apps import CONCEPTS

urlpatterns = [path("", include(f"{concept}.urls")) for concept in CONCEPTS]
