"""The composition root of all routes."""

from django.urls import include, path

from csworkspace.web.health import healthz

# Each entry is included under the workspace's address; the four floors add theirs.
WORKSPACE_URLS = [
    "csworkspace.people.urls",
    "csworkspace.invitations.urls",
    "csworkspace.api.settings_urls",
    "csworkspace.jobs.urls",
    "csworkspace.audit.urls",
    "csworkspace.calendar.urls",
    "csworkspace.mail.urls",
    "csworkspace.notifications.urls",
    "csworkspace.webhooks.urls",
    "accounts.urls",
    "playbooks.urls",
    "reports.urls",
    "csworkspace.palette.urls",
    "csworkspace.people.home_urls",
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("csworkspace.people.public_urls")),
    path("", include("csworkspace.mail.public_urls")),
    path("", include("playbooks.public_urls")),
    path("", include("reports.public_urls")),
    path("sign-in/", include("allauth.urls")),
    path("api/", include("csworkspace.api.urls")),
    path("w/<slug:workspace>/", include([path("", include(module)) for module in WORKSPACE_URLS])),
]
handler403 = "csworkspace.web.errors.forbidden"
handler404 = "csworkspace.web.errors.not_found"
handler500 = "csworkspace.web.errors.broken"
