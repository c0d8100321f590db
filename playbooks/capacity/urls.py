"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.capacity import scenario_views, views

READ, MANAGE = Needs.READ, Needs.MANAGE

urlpatterns: list[URLPattern] = [
    route("capacity/", views.capacity_page, "capacity", needs=READ),
    route("capacity/calculator/", views.calculator, "calculator", needs=READ),
    route("capacity/nobody/", views.nobody_accounts, "nobody_accounts", needs=READ),
    route("capacity/csms/<int:pk>/", views.csm_accounts, "csm_accounts", needs=READ),
    route("capacity/csms/<int:pk>/edit/", views.csm_edit, "csm_edit", needs=MANAGE),
    route("capacity/csms/<int:pk>/absences/", views.absence_new, "absence_new", needs=MANAGE),
    route("capacity/absences/<int:pk>/removals/", views.absence_remove, "absence_remove", needs=MANAGE),
    route("capacity/proposals/", scenario_views.proposal_new, "proposal_new", needs=MANAGE),
    route("capacity/scenarios/", scenario_views.scenario_list, "scenarios", needs=READ),
    route("capacity/scenarios/new/", scenario_views.scenario_new, "scenario_new", needs=MANAGE),
    route("capacity/scenarios/compare/", scenario_views.scenario_compare, "scenario_compare", needs=READ),
    route("capacity/scenarios/<int:pk>/", scenario_views.scenario_page, "scenario", needs=READ),
    route("capacity/scenarios/<int:pk>/edit/", scenario_views.scenario_edit, "scenario_edit", needs=MANAGE),
    route("capacity/scenarios/<int:pk>/steps/", scenario_views.step_new, "step_new", needs=MANAGE),
    route(
        "capacity/scenarios/<int:pk>/steps/removals/", scenario_views.step_remove, "step_remove", needs=MANAGE
    ),
    route(
        "capacity/scenarios/<int:pk>/applications/",
        scenario_views.scenario_apply,
        "scenario_apply",
        needs=MANAGE,
    ),
    route(
        "capacity/scenarios/<int:pk>/undoings/", scenario_views.scenario_undo, "scenario_undo", needs=MANAGE
    ),
    route(
        "capacity/scenarios/<int:pk>/removals/",
        scenario_views.scenario_remove,
        "scenario_remove",
        needs=MANAGE,
    ),
]
