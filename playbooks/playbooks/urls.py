"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.playbooks import draft_views, effect_views, library_views, publish_views, step_views, views

MANAGE, READ = Needs.MANAGE, Needs.READ
ONE = "playbooks/<int:pk>/"

urlpatterns: list[URLPattern] = [
    route("playbooks/", views.playbook_list, "playbooks", needs=READ),
    route("playbooks/new/", views.playbook_new, "playbook_new", needs=MANAGE),
    route("playbooks/imports/new/", publish_views.playbook_import, "playbook_import", needs=MANAGE),
    route("playbooks/library/", library_views.playbook_library, "playbook_library", needs=READ),
    route("playbooks/library/uses/", library_views.playbook_uses, "playbook_uses", needs=MANAGE),
    route(ONE, views.playbook_page, "playbook", needs=READ),
    route(f"{ONE}edit/", views.playbook_edit, "playbook_edit", needs=MANAGE),
    route(f"{ONE}versions/", views.playbook_versions, "playbook_versions", needs=READ),
    route(f"{ONE}comparison/", views.playbook_comparison, "playbook_comparison", needs=READ),
    route(f"{ONE}export/", publish_views.playbook_export, "playbook_export", needs=READ),
    route(f"{ONE}copies/", views.copies, "playbook_copies", needs=MANAGE),
    route(f"{ONE}pauses/", views.pauses, "playbook_pauses", needs=MANAGE),
    route(f"{ONE}resumptions/", views.resumptions, "playbook_resumptions", needs=MANAGE),
    route(f"{ONE}retirements/", views.retirements, "playbook_retirements", needs=MANAGE),
    route(f"{ONE}drafts/", draft_views.drafts, "playbook_drafts", needs=MANAGE),
    route(f"{ONE}draft/", draft_views.playbook_draft, "playbook_draft", needs=MANAGE),
    route(f"{ONE}discards/", draft_views.discards, "playbook_discards", needs=MANAGE),
    route(f"{ONE}trigger/", draft_views.trigger_edit, "playbook_trigger", needs=MANAGE),
    route(f"{ONE}audience/", draft_views.audience_edit, "playbook_audience", needs=MANAGE),
    route(f"{ONE}success/", draft_views.success_edit, "playbook_success", needs=MANAGE),
    route(f"{ONE}steps/new/", step_views.step_new, "playbook_step_new", needs=MANAGE),
    route(f"{ONE}steps/edit/", step_views.step_edit, "playbook_step_edit", needs=MANAGE),
    route(f"{ONE}steps/moves/", draft_views.step_moves, "playbook_step_moves", needs=MANAGE),
    route(f"{ONE}steps/copies/", draft_views.step_copies, "playbook_step_copies", needs=MANAGE),
    route(f"{ONE}steps/removals/", draft_views.step_removals, "playbook_step_removals", needs=MANAGE),
    route(f"{ONE}publications/", publish_views.publications, "playbook_publications", needs=MANAGE),
    route(f"{ONE}effect/", effect_views.playbook_effect, "playbook_effect", needs=READ),
    route(f"{ONE}effect/list/", effect_views.playbook_effect_list, "playbook_effect_list", needs=READ),
]
