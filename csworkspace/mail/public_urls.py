"""Routes outside a workspace's address."""

from django.urls import URLPattern

from csworkspace.mail.public_views import unsubscribe_page
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("unsubscribe/<str:token>", unsubscribe_page, "unsubscribe", needs=Needs.PUBLIC)
]
