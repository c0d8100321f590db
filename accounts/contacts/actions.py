"""Every write to contacts and their identities."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from accounts.accounts.models import Account
from accounts.contacts.identities import normalise_identities
from accounts.contacts.models import Contact, ContactIdentity
from accounts.usage.actions import request_measuring
from accounts.usage.touching import touch_people
from csworkspace.audit import actions as audit
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce

FIELDS = ("account", "name", "title", "role", "email", "phone", "left_on")


class IdentityTaken(ValueError):
    """An identity that means another contact already."""


def snapshot(contact: Contact) -> dict[str, Any]:
    """What the audit log keeps of a contact."""
    return {**audit.values_of(contact, FIELDS), "identities": identities_of(contact)}


def identities_of(contact: Contact) -> list[str]:
    """The contact's identities, in order."""
    return list(contact.identities.order_by("value").values_list("value", flat=True))


@transaction.atomic
def create_contact(
    account: Account, *, by: Actor, name: str, identities: Sequence[str] = (), **fields: Any
) -> Contact:
    """Add a person to an account. The e-mail is an identity by itself.

    Raises IdentityError, IdentityTaken.
    """
    contact = Contact.objects.create(account=account, name=name, **fields)
    changed = set_identities(contact, identities)
    audit.record("added", contact, by=by, after=snapshot(contact))
    redo_people([account.pk], changed, by=by)
    return contact


@transaction.atomic
def edit_contact(
    contact: Contact, *, by: Actor, identities: Sequence[str] | None = None, **fields: Any
) -> bool:
    """Change the given fields, and the identities when given; False if nothing differs.

    Raises IdentityError, IdentityTaken.
    """
    contact = Contact.objects.select_related("account").get(pk=contact.pk)
    before = snapshot(contact)
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save()
    kept = identities_of(contact) if identities is None else identities
    changed = set_identities(contact, kept)
    after = snapshot(contact)
    if before == after:
        return False
    audit.record("edited", contact, by=by, before=before, after=after)
    redo_people([contact.account_id], changed, by=by)
    return True


@transaction.atomic
def remove_contact(contact: Contact, *, by: Actor) -> None:
    """Delete a contact; usage stays with the account, under the bare identities."""
    before, account_id = snapshot(contact), contact.account_id
    identities = identities_of(contact)
    audit.record("removed", contact, by=by, before=before)
    contact.delete()
    redo_people([account_id], identities, by=by)


def set_identities(contact: Contact, identities: Sequence[str]) -> list[str]:
    """Replace a contact's identities; those that came or went. Raises IdentityError, IdentityTaken."""
    wanted = normalise_identities(identities, contact.email)
    check_free(wanted, contact)
    have = set(identities_of(contact))
    contact.identities.exclude(value__in=wanted).delete()
    # The account is repeated on each identity; a contact that moves takes them along.
    contact.identities.exclude(account_id=contact.account_id).update(account_id=contact.account_id)
    new = [
        ContactIdentity(account_id=contact.account_id, contact=contact, value=value)
        for value in wanted
        if value not in have
    ]
    try:
        with transaction.atomic():
            ContactIdentity.objects.bulk_create(new)
    except IntegrityError as error:
        raise IdentityTaken("Another contact has just taken one of these identities.") from error
    return sorted(have ^ set(wanted))


def check_free(identities: Iterable[str], contact: Contact) -> None:
    """Raise IdentityTaken if one of these means another contact."""
    taken = ContactIdentity.objects.select_related("contact", "account").filter(value__in=list(identities))
    other = taken.exclude(contact=contact).first()
    if other:
        raise IdentityTaken(f"{other.value} belongs to {other.contact.name} of {other.account.name} already.")


def redo_people(account_ids: Sequence[int], identities: Sequence[str], *, by: Actor) -> int:
    """Have the numbers of distinct people made again for the days these identities were active.

    How many people used something on a day depends on which identities are one person. Whoever
    counts the people of accounts hears of it. The number of accounts whose days are measured again.
    """
    if account_ids:
        announce("contacts.changed", by=by, account_ids=list(account_ids))
    if not identities or not account_ids:
        return 0
    touched = touch_people(account_ids, identities)
    if touched:
        request_measuring(by)
    return touched
