"""The API's own addresses; upper floors add theirs through `API_URLS`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from csworkspace.api import schema as schema

API_URLS = ["csworkspace.mail.api_urls", "accounts.api_urls", "playbooks.api_urls"]

urlpatterns = [
    path("v1/schema", SpectacularAPIView.as_view(), name="api_schema"),
    *[path("v1/", include(module)) for module in API_URLS],
]
