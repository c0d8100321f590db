"""The routes below a workspace, by name, with what each needs. `python -m tests.csworkspace.routes.listed`
writes the list anew: read the difference before it is committed."""

from pathlib import Path

# Outside of workspaces, but for sign-in (which is allauth's): address → (need, why it is open).
OPEN = {
    "healthz": ("", "for load balancers; tells only whether the parts answer"),
    "": ("SIGNED_IN", "on to the person's workspaces"),
    "you/": ("SIGNED_IN", "the person's own name"),
    "invitations/<str:token>/": ("PUBLIC", "the token in it lets the invited person in"),
    "s/<str:token>": ("PUBLIC", "a share link; the token in it is swapped for a cookie"),
    "api/v1/schema": ("", "the API's description, the same for everybody"),
    "api/v1/events": ("API_KEY", "the key names the workspace"),
}
# fmt: off
LISTED = {
    "settings_start": "MANAGE",
    "settings": "ADMIN",
    "members": "ADMIN",
    "member_role": "ADMIN",
    "member_deactivate": "ADMIN",
    "member_reactivate": "ADMIN",
    "invitations": "ADMIN",
    "invitation_resend": "ADMIN",
    "invitation_withdraw": "ADMIN",
    "api_keys": "ADMIN",
    "api_key_revoke": "ADMIN",
    "jobs": "READ",
    "job": "READ",
    "job_progress": "READ",
    "job_retry": "WORK",
    "audit": "ADMIN",
    "book": "READ",
    "book_csv": "READ",
    "account_new": "WORK",
    "account": "READ",
    "account_edit": "WORK",
    "account_standing": "WORK",
    "account_history": "READ",
    "tiers": "MANAGE",
    "tier_edit": "MANAGE",
    "tier_move": "MANAGE",
    "segments": "READ",
    "segment_new": "WORK",
    "segment_builder": "WORK",
    "segment_previews": "WORK",
    "segment": "READ",
    "segment_edit": "WORK",
    "segment_removals": "WORK",
    "account_people": "READ",
    "contact_new": "WORK",
    "contact_edit": "WORK",
    "contact_remove": "WORK",
    "imports": "READ",
    "import_new": "WORK",
    "import": "READ",
    "import_mapping": "WORK",
    "import_run": "WORK",
    "import_rejects": "READ",
    "sources": "READ",
    "source": "READ",
    "source_rejects": "READ",
    "waiting": "READ",
    "metrics": "READ",
    "metric_new": "MANAGE",
    "metric": "READ",
    "metric_edit": "MANAGE",
    "metric_retirements": "MANAGE",
    "account_usage": "READ",
    "evidence": "READ",
    "measurement_new": "WORK",
    "frameworks": "READ",
    "framework_new": "MANAGE",
    "framework": "READ",
    "framework_edit": "MANAGE",
    "framework_publications": "MANAGE",
    "framework_drafts": "MANAGE",
    "framework_removals": "MANAGE",
    "level_new": "MANAGE",
    "level_edit": "MANAGE",
    "level_moves": "MANAGE",
    "level_removals": "MANAGE",
    "behaviour_new": "MANAGE",
    "behaviour_edit": "MANAGE",
    "behaviour_moves": "MANAGE",
    "behaviour_removals": "MANAGE",
    "account_maturity": "READ",
    "behaviour_evidence": "READ",
    "answers": "WORK",
    "benchmark_new": "WORK",
    "benchmark": "READ",
    "plans": "READ",
    "account_plan": "READ",
    "plan_new": "WORK",
    "plan": "READ",
    "plan_edit": "WORK",
    "plan_revisions": "READ",
    "plan_activations": "WORK",
    "plan_sharings": "WORK",
    "plan_sharings_end": "WORK",
    "plan_closures": "WORK",
    "plan_removals": "WORK",
    "objective_new": "WORK",
    "practice_new": "WORK",
    "plan_adoptions": "WORK",
    "objective_edit": "WORK",
    "objective_removals": "WORK",
    "target_choose": "WORK",
    "target_new": "WORK",
    "target_edit": "WORK",
    "target_removals": "WORK",
    "practice_edit": "WORK",
    "practice_removals": "WORK",
    "practice_completions": "WORK",
    "account_reports": "READ",
    "report_new": "WORK",
    "report": "READ",
    "report_pdf": "READ",
    "report_commentary": "WORK",
    "report_refresh": "WORK",
    "report_issue": "WORK",
    "report_discard": "WORK",
    "portal": "PORTAL",
    "portal_account": "PORTAL",
    "portal_plan": "PORTAL",
    "portal_progress": "PORTAL",
    "portal_maturity": "PORTAL",
    "portal_evidence": "PORTAL",
    "portal_reports": "PORTAL",
    "portal_report": "PORTAL",
    "portal_report_pdf": "PORTAL",
    "share_link_new": "WORK",
    "share_link_revoke": "WORK",
    "workspace_root": "PORTAL",
}
# fmt: on


def write() -> None:
    """Replace LISTED in this file by what the resolver says."""
    from tests.csworkspace.routes.kit import workspace_routes

    lines = [
        f'    "{route.name}": "{route.needs.name if route.needs else ""}",' for route in workspace_routes()
    ]
    path = Path(__file__)
    head, _, rest = path.read_text().partition("# fmt: off\n")
    tail = rest.partition("# fmt: on\n")[2]
    path.write_text(head + "# fmt: off\nLISTED = {\n" + "\n".join(lines) + "\n}\n# fmt: on\n" + tail)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csworkspace.settings")
    django.setup()
    write()
