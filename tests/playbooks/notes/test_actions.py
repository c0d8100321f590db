"""Writing notes: who was there, what follows, who is told."""

from datetime import date

import pytest

from accounts.contacts.models import Contact
from csworkspace.audit.models import AuditEntry
from csworkspace.notifications.models import Notification
from csworkspace.people.models import Membership, Role
from csworkspace.web.versions import Conflict
from playbooks.notes.actions import (
    FollowUp,
    Present,
    Written,
    edit_note,
    keep_attendee,
    remove_note,
    restore_note,
    write_note,
)
from playbooks.notes.models import Attendee, Mention, Note
from playbooks.notes.queries import last_met, meetings_around, notes
from playbooks.tasks.models import Task
from tests.kit import make_person
from tests.playbooks.notes.kit import actor_of, attend, days_ago, make_contact, make_note


@pytest.fixture
def by(here):
    return actor_of(here.members["csm"])


def add_colleague(name, email):
    return Membership.objects.create(user=make_person(email, name), role=Role.CSM)


def told():
    return list(
        Notification.objects.filter(kind="mention")
        .order_by("member", "pk")
        .values_list("member", "key", "page", "page_args")
    )


def there(note):
    return list(note.attendees.order_by("name").values_list("name", "contact", "member"))


def test_a_meeting_with_everything(here, by):
    ruth, manager = make_contact(here.account), here.members["manager"]
    present = Present([ruth], [here.members["csm"]], ["Signe Aas"])
    follow = [FollowUp("Send the agenda", manager.pk, date(2030, 7, 4)), FollowUp("Think")]
    note, named = write_note(
        here.account,
        Written("Review", "Went **well**", "meeting", days_ago(1), 60, "Bergen", present, follow),
        by=by,
    )
    assert (note.author_id, note.actor, note.minutes, note.place) == (
        here.members["csm"].pk,
        by.label,
        60,
        "Bergen",
    )
    assert there(note) == [
        ("Csm of Northwind", None, here.members["csm"].pk),
        ("Ruth Kessler", ruth.pk, None),
        ("Signe Aas", None, None),
    ]
    tasks = Task.objects.filter(note=note).order_by("pk").values_list("title", "owner", "due_on", "account")
    assert list(tasks) == [
        ("Send the agenda", manager.pk, date(2030, 7, 4), here.account.pk),
        ("Think", None, None, here.account.pk),
    ]
    entry = AuditEntry.objects.get(object_type="note")
    assert (entry.verb, entry.object_id, entry.after["attendees"]) == (
        "wrote", note.pk, ["Csm of Northwind", "Ruth Kessler", "Signe Aas"],
    )  # fmt: skip
    assert (named, told()) == ([], [])


def test_who_is_named_is_told_once_even_after_edits(here, by):
    priya = add_colleague("Priya Raman", "priya@northwind.example")
    note, named = write_note(here.account, Written("Look", "@Priya Raman and @priya, @nobody"), by=by)
    assert [one.pk for one in named] == [priya.pk, priya.pk, None]
    assert told() == [(priya.pk, f"note {note.pk} mention", "note", [note.pk])]
    row = Notification.objects.get()
    assert (row.kind, row.title) == ("mention", "Csm of Northwind mentioned you: Look")
    tomas = add_colleague("Tomás Herrera", "tomas@northwind.example")
    edit_note(note, Written("Look", "@priya @tomas"), by=by)
    edit_note(note, Written("Look", "@tomas"), by=by)
    edit_note(note, Written("Look", "@priya @tomas again"), by=by)
    assert told() == [(one.pk, f"note {note.pk} mention", "note", [note.pk]) for one in (priya, tomas)]
    assert sorted(Mention.objects.values_list("member", flat=True)) == sorted([priya.pk, tomas.pk])


def test_nobody_tells_themselves(here, by):
    write_note(here.account, Written("Look", "@csm"), by=by)
    assert (told(), Mention.objects.count()) == ([], 1)


def test_only_active_staff_of_this_workspace_is_named(here, elsewhere, by):
    gone = add_colleague("Gone Person", "gone@northwind.example")
    Membership.objects.filter(pk=gone.pk).update(is_active=False)
    customer = Membership.objects.create(
        user=make_person("ruth@acme.example", "Ruth Kessler"), role=Role.VIEWER
    )
    elsewhere.open()
    add_colleague("Lookalike Colleague", "lookalike@northwind-traders.example")
    here.open()
    text = "@Gone Person @Ruth Kessler @Lookalike Colleague"
    _, named = write_note(here.account, Written("Look", text), by=by)
    assert [(one.typed, one.pk) for one in named] == [("@Gone", None), ("@Ruth", None), ("@Lookalike", None)]
    assert (told(), customer.pk in Mention.objects.values_list("member", flat=True)) == ([], False)


