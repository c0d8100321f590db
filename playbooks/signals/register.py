"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.accounts.history import add_history
from accounts.segments.registry import register_criterion
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.notifications.registry import NotificationKind, add_notification_kind
from csworkspace.palette.slots import Source, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, Panel, Tab, add_nav, add_panel, add_tab
from playbooks.myday.providers import Provider, add_provider
from playbooks.signals.account_page import signals_panel
from playbooks.signals.criteria import CRITERIA
from playbooks.signals.day import new_signals
from playbooks.signals.download import SIGNALS
from playbooks.signals.models import Signal
from playbooks.signals.notices import HELD_BACK, RAISED
from playbooks.signals.palette import find_signals
from playbooks.signals.story import SOURCES
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots, and listen to new readings; called once at start."""
    import_module("playbooks.signals.jobs")
    import_module("playbooks.signals.tasks")
    on_event("indicators.changed", kind="signals.reconcile", title="Bring signals in step with indicators")
    on_event("signals.changed", kind="attention.refresh", title="Refresh how accounts stand after signals")
    on_event("signals.changed", kind="segments.refresh", title="Refresh segments after a change of signals")
    add_notification_kind(NotificationKind(RAISED, "An account of yours has a new signal"))
    add_notification_kind(NotificationKind(HELD_BACK, "The daily limit holds signals back"))
    add_nav(NavEntry("Signals", "signals", Needs.READ, 12))
    add_tab("signals", Tab("Signals", "signals", 10))
    add_tab("account", Tab("Signals", "account_signals", 12))
    add_tab("settings", Tab("Signals", "signal_settings", 19))
    add_panel("account.aside", Panel("signals", "Signals", "signals/_panel.html", signals_panel, 10))
    add_source(Source("Signals", Needs.READ, find_signals, order=25))
    add_provider(Provider("signals", new_signals))
    register_exporter(SIGNALS)
    add_history("signal", lambda account_id: Signal.objects.filter(account_id=account_id).values_list("pk"))
    for criterion in CRITERIA:
        register_criterion(criterion)
    for source in SOURCES:
        add_timeline(source)
