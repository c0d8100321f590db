"""What this concept puts into the slots of the floors below."""

from accounts.accounts.history import add_history
from csworkspace.exports.registry import register_exporter
from csworkspace.palette.slots import Source, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Panel, Tab, add_nav, add_panel, add_tab
from playbooks.plans.exports import PLANS
from playbooks.plans.happenings import PLANS as HAPPENINGS
from playbooks.plans.models import Plan
from playbooks.plans.palette import find_plans
from playbooks.plans.panels import plan_panel
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots; called once at start."""
    add_timeline(HAPPENINGS)
    add_nav(NavEntry("Plans", "plans", Needs.READ, 30))
    add_source(Source("Plans", Needs.READ, find_plans, order=30))
    add_tab("account", Tab("Plan", "account_plan", 20))
    add_panel("account.overview", Panel("plan", "Success plan", "plans/_panel.html", plan_panel, 20))
    add_history("plan", lambda account_id: Plan.objects.filter(account_id=account_id).values_list("pk"))
    register_exporter(PLANS)
