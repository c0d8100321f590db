"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.services import account_views, views
from playbooks.services import occurrence_views as one

READ, WORK = Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("services/", views.service_list, "services", needs=READ),
    route("services/export/", views.services_csv, "services_csv", needs=READ),
    route("services/deliveries/", views.service_deliveries, "services_deliveries", needs=WORK),
    route("accounts/<int:pk>/services/", account_views.account_services, "account_services", needs=READ),
    route("accounts/<int:pk>/deliveries/new/", account_views.delivery_new, "delivery_new", needs=WORK),
    route("accounts/<int:pk>/requests/new/", account_views.request_new, "request_new", needs=WORK),
    route("occurrences/<int:pk>/", one.occurrence_page, "occurrence", needs=READ),
    route("occurrences/<int:pk>/deliveries/", one.deliveries, "occurrence_deliveries", needs=WORK),
    route("occurrences/<int:pk>/answers/", one.answers, "occurrence_answers", needs=WORK),
    route("occurrences/<int:pk>/waivers/", one.waivers, "occurrence_waivers", needs=WORK),
    route("occurrences/<int:pk>/assignments/", one.assignments, "occurrence_assignments", needs=WORK),
    route("occurrences/<int:pk>/reopenings/", one.reopenings, "occurrence_reopenings", needs=WORK),
]
