"""Who writes, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from django.db import models
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.contacts.models import Contact, ContactRole
from accounts.incidents.exposed import exposed_contacts
from accounts.incidents.models import Incident
from csworkspace.audit.models import AuditEntry
from csworkspace.mail.addresses import MailRefused, check_address
from csworkspace.people.models import Membership, Role
from playbooks.indicators.models import Reading
from playbooks.signals.models import Signal
from playbooks.signals.queries import named_in

# Without a signal that names one: how far back incidents are looked through, and how many.
LATELY, TRIED = timedelta(days=60), 5
FIRST = (ContactRole.SPONSOR, ContactRole.CHAMPION, ContactRole.ADMIN)


class To(models.TextChoices):
    """Whom an e-mail step writes to."""

    CHAMPION = "champion", "The champion"
    SPONSOR = "sponsor", "The executive sponsor"
    ADMIN = "admin", "The administrator"
    SUCCESSOR = "successor", "The successor of the contact who left or fell silent"
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


def successor_of(account_id: int, people: list[Contact], signal: Signal | None = None) -> Contact | None:
    """Who came last, in the role of the contact before and after them; at most four queries.

    The contact before is whom the signal's indicator named, else whoever left last. A colleague of theirs
    comes after them by taking the role over: the history of contacts tells.
    """
    before = named_by(signal)
    if before is None:
        left = Contact.objects.filter(account_id=account_id).exclude(left_on=None)
        before = left.order_by("-left_on", "-pk").first()
    if before is None:
        return None
    others = [one for one in people if one.role == before.role and one.pk != before.pk]
    took_over = _took_over(others, before)
    after = [one for one in others if one.pk > before.pk or one.pk in took_over]
    return max(after, key=lambda one: (took_over.get(one.pk, one.created_at), one.pk), default=None)


def _took_over(others: Sequence[Contact], before: Contact) -> dict[int, datetime]:
    """Those who got the role after the contact before was entered → when; one query if there are any."""
    earlier = [one.pk for one in others if one.pk < before.pk]
    if not earlier:
        return {}
    edits = AuditEntry.objects.filter(object_type="contact", object_id__in=earlier, verb="edited")
    taken = edits.filter(at__gt=before.created_at, after__role=before.role)
    return {entry.object_id or 0: entry.at for entry in taken.order_by("at")}


def named_by(signal: Signal | None) -> Contact | None:
    """The contact whom a signal's indicator named last, such as who fell silent; two queries."""
    if signal is None or signal.indicator_id is None:
        return None
    readings = Reading.objects.filter(account_id=signal.account_id, indicator_id=signal.indicator_id)
    named = readings.filter(detail__contact__gt=0).order_by("-day", "-pk").first()
    pk = named.detail["contact"] if named else None
    return Contact.objects.filter(account_id=signal.account_id, pk=pk).first() if pk else None


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
    signal: names the incident, for those who met it, and the contact before, for a successor.
    """
    people = contacts_of(account_id)
    met = _exposed(account_id, signal) if to == To.EXPOSED else set()
    successor = successor_of(account_id, people, signal) if to == To.SUCCESSOR else None
    asked = [successor] if successor else []
    asked += [one for one in people if to == To.ALL or one.role == to or one.pk in met]
    reachable = [one for one in asked if has_address(one)]
    without = [one.name for one in asked if one not in reachable]
    if reachable or not main_instead:
        return Recipients(_each_address_once(reachable), without)
    main = next((one for one in people if has_address(one)), None)
    return Recipients([main] if main else [], without, instead=main is not None)


def _exposed(account_id: int, signal: Signal | None) -> set[int]:
    """Who met the incident of the signal, or of a play that was started without one the latest they met."""
    named = incident_of(signal)
    lately = Incident.objects.filter(started_at__gt=timezone.now() - LATELY).order_by("-started_at", "-pk")
    for incident in [named] if named else lately[:TRIED]:
        if met := exposed_contacts(incident, account_id):
            return met
    return set()


def incident_of(signal: Signal | None) -> Incident | None:
    """The incident that a signal's evidence names; None without one."""
    pk = named_in(signal.evidence, "incident") if signal else None
    return Incident.objects.filter(pk=pk).first() if pk is not None else None


def _each_address_once(contacts: list[Contact]) -> list[Contact]:
    found: dict[str, Contact] = {}
    for one in contacts:
        found.setdefault(one.email.lower(), one)
    return list(found.values())


def sender_for(account: Account, leads: Membership | None = None) -> Sender | None:
    """The account's owner; else who leads the play, else a manager or admin; None if nobody is active."""
    if _is_here(account.owner):
        return Sender(account.owner)
    found = leads if leads and _is_here(leads) else _stand_in()
    if found is None:
        return None
    why = f"{account.owner} is not active any more" if account.owner else "the account has no owner"
    return Sender(found, f"Signed by {found}, because {why}.")


def _is_here(member: Membership | None) -> TypeGuard[Membership]:
    return member is not None and member.is_active and member.user.is_active


def _stand_in() -> Membership | None:
    others = Membership.objects.select_related("user").filter(
        role__in=[Role.MANAGER, Role.ADMIN], is_active=True, user__is_active=True
    )
    # Managers before admins: "manager" is later in the alphabet.
    return others.order_by("-role", "user__name", "pk").first()
