"""Settings and members of a workspace."""

from csworkspace.people import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("settings/", views.settings_start, "settings_start", needs=Needs.MANAGE),
    route("settings/workspace/", views.settings_page, "settings", needs=Needs.ADMIN),
    route("settings/members/", views.members_page, "members", needs=Needs.ADMIN),
    route("settings/members/<int:pk>/roles/", views.set_role, "member_role", needs=Needs.ADMIN),
    route(
        "settings/members/<int:pk>/deactivations/", views.deactivate, "member_deactivate", needs=Needs.ADMIN
    ),
    route(
        "settings/members/<int:pk>/reactivations/", views.reactivate, "member_reactivate", needs=Needs.ADMIN
    ),
]
