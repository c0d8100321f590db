"""Routes of this floor's API, under /api/v1/."""

from accounts.usage.api import EventsView
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("events", EventsView.as_view(), "api_events", needs=Needs.API_KEY),
]
