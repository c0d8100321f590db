"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.indicators import account_views, views

READ, MANAGE = Needs.READ, Needs.MANAGE

urlpatterns: list[URLPattern] = [
    route("indicators/", views.indicator_list, "indicators", needs=READ),
    route("indicators/new/", views.indicator_new, "indicator_new", needs=MANAGE),
    route("indicators/previews/", views.indicator_previews, "indicator_previews", needs=MANAGE),
    route("indicators/ready-made/", views.ready_made, "ready_made_indicators", needs=MANAGE),
    route("indicators/<int:pk>/", views.indicator_page, "indicator", needs=READ),
    route("indicators/<int:pk>/edit/", views.indicator_edit, "indicator_edit", needs=MANAGE),
    route("indicators/<int:pk>/pauses/", views.indicator_pauses, "indicator_pauses", needs=MANAGE),
    route(
        "indicators/<int:pk>/retirements/", views.indicator_retirements, "indicator_retirements", needs=MANAGE
    ),
    route("accounts/<int:pk>/readings/", account_views.account_indicators, "account_indicators", needs=READ),
    route(
        "accounts/<int:pk>/readings/<slug:key>/",
        account_views.account_readings,
        "account_readings",
        needs=READ,
    ),
]
