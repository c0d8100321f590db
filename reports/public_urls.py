"""Routes outside a workspace's address."""

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from reports.portal.public_views import share_entry

urlpatterns = [route("s/<str:token>", share_entry, "share_entry", needs=Needs.PUBLIC)]
