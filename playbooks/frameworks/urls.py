"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.frameworks import account_views, edit_views, evidence_views, views

MANAGE, READ, WORK = Needs.MANAGE, Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("frameworks/", views.framework_list, "frameworks", needs=READ),
    route("frameworks/new/", views.framework_new, "framework_new", needs=MANAGE),
    route("frameworks/<int:pk>/", views.framework_page, "framework", needs=READ),
    route("frameworks/<int:pk>/edit/", views.framework_edit, "framework_edit", needs=MANAGE),
    route("frameworks/<int:pk>/publications/", views.publications, "framework_publications", needs=MANAGE),
    route("frameworks/<int:pk>/drafts/", views.drafts, "framework_drafts", needs=MANAGE),
    route("frameworks/<int:pk>/removals/", views.framework_discard, "framework_removals", needs=MANAGE),
    route("frameworks/<int:pk>/levels/new/", edit_views.level_new, "level_new", needs=MANAGE),
    route("levels/<int:pk>/", edit_views.level_edit, "level_edit", needs=MANAGE),
    route("levels/<int:pk>/moves/", edit_views.level_move, "level_moves", needs=MANAGE),
    route("levels/<int:pk>/removals/", edit_views.level_remove, "level_removals", needs=MANAGE),
    route("levels/<int:pk>/behaviours/new/", edit_views.behaviour_new, "behaviour_new", needs=MANAGE),
    route("behaviours/<int:pk>/", edit_views.behaviour_edit, "behaviour_edit", needs=MANAGE),
    route("behaviours/<int:pk>/moves/", edit_views.behaviour_move, "behaviour_moves", needs=MANAGE),
    route("behaviours/<int:pk>/removals/", edit_views.behaviour_remove, "behaviour_removals", needs=MANAGE),
    route("accounts/<int:pk>/maturity/", account_views.maturity_tab, "account_maturity", needs=READ),
    route(
        "accounts/<int:account>/behaviours/<int:behaviour>/",
        evidence_views.behaviour_evidence,
        "behaviour_evidence",
        needs=READ,
    ),
    route("accounts/<int:account>/answers/<int:behaviour>/", account_views.answers, "answers", needs=WORK),
]
