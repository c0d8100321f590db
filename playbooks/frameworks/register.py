"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.segments.registry import register_criterion
from csworkspace.events.registry import on_event
from csworkspace.palette.slots import Command, add_command
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Panel, Tab, add_nav, add_panel, add_tab
from playbooks.frameworks.criteria import BEHAVIOUR
from playbooks.frameworks.happenings import MATURITY
from playbooks.frameworks.panels import maturity_panel
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots and listen to events; called once at start."""
    add_timeline(MATURITY)
    import_module("playbooks.frameworks.jobs")
    add_nav(NavEntry("Frameworks", "frameworks", Needs.READ, 60, is_more=True))
    add_command(Command("New framework", "framework_new", Needs.MANAGE))
    add_tab("account", Tab("Maturity", "account_maturity", 30))
    add_panel("account.overview", Panel("maturity", "Maturity", "frameworks/_panel.html", maturity_panel, 30))
    register_criterion(BEHAVIOUR)
    on_event("measurements.changed", kind="frameworks.assess", title="Assess accounts after new measurements")
