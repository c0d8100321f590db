"""What this concept puts into the slots of the floors below."""

from importlib import import_module
from typing import Any

from django.db.models import QuerySet

from accounts.accounts.history import add_history
from csworkspace.events.registry import on_event
from csworkspace.notifications.models import EmailWhen
from csworkspace.notifications.registry import NotificationKind, add_notification_kind
from csworkspace.web.slots import Panel, add_panel
from playbooks.playbooks.steps import register_step
from playbooks.recommendations.actions import ANSWERED
from playbooks.recommendations.happenings import SOURCE
from playbooks.recommendations.models import Recommendation
from playbooks.recommendations.panels import recommendations_panel
from playbooks.recommendations.steps import RECOMMENDATION
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots, and listen to what may show that something was taken up; called once at start."""
    import_module("playbooks.recommendations.jobs")
    import_module("playbooks.recommendations.tasks")
    for event in ("measurements.changed", "standing.changed"):
        on_event(event, kind="recommendations.check", title="Look which recommendations were taken up")
    register_step(RECOMMENDATION)
    add_timeline(SOURCE)
    add_panel(
        "account.aside",
        Panel(
            "recommendations",
            "Recommendations",
            "recommendations/_panel.html",
            recommendations_panel,
            55,
        ),
    )
    add_history("recommendation", _owned)
    add_notification_kind(
        NotificationKind(ANSWERED, "A customer answered a recommendation", EmailWhen.AT_ONCE)
    )


def _owned(account_id: int) -> QuerySet[Any]:
    return Recommendation.objects.filter(account_id=account_id).values_list("pk")
