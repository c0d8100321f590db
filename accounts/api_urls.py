"""Routes of this floor's API, under /api/v1/."""

from accounts.incidents.api import IncidentsView
from accounts.news.api import NewsView
from accounts.usage.api import EventsView
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("events", EventsView.as_view(), "api_events", needs=Needs.API_KEY),
    route("news", NewsView.as_view(), "api_news", needs=Needs.API_KEY),
    route("incidents", IncidentsView.as_view(), "api_incidents", needs=Needs.API_KEY),
]
