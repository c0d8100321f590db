"""Addresses of invitations inside a workspace."""

from csworkspace.invitations import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("settings/invitations/", views.invitations_page, "invitations", needs=Needs.ADMIN),
    route("settings/invitations/<int:pk>/sendings/", views.resend, "invitation_resend", needs=Needs.ADMIN),
    route(
        "settings/invitations/<int:pk>/withdrawals/", views.withdraw, "invitation_withdraw", needs=Needs.ADMIN
    ),
]
