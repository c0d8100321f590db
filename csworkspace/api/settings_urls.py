"""Addresses of API keys inside a workspace."""

from csworkspace.api import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("settings/api-keys/", views.keys_page, "api_keys", needs=Needs.ADMIN),
    route("settings/api-keys/<int:pk>/revocations/", views.revoke, "api_key_revoke", needs=Needs.ADMIN),
]
