"""Routes of this floor, one module per concept."""

from django.urls import include, path

CONCEPTS = [
    "playbooks.frameworks",
    "playbooks.benchmarks",
    "playbooks.plans",
    "playbooks.attention",
]

urlpatterns = [path("", include(f"{concept}.urls")) for concept in CONCEPTS]