def test_two_of_a_name_are_not_told(here, by):
    add_colleague("Anna Lind", "lind@northwind.example")
    add_colleague("Anna Berg", "berg@northwind.example")
    _, named = write_note(here.account, Written("Look", "@Anna"), by=by)
    assert [one.could_be for one in named] == [("Anna Berg", "Anna Lind")]
    assert told() == []


def test_a_typed_name_that_a_contact_has_is_the_contact(here, by):
    ruth = make_contact(here.account)
    make_contact(here.account, "Twin")
    make_contact(here.account, "Twin")
    note, _ = write_note(here.account, Written("x", present=Present(names=["ruth kessler", "Twin"])), by=by)
    assert there(note) == [("Ruth Kessler", ruth.pk, None), ("Twin", None, None)]


def test_typed_names_may_become_contacts(here, by):
    present = Present(names=["Signe Aas"], keep_names=True)
    note, _ = write_note(here.account, Written("x", present=present), by=by)
    signe = Contact.objects.get(account=here.account)
    assert there(note) == [("Signe Aas", signe.pk, None)]
    other, _ = write_note(here.account, Written("y", present=Present(names=["Per Lund"])), by=by)
    keep_attendee(other.attendees.get(), by=by)
    keep_attendee(other.attendees.get(), by=by)
    assert list(Contact.objects.order_by("pk").values_list("name", flat=True)) == ["Signe Aas", "Per Lund"]
    assert other.attendees.get().contact.name == "Per Lund"


def test_editing_keeps_who_was_there_already(here, by):
    ruth = make_contact(here.account)
    note, _ = write_note(here.account, Written("x", present=Present([ruth], names=["Per"])), by=by)
    kept = note.attendees.get(contact=ruth).pk
    edit_note(note, Written("x", present=Present([ruth], [here.members["csm"]])), by=by)
    assert list(Attendee.objects.order_by("pk").values_list("pk", "name")) == [
        (kept, "Ruth Kessler"),
        (kept + 2, "Csm of Northwind"),
    ]
    edit_note(note, Written("y"), by=by)
    assert Attendee.objects.count() == 2


def test_a_second_editor_is_refused(here, by):
    note = make_note(here.account)
    edit_note(note, Written("Mine", happened_at=note.happened_at), by=by, version=1)
    with pytest.raises(Conflict):
        edit_note(note, Written("Theirs"), by=by, version=1)
    note.refresh_from_db()
    assert (note.title, note.version, note.edited_at is not None) == ("Mine", 2, True)


def test_an_edit_that_changes_nothing_leaves_no_trace(here, by):
    note = make_note(here.account)
    edit_note(note, Written(note.title, kind=note.kind, happened_at=note.happened_at), by=by, version=1)
    note.refresh_from_db()
    assert (note.version, note.edited_at, AuditEntry.objects.filter(object_type="note").count()) == (
        1,
        None,
        0,
    )


def test_what_is_taken_away_is_kept_and_comes_back(here, by):
    note = make_note(here.account)
    remove_note(note, by=by)
    remove_note(note, by=by)
    assert (list(notes()), Note.objects.count()) == ([], 1)
    restore_note(note, by=by)
    assert list(notes()) == [note]
    verbs = AuditEntry.objects.filter(object_type="note").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["removed", "restored"]


def test_last_and_next_meeting(here, elsewhere, by, django_assert_num_queries):
    ruth, per = make_contact(here.account), make_contact(here.account, "Per Lund")
    first = make_note(here.account, "First", 30, kind="meeting")
    last = make_note(here.account, "Last", 3, kind="meeting")
    soon = make_note(here.account, "Soon", -2, kind="meeting")
    make_note(here.account, "Later", -9, kind="meeting")
    make_note(here.account, "Call", 1, kind="call")
    make_note(here.account, "Gone", 1, kind="meeting", removed_at=days_ago(0))
    for note, contact in ((first, per), (last, ruth), (soon, per)):
        attend(note, contact)
    Attendee.objects.create(account=here.account, note=last, member=here.members["csm"], name="Csm")
    elsewhere.open()
    make_note(elsewhere.account, "Theirs", 1, kind="meeting")
    here.open()
    with django_assert_num_queries(1):
        found = meetings_around(here.account.pk, days_ago(0))
    assert [(one.title, one.is_next, one.people) for one in found] == [
        ("Last", False, ["Ruth Kessler"]),
        ("Soon", True, ["Per Lund"]),
    ]
    with django_assert_num_queries(1):
        assert last_met(here.account.pk, days_ago(0)) == {
            ruth.pk: last.happened_at,
            per.pk: first.happened_at,
        }
