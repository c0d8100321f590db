"""The root of a workspace; included last, so that a floor above may take the address itself."""

from csworkspace.people import home
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("", home.workspace_root, "workspace_root", needs=Needs.PORTAL),
]
