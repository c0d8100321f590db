"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.calendar import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("settings/calendar/", views.work_calendar, "work_calendar", needs=Needs.MANAGE),
    route("settings/calendar/holidays/", views.holidays, "holidays", needs=Needs.MANAGE),
    route(
        "settings/calendar/holidays/<int:pk>/removals/",
        views.holiday_removals,
        "holiday_removals",
        needs=Needs.MANAGE,
    ),
]
