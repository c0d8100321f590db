"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.events.registry import on_event
from csworkspace.notifications.models import EmailWhen
from csworkspace.notifications.registry import NotificationKind, add_notification_kind
from playbooks.playbooks.steps import register_step
from playbooks.plays.kinds.branching import BRANCH
from playbooks.plays.kinds.changing import CHANGE
from playbooks.plays.kinds.waiting import WAIT

NOTIFICATIONS = (
    NotificationKind("play_started", "A play was started that you lead"),
    NotificationKind("play_failed", "A play cannot go on", EmailWhen.AT_ONCE),
    NotificationKind(
        "launch_asks", "A playbook is to start on many accounts, and asks first", EmailWhen.AT_ONCE
    ),
    NotificationKind("play_loop", "Playbooks would start each other in a circle"),
)


def register() -> None:
    """Fill the slots, and listen to what plays depend on; called once at start."""
    for module in ("jobs", "daily", "launch_days", "tasks"):
        import_module(f"playbooks.plays.{module}")
    on_event("plays.step_ended", kind="plays.step_ended", title="Move a play on")
    on_event("accounts.changed", kind="plays.accounts", title="Look what playbooks are to start")
    on_event("signals.changed", kind="plays.signals", title="Look what playbooks are to start")
    on_event("segments.changed", kind="plays.segments", title="Look what playbooks are to start")
    on_event("indicators.changed", kind="plays.watch", title="Look at plays that wait")
    for kind in (WAIT, BRANCH, CHANGE):
        register_step(kind)
    for notification in NOTIFICATIONS:
        add_notification_kind(notification)
