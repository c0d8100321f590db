"""What this concept puts into the slots of the floors below."""

from typing import Any

from accounts.accounts.history import add_history
from accounts.contacts.models import Contact
from accounts.contacts.palette import find_contacts
from accounts.contacts.queries import people_in_panel
from csworkspace.palette.slots import Source, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import Panel, Tab, add_panel, add_tab
from csworkspace.web.urls import workspace_url


def register() -> None:
    """Called once when the program starts."""
    add_source(Source("People", Needs.READ, find_contacts, order=20))
    add_tab("account", Tab("People", "account_people", 50))
    add_panel("account.aside", Panel("people", "People", "contacts/_panel.html", people_panel, 85))
    add_history("contact", lambda account_id: Contact.objects.filter(account_id=account_id).values("pk"))


def people_panel(request: Any, account: Any) -> dict[str, Any]:
    """The people who matter most, and how many there are."""
    people, total = people_in_panel(account.pk)
    return {"people": people, "total": total, "url": workspace_url(request, "account_people", account.pk)}
