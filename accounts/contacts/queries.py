"""Reads about the people of an account."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet

from accounts.contacts.models import Contact, ContactIdentity, ContactRole
from csworkspace.web import times

SHOWN = 500
SHOWN_IN_PANEL = 5
FIRST = (ContactRole.SPONSOR.value, ContactRole.CHAMPION.value, ContactRole.ADMIN.value)
IN_PANEL = """
select id, name, title, role, email, phone, count(*) over () from accounts_contact
where account_id = %s and left_on is null
order by array_position(%s::text[], role::text), name, id limit %s
"""


@dataclass(frozen=True)
class Person:
    """A contact as the pages print it."""

    pk: int
    name: str
    title: str
    role: str
    email: str
    phone: str
    identities: str
    left: str


def with_identities() -> QuerySet[Contact]:
    """Contacts with `identity_list`, in one query."""
    identities = ContactIdentity.objects.filter(contact=OuterRef("pk")).order_by("value")
    return Contact.objects.annotate(identity_list=ArraySubquery(identities.values("value")))


def people_of(account_id: int) -> list[Person]:
    """The account's people, those still there first, by name; at most SHOWN."""
    found = with_identities().filter(account_id=account_id)
    return [
        person_of(contact)
        for contact in found.order_by(F("left_on").desc(nulls_first=True), "name", "pk")[:SHOWN]
    ]


def people_in_panel(account_id: int) -> tuple[list[Person], int]:
    """A few of the people who are still there, sponsors and champions first, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(IN_PANEL, [account_id, list(FIRST), SHOWN_IN_PANEL])
        rows = cursor.fetchall()
    people = [Person(pk, name, title, ContactRole(role).label, email, phone, "", "")
              for pk, name, title, role, email, phone, _ in rows]  # fmt: skip
    return people, rows[0][-1] if rows else 0


def person_of(contact: Any) -> Person:
    """A contact, ready to print."""
    others = [value for value in getattr(contact, "identity_list", []) if value != contact.email]
    left = f"Left {times.day(contact.left_on)}" if contact.left_on else ""
    return Person(
        contact.pk,
        contact.name,
        contact.title,
        ContactRole(contact.role).label,
        contact.email,
        contact.phone,
        ", ".join(others),
        left,
    )
