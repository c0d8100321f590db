"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.signals import account_views, views
from playbooks.signals import one_views as one

READ, WORK, MANAGE = Needs.READ, Needs.WORK, Needs.MANAGE
SIGNAL = "signals/<int:pk>/"

urlpatterns: list[URLPattern] = [
    route("signals/", views.inbox, "signals", needs=READ),
    route("signals/export/", views.signals_csv, "signals_csv", needs=READ),
    route("signals/acknowledgements/", views.many_acknowledgements, "signals_acknowledgements", needs=WORK),
    route("signals/snoozes/", views.many_snoozes, "signals_snoozes", needs=WORK),
    route("signals/resolutions/", views.many_resolutions, "signals_resolutions", needs=WORK),
    route(SIGNAL, one.signal_page, "signal", needs=READ),
    route(f"{SIGNAL}acknowledgements/", one.acknowledgements, "signal_acknowledgements", needs=WORK),
    route(f"{SIGNAL}snoozes/", one.snoozes, "signal_snoozes", needs=WORK),
    route(f"{SIGNAL}resolutions/", one.resolutions, "signal_resolutions", needs=WORK),
    route(f"{SIGNAL}reopenings/", one.reopenings, "signal_reopenings", needs=WORK),
    route("accounts/<int:pk>/signals/", account_views.account_signals, "account_signals", needs=READ),
    route("accounts/<int:pk>/signals/new/", account_views.signal_new, "signal_new", needs=WORK),
    route("settings/signals/", views.signal_settings, "signal_settings", needs=MANAGE),
]
