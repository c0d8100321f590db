"""Contacts and their identities."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from accounts.accounts.actions import create_account
from accounts.contacts import actions
from accounts.contacts.identities import IdentityError, normalise_email, normalise_identity
from accounts.contacts.models import Contact, ContactIdentity
from accounts.imports.models import Batch
from accounts.usage.models import Event, TouchedDays
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from tests.kit import BY


def identities(contact):
    return actions.identities_of(contact)


def make_event(account, user_key, day):
    moment = datetime(2026, 1, day, 12, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("select ensure_event_months('2026-01-01', '2026-01-31')")
    batch = Batch.objects.create(kind="events", source="test", actor="test")
    Event.objects.create(
        batch_id=batch.pk,
        account=account,
        account_key="id:x",
        event_id=f"{user_key}-{day}",
        user_key=user_key,
        user_name="",
        feature="f",
        quantity=1,
        occurred_at=moment,
        received_at=moment,
        recorded_at=moment,
    )


def days():
    found = TouchedDays.objects.values_list("account_id", "days")
    return sorted({(account_id, day) for account_id, touched in found for day in touched})


def test_the_email_is_an_identity_by_itself(here):
    contact = actions.create_contact(
        here.account, by=BY, name="Ann", email="ann@acme.example", identities=["U-7", " ANN@other.example "]
    )
    assert identities(contact) == ["U-7", "ann@acme.example", "ann@other.example"]
    entry = AuditEntry.objects.get(object_type="contact")
    assert (entry.verb, entry.after["identities"]) == (
        "added",
        ["U-7", "ann@acme.example", "ann@other.example"],
    )


def test_an_identity_means_one_person(here, elsewhere):
    actions.create_contact(here.account, by=BY, name="Ann", email="ann@acme.example")
    with pytest.raises(actions.IdentityTaken) as error:
        actions.create_contact(here.account, by=BY, name="Bob", identities=["Ann@Acme.example"])
    assert str(error.value) == "ann@acme.example belongs to Ann of Acme Industries already."
    assert Contact.objects.count() == 1
    elsewhere.open()
    actions.create_contact(elsewhere.account, by=BY, name="Ann", email="ann@acme.example")


def test_editing_replaces_identities_only_when_given(here):
    contact = actions.create_contact(here.account, by=BY, name="Ann", email="a@x.example", identities=["U-7"])
    assert actions.edit_contact(contact, by=BY, name="Anna") is True
    assert identities(contact) == ["U-7", "a@x.example"]
    assert actions.edit_contact(contact, by=BY, identities=["U-8"]) is True
    assert identities(contact) == ["U-8", "a@x.example"]
    assert actions.edit_contact(contact, by=BY, identities=["U-8"]) is False


def test_a_new_identity_has_its_days_measured_again(here):
    make_event(here.account, "u-7", 3)
    make_event(here.account, "u-7", 4)
    make_event(here.account, "somebody", 5)
    TouchedDays.objects.all().delete()
    contact = actions.create_contact(here.account, by=BY, name="Ann", identities=["u-7"])
    assert days() == [(here.account.pk, date(2026, 1, 3)), (here.account.pk, date(2026, 1, 4))]
    assert Job.objects.filter(kind="measure").count() == 1
    TouchedDays.objects.all().delete()
    actions.edit_contact(contact, by=BY, name="Anna")
    assert days() == []
    actions.remove_contact(contact, by=BY)
    assert len(days()) == 2
    assert not ContactIdentity.objects.exists()


def test_a_contact_that_moves_takes_its_identities_along(here):
    other = create_account(by=BY, name="Other")
    contact = actions.create_contact(here.account, by=BY, name="Ann", identities=["u-7"])
    actions.edit_contact(contact, by=BY, account=other)
    assert ContactIdentity.objects.get().account == other


@pytest.mark.parametrize("text", ["", "x" * 255, "a\x00b"])
def test_what_is_no_identity(text):
    with pytest.raises(IdentityError):
        normalise_identity(text)


def test_emails_are_lower_case_and_ids_as_they_are():
    assert (normalise_identity(" Ann@X.example "), normalise_identity(" Ann7 ")) == ("ann@x.example", "Ann7")
    assert normalise_email("") == ""
    with pytest.raises(IdentityError, match="“ann” is not an e-mail address"):
        normalise_email("ann")


def test_who_counts_people_hears_of_them(here):
    contact = actions.create_contact(here.account, by=BY, name="Ada", email="ada@acme.example")
    actions.edit_contact(contact, by=BY, title="Lead")
    actions.remove_contact(contact, by=BY)
    heard = Job.objects.filter(title="Refresh segments after a change of contacts").order_by("id")
    assert [job.args for job in heard] == [{"account_ids": [here.account.pk]}] * 3
