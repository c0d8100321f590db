"""Addresses outside of any workspace."""

from csworkspace.people import home
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("", home.root, "root", needs=Needs.SIGNED_IN),
]
