"""Reads about the people of an account."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, OuterRef, QuerySet, Value, When, Window

from accounts.contacts.models import Contact, ContactIdentity, ContactRole
from csworkspace.web import times

SHOWN = 500
IN_PANEL = 5


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
    rank = {ContactRole.SPONSOR: 0, ContactRole.CHAMPION: 1, ContactRole.ADMIN: 2}
    found = Contact.objects.filter(account_id=account_id, left_on=None)
    first = found.annotate(total=Window(Count("pk"))).order_by(role_order(rank), "name", "pk")[:IN_PANEL]
    people: list[Any] = list(first)
    return [person_of(contact) for contact in people], people[0].total if people else 0


def role_order(rank: dict[ContactRole, int]) -> Any:
    """An expression that puts roles in this order, the others after them."""
    return Case(*(When(role=role, then=Value(at)) for role, at in rank.items()), default=Value(len(rank)))


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
