"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.accounts.history import add_history
from accounts.book.bulk_slots import add_bulk_job
from csworkspace.events.registry import on_event
from csworkspace.notifications.models import EmailWhen
from csworkspace.notifications.registry import NotificationKind, add_notification_kind
from csworkspace.palette.slots import FurtherPage, Source, add_page, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import Tab, add_tab
from playbooks.myday.providers import Provider, add_provider
from playbooks.playbooks.steps import register_step
from playbooks.plays.bulk import START_PLAYBOOK
from playbooks.plays.days import stuck_plays
from playbooks.plays.kinds.branching import BRANCH
from playbooks.plays.kinds.changing import CHANGE
from playbooks.plays.kinds.waiting import WAIT
from playbooks.plays.models import Play
from playbooks.plays.palette import find_plays
from playbooks.plays.story import play_story
from playbooks.timeline.sources import TimelineSource, add_timeline

NOTIFICATIONS = (
    NotificationKind("play_started", "A play was started that you lead"),
    NotificationKind("play_handed", "A play has lost its leader"),
    NotificationKind("play_paused", "A play is paused because its account churned"),
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
    on_event("playbooks.changed", kind="plays.playbook", title="Look what the playbook is to start")
    on_event("members.deactivated", kind="plays.leader_left", title="Tell who leads the plays now")
    on_event("indicators.moved", kind="plays.watch", title="Look at plays that wait")
    add_tab("account", Tab("Plays & tasks", "account_plays", 14))
    add_source(Source("Plays", Needs.READ, find_plays, order=32))
    add_page(FurtherPage("Plays", "plays", Needs.READ, "Playbooks at work", "running playbooks"))
    add_page(FurtherPage("Launches", "launches", Needs.READ, "Starts on many accounts", "approve"))
    add_provider(Provider("plays", stuck_plays))
    add_timeline(TimelineSource("plays", "Plays", play_story, 30))
    add_bulk_job(START_PLAYBOOK)
    add_history("play", lambda account_id: Play.objects.filter(account_id=account_id).values_list("pk"))
    for kind in (WAIT, BRANCH, CHANGE):
        register_step(kind)
    for notification in NOTIFICATIONS:
        add_notification_kind(notification)
