"""What this concept puts into the slots of the floors below."""

from accounts.accounts.history import add_history
from accounts.contacts.facts import PersonFact, add_person_fact
from csworkspace.notifications.models import EmailWhen
from csworkspace.notifications.registry import NotificationKind, add_notification_kind
from csworkspace.palette.slots import Source, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import Panel, add_panel
from playbooks.notes.actions import MENTION
from playbooks.notes.happenings import NOTES
from playbooks.notes.palette import find_notes
from playbooks.notes.panels import meetings_panel, met_words, quick_panel
from playbooks.notes.queries import notes
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots; called once at start."""
    add_notification_kind(NotificationKind(MENTION, "Somebody mentions you in a note", EmailWhen.AT_ONCE))
    add_timeline(NOTES)
    add_source(Source("Notes and meetings", Needs.READ, find_notes, order=40))
    add_history("note", lambda account_id: notes().filter(account_id=account_id).values_list("pk"))
    add_person_fact(PersonFact("Last met", met_words))
    add_panel("account.aside", Panel("meetings", "Meetings", "notes/_panel.html", meetings_panel, 45))
    add_panel("account.timeline", Panel("quick", "Write a note", "notes/_quick.html", quick_panel, 10))
