"""What the ground itself puts into its slots."""

from importlib import import_module

from csworkspace.notifications.queries import UNREAD
from csworkspace.palette.pages import find_commands, find_pages
from csworkspace.palette.slots import Command, FurtherPage, Source, add_command, add_page, add_source
from csworkspace.people.access import Needs
from csworkspace.people.entering import add_member_figure
from csworkspace.web.slots import NavEntry, Tab, add_nav, add_tab


def register() -> None:
    """Navigation, the tabs of the settings, and the ground's own kinds of jobs; called once at start."""
    import_module("csworkspace.invitations.jobs")
    add_nav(NavEntry("Settings", "settings_start", Needs.MANAGE, order=90, is_more=True))
    import_module("csworkspace.notifications.jobs")
    add_member_figure("unread", UNREAD)
    add_page(FurtherPage("Notifications", "notifications", Needs.READ, "what you were told", "bell unread"))
    add_page(
        FurtherPage(
            "Notification preferences",
            "notification_preferences",
            Needs.READ,
            "e-mail and daily digest",
            "mail digest mute settings",
        )
    )
    for module in ("invitations.jobs", "mail.jobs", "mail.tasks", "webhooks.jobs"):
        import_module(f"csworkspace.{module}")
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
    add_nav(NavEntry("Jobs", "jobs", Needs.READ, order=80, is_more=True))
    add_tab("settings", Tab("Working calendar", "work_calendar", 18))
    add_source(Source("Actions", Needs.READ, find_commands, order=80, answers_empty=True))
    add_source(Source("Pages", Needs.READ, find_pages, order=70, answers_empty=True))
    add_command(Command("Invite somebody", "invitations", Needs.ADMIN))
