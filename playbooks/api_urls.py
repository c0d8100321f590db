"""Routes of this floor's API, under /api/v1/."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.signals.api import SignalsView

urlpatterns: list[URLPattern] = [
    route("signals", SignalsView.as_view(), "api_signals", needs=Needs.API_KEY),
]
