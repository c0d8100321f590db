"""Routes of this floor, one module per concept."""

from django.urls import include, path

from playbooks.apps import CONCEPTS

urlpatterns = [path("", include(f"{concept}.urls")) for concept in CONCEPTS]
