"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.plans import content_views as content
from playbooks.plans import list_views, views

READ, WORK = Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("plans/", list_views.plan_list, "plans", needs=READ),
    route("accounts/<int:pk>/plan/", views.plan_tab, "account_plan", needs=READ),
    route("accounts/<int:pk>/plans/new/", views.plan_new, "plan_new", needs=WORK),
    route("plans/<int:pk>/", views.plan_page, "plan", needs=READ),
    route("plans/<int:pk>/edit/", views.plan_edit, "plan_edit", needs=WORK),
    route("plans/<int:pk>/revisions/", views.revision_list, "plan_revisions", needs=READ),
    route("plans/<int:pk>/activations/", views.activations, "plan_activations", needs=WORK),
    route("plans/<int:pk>/sharings/", views.sharings, "plan_sharings", needs=WORK),
    route("plans/<int:pk>/sharings/end/", views.sharings_end, "plan_sharings_end", needs=WORK),
    route("plans/<int:pk>/closures/", views.closures, "plan_closures", needs=WORK),
    route("plans/<int:pk>/removals/", views.plan_discard, "plan_removals", needs=WORK),
    route("plans/<int:pk>/objectives/new/", content.objective_new, "objective_new", needs=WORK),
    route("plans/<int:pk>/practices/new/", content.practice_new, "practice_new", needs=WORK),
    route("plans/<int:pk>/adoptions/", content.adoptions, "plan_adoptions", needs=WORK),
    route("objectives/<int:pk>/", content.objective_edit, "objective_edit", needs=WORK),
    route("objectives/<int:pk>/removals/", content.objective_remove, "objective_removals", needs=WORK),
    route("objectives/<int:pk>/targets/", content.target_choose, "target_choose", needs=WORK),
    route("objectives/<int:pk>/targets/<slug:key>/", content.target_new, "target_new", needs=WORK),
    route("targets/<int:pk>/", content.target_edit, "target_edit", needs=WORK),
    route("targets/<int:pk>/removals/", content.target_remove, "target_removals", needs=WORK),
    route("practices/<int:pk>/", content.practice_edit, "practice_edit", needs=WORK),
    route("practices/<int:pk>/removals/", content.practice_remove, "practice_removals", needs=WORK),
    route(
        "practices/<int:pk>/completions/", content.practice_completions, "practice_completions", needs=WORK
    ),
]
