"""Routes of the audit log."""

from csworkspace.audit import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("settings/audit/", views.audit_page, "audit", needs=Needs.ADMIN),
]
