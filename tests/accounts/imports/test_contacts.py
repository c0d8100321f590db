"""Contacts from CSV: matched by identity, put at their account, never twice."""

import io

import pytest

from accounts.accounts.actions import create_account
from accounts.book.actions import refresh_book
from accounts.contacts.actions import create_contact, identities_of
from accounts.contacts.models import Contact, ContactIdentity
from accounts.imports.exporters import CONTACTS
from csworkspace.audit.models import AuditEntry
from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Span
from tests.accounts.imports.makers import figures, load, reasons
from tests.kit import BY

ANN = "account,name,email,title,role,phone,identities\nA-1,Ann,Ann@h.example,CTO,Champion,+1 2,u-7;u-8\n"


@pytest.fixture
def harbour(here):
    return create_account(by=BY, name="Harbour", external_id="A-1", domains=["h.example"])


def test_every_field_and_again(harbour):
    assert figures(load("contacts", ANN)) == (1, 1, 0, 0, 0)
    ann = Contact.objects.get()
    assert (ann.account, ann.name, ann.email, ann.title, ann.role, ann.phone) == (
        harbour,
        "Ann",
        "ann@h.example",
        "CTO",
        "champion",
        "+1 2",
    )
    assert identities_of(ann) == ["ann@h.example", "u-7", "u-8"]
    assert figures(load("contacts", ANN)) == (1, 0, 0, 1, 0)
    assert figures(load("contacts", ANN.replace("CTO", "CEO"))) == (1, 0, 1, 0, 0)
    entries = AuditEntry.objects.filter(object_type="contact").order_by("id")
    assert [(e.verb, e.before, e.after.get("account")) for e in entries] == [
        ("imported", {}, "Harbour"),
        ("updated by import", {"title": "CTO"}, None),
    ]


def test_the_account_by_id_domain_name_or_email(harbour, here):
    people = "A-1,A,a@x.example\nH.example,B,b@x.example\nharBOUR,C,c@x.example\n,D,d@h.example\n"
    text = f"account,name,email\n{people}"
    assert figures(load("contacts", text)) == (4, 4, 0, 0, 0)
    assert set(Contact.objects.values_list("account_id", flat=True)) == {harbour.pk}


def test_rows_that_cannot_be_used(harbour, here):
    create_account(by=BY, name="Twin", external_id="T-1")
    create_account(by=BY, name="Twin", external_id="T-2")
    create_contact(harbour, by=BY, name="Ann", identities=["u-1"])
    create_contact(harbour, by=BY, name="Bob", identities=["u-2"])
    text = (
        "account,name,email,user_id,role\n"
        "Twin,A,a@x.example,,\n"
        "Nowhere,B,b@x.example,,\n"
        ",C,c@x.example,,\n"
        "A-1,,d@x.example,,\n"
        "A-1,E,,,\n"
        "A-1,F,,u-1;u-2,\n"
        "A-1,G,not-an-email,,boss\n"
        "A-1,H,h@x.example,,\n"
        "A-1,I,H@x.example,,\n"
    )
    batch = load("contacts", text)
    assert figures(batch) == (9, 1, 0, 0, 8)
    assert [(row, field, reason[:48]) for row, field, reason in reasons(batch)] == [
        (2, "account", "2 accounts are called “Twin”; give the external "),
        (3, "account", "There is no account “Nowhere”; import the accoun"),
        (4, "account", "No account has the domain of this e-mail; map or"),
        (5, "name", "The person is new and needs a name; fill it in o"),
        (6, "email", "The row has neither an e-mail nor an identity; g"),
        (7, "identities", "The row's identities belong to Ann and Bob; spli"),
        (8, "email", "“not-an-email” is not an e-mail address."),
        (8, "role", "“boss” is no role; use one of: sponsor, champion"),
        (10, "email", "Row 9 has the identity h@x.example too; keep one"),
    ]


def test_a_person_who_moves_takes_identities_along(harbour, here):
    load("contacts", ANN)
    create_account(by=BY, name="Other", external_id="O-1")
    assert figures(load("contacts", "account,email\nO-1,ann@h.example\n")) == (1, 0, 1, 0, 0)
    assert set(ContactIdentity.objects.values_list("account__name", flat=True)) == {"Other"}


def test_a_dry_run_changes_nothing(harbour):
    assert figures(load("contacts", ANN, dry=True)) == (1, 1, 0, 0, 0)
    assert not Contact.objects.exists()


def test_an_export_imports_again_unchanged(harbour, here):
    load("contacts", ANN)
    create_contact(here.account, by=BY, name="=Bob", identities=["+7"])
    # An account without id and domain is found by its name, which the book knows.
    refresh_book()
    out = io.StringIO()
    write_rows(out, CONTACTS.header, CONTACTS.rows(Span()))
    assert figures(load("contacts", out.getvalue())) == (2, 0, 0, 2, 0)


def test_the_lookalikes_people_are_not_met(harbour, here, elsewhere):
    elsewhere.open()
    theirs = create_contact(elsewhere.account, by=BY, name="Ann", email="ann@h.example")
    here.open()
    assert figures(load("contacts", ANN)) == (1, 1, 0, 0, 0)
    elsewhere.open()
    assert [c.pk for c in Contact.objects.all()] == [theirs.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_literal_number_of_statements(harbour, django_assert_num_queries, rows):
    text = "account,name,email\n" + "".join(f"A-1,N{n},n{n}@h.example\n" for n in range(rows))
    with django_assert_num_queries(24):
        load("contacts", text)
