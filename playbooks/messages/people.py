"""Who writes, and to whom."""

from dataclasses import dataclass

from django.db import models

from accounts.accounts.models import Account
from accounts.contacts.models import Contact, ContactRole
from accounts.incidents.exposed import exposed_contacts
from accounts.incidents.models import Incident
from csworkspace.mail.addresses import MailRefused, check_address
from csworkspace.people.models import Membership, Role
from playbooks.signals.models import Signal

FIRST = (ContactRole.SPONSOR, ContactRole.CHAMPION, ContactRole.ADMIN)


class To(models.TextChoices):
    """Whom an e-mail step writes to."""

    CHAMPION = "champion", "The champion"
    SPONSOR = "sponsor", "The executive sponsor"
    ADMIN = "admin", "The administrator"
    SUCCESSOR = "successor", "The newest contact in the role that was left"
    EXPOSED = "exposed", "The people who met the incident"
    ALL = "all", "Everybody at the account"


@dataclass(frozen=True)
class Recipients:
    """Whom a mail goes to, and whom it cannot reach; `instead`: nobody had the role that was asked for."""

    contacts: list[Contact]
    without_address: list[str]
    instead: bool = False


@dataclass(frozen=True)
class Sender:
    """Who signs, and why it is not the account's owner if it is somebody else."""

    member: Membership
    note: str = ""


def contacts_of(account_id: int) -> list[Contact]:
    """The account's people who are still there, sponsors and champions first; one query."""
    found = Contact.objects.filter(account_id=account_id, left_on=None)
    order = {role: number for number, role in enumerate(FIRST)}
    return sorted(found, key=lambda one: (order.get(ContactRole(one.role), 9), one.name, one.pk))


def successor_of(account_id: int, people: list[Contact]) -> Contact | None:
    """Who came last, after whoever left last, in the same role; one query."""
    left = Contact.objects.filter(account_id=account_id).exclude(left_on=None)
    leaver = left.order_by("-left_on", "-pk").first()
    after = [one for one in people if leaver and one.role == leaver.role and one.pk > leaver.pk]
    return max(after, key=lambda one: one.pk, default=None)


def has_address(contact: Contact) -> bool:
    """Whether a mail can be written to a contact."""
    try:
        return bool(check_address(contact.email))
    except MailRefused:
        return False


def recipients_of(
    account_id: int, to: str, *, main_instead: bool, signal: Signal | None = None
) -> Recipients:
    """The account's people in a role; if none of them can be written to, the main contact if wished.

    The main contact is the first with an address: sponsor, champion, administrator, then by name.
    signal: names the incident, for those who met it.
    """
    people = contacts_of(account_id)
    met = _exposed(account_id, signal) if to == To.EXPOSED else set()
    asked = [successor] if to == To.SUCCESSOR and (successor := successor_of(account_id, people)) else []
    asked += [one for one in people if to == To.ALL or one.role == to or one.pk in met]
    reachable = [one for one in asked if has_address(one)]
    without = [one.name for one in asked if one not in reachable]
    if reachable or not main_instead:
        return Recipients(_each_address_once(reachable), without)
    main = next((one for one in people if has_address(one)), None)
    return Recipients([main] if main else [], without, instead=main is not None)


def _exposed(account_id: int, signal: Signal | None) -> set[int]:
    incident = incident_of(signal)
    return exposed_contacts(incident, account_id) if incident else set()


def incident_of(signal: Signal | None) -> Incident | None:
    """The incident that a signal's evidence names; None without one."""
    rows = signal.evidence if signal and isinstance(signal.evidence, list) else []
    for row in rows:
        args = row.get("args") if isinstance(row, dict) and row.get("page") == "incident" else None
        if isinstance(args, list) and args and isinstance(args[0], int):
            return Incident.objects.filter(pk=args[0]).first()
    return None


def _each_address_once(contacts: list[Contact]) -> list[Contact]:
    found: dict[str, Contact] = {}
    for one in contacts:
        found.setdefault(one.email.lower(), one)
    return list(found.values())


def sender_for(account: Account) -> Sender | None:
    """The account's owner; a manager or admin if there is none who is active; None if nobody is."""
    owner = account.owner
    if owner and owner.is_active and owner.user.is_active:
        return Sender(owner)
    others = Membership.objects.select_related("user").filter(
        role__in=[Role.MANAGER, Role.ADMIN], is_active=True, user__is_active=True
    )
    # Managers before admins: "manager" is later in the alphabet.
    found = others.order_by("-role", "user__name", "pk").first()
    if found is None:
        return None
    why = f"{owner} is not active any more" if owner else "the account has no owner"
    return Sender(found, f"Signed by {found}, because {why}.")
