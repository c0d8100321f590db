"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from csworkspace.webhooks import views

ONE = "settings/webhooks/<int:pk>/"

urlpatterns: list[URLPattern] = [
    route("settings/webhooks/", views.webhooks, "webhooks", needs=Needs.ADMIN),
    route(ONE, views.webhook, "webhook", needs=Needs.ADMIN),
    route(f"{ONE}secrets/", views.secrets, "webhook_secrets", needs=Needs.ADMIN),
    route(f"{ONE}tests/", views.tests, "webhook_tests", needs=Needs.ADMIN),
    route("settings/deliveries/<int:pk>/retries/", views.retries, "delivery_retries", needs=Needs.ADMIN),
]
