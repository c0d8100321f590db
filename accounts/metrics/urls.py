"""Routes under the workspace's address."""

from django.urls import URLPattern

from accounts.metrics import account_views, evidence_views, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

EVIDENCE = "accounts/<int:account>/evidence/<slug:key>/"

urlpatterns: list[URLPattern] = [
    route("metrics/", views.metrics, "metrics", needs=Needs.READ),
    route("metrics/new/", views.metric_new, "metric_new", needs=Needs.MANAGE),
    route("metrics/<int:pk>/", views.metric_page, "metric", needs=Needs.READ),
    route("metrics/<int:pk>/edit/", views.metric_edit, "metric_edit", needs=Needs.MANAGE),
    route(
        "metrics/<int:pk>/retirements/", views.metric_retirements, "metric_retirements", needs=Needs.MANAGE
    ),
    route("accounts/<int:pk>/usage/", account_views.account_usage, "account_usage", needs=Needs.READ),
    route(EVIDENCE, evidence_views.evidence_page, "evidence", needs=Needs.READ),
    route(f"{EVIDENCE}values/", evidence_views.measurement_new, "measurement_new", needs=Needs.WORK),
]
