"""What the ground itself puts into its slots."""

from importlib import import_module

from csworkspace.palette.pages import find_commands, find_pages
from csworkspace.palette.slots import Command, Source, add_command, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Tab, add_nav, add_tab


def register() -> None:
    """Navigation, the tabs of the settings, and the ground's own kinds of jobs; called once at start."""
    for module in ("invitations.jobs", "mail.jobs", "mail.tasks", "webhooks.jobs"):
        import_module(f"csworkspace.{module}")
    add_nav(NavEntry("Settings", "settings_start", Needs.MANAGE, order=90))
    for order, (label, name) in enumerate(
        (
            ("Workspace", "settings"),
            ("Members", "members"),
            ("Invitations", "invitations"),
            ("API keys", "api_keys"),
            ("Audit log", "audit"),
            ("Outbox", "outbox"),
            ("Suppression list", "suppressions"),
            ("Webhooks", "webhooks"),
        )
    ):
        add_tab("settings", Tab(label, name, order * 10))
    add_nav(NavEntry("Jobs", "jobs", Needs.READ, order=80))
    add_source(Source("Actions", Needs.READ, find_commands, order=80, answers_empty=True))
    add_source(Source("Pages", Needs.READ, find_pages, order=70, answers_empty=True))
    add_command(Command("Invite somebody", "invitations", Needs.ADMIN))
