"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.mail import suppression_views, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

MANAGE, WORK = Needs.MANAGE, Needs.WORK
ONE = "settings/outbox/<int:pk>/"

urlpatterns: list[URLPattern] = [
    route("settings/outbox/", views.outbox, "outbox", needs=MANAGE),
    route(ONE, views.mail_page, "outbox_mail", needs=MANAGE),
    # Whoever wrote a message decides about its mail, from the page of the message.
    route(f"{ONE}sendings/", views.sendings, "outbox_sendings", needs=WORK),
    route(f"{ONE}confirmations/", views.confirmations, "outbox_confirmations", needs=WORK),
    route(f"{ONE}cancellations/", views.cancellations, "outbox_cancellations", needs=WORK),
    route("settings/suppressions/", suppression_views.suppressions, "suppressions", needs=MANAGE),
    route(
        "settings/suppressions/<int:pk>/liftings/",
        suppression_views.liftings,
        "suppression_liftings",
        needs=MANAGE,
    ),
]
