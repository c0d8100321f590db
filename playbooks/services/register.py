"""What this concept puts into the slots of the floors below."""

from importlib import import_module
from typing import Any

from django.db.models import QuerySet

from accounts.accounts.history import add_history
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Panel, Tab, add_nav, add_panel, add_tab
from playbooks.services.download import SERVICES
from playbooks.services.happenings import SERVICES as HAPPENINGS
from playbooks.services.models import ServiceOccurrence
from playbooks.services.panels import services_panel
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots, and listen to what changes services owed; called once at start."""
    add_timeline(HAPPENINGS)
    import_module("playbooks.services.jobs")
    import_module("playbooks.services.tasks")
    on_event("accounts.changed", kind="services.refresh", title="Work out which services are owed")
    on_event("tiers.changed", kind="services.terms", title="Work out which services are owed on new terms")
    on_event("reports.issued", kind="services.report", title="Count the report as a service delivered")
    add_nav(NavEntry("Services", "services", Needs.READ, 35))
    add_tab("account", Tab("Services", "account_services", 25))
    add_panel("account.aside", Panel("services", "Services", "services/_panel.html", services_panel, 50))
    register_exporter(SERVICES)
    add_history("serviceoccurrence", _owned, word="service")


def _owned(account_id: int) -> QuerySet[Any]:
    return ServiceOccurrence.objects.filter(account_id=account_id).values_list("pk")
