"""Addresses outside of any workspace."""

from csworkspace.invitations.views import accept
from csworkspace.people import home, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("", home.root, "root", needs=Needs.SIGNED_IN),
    route("you/", views.profile, "profile", needs=Needs.SIGNED_IN),
    route("invitations/<str:token>/", accept, "invitation_accept", needs=Needs.PUBLIC),
]
