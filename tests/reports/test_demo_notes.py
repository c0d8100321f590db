"""What the demo company wrote down."""

from datetime import date

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.notifications.models import Notification
from csworkspace.people.models import Membership
from playbooks.notes.models import Mention, Note
from playbooks.tasks.models import Task
from reports.demo.cast import TEAM
from reports.demo.notes import BRIGHTWELL, TOLD, write_notes
from tests.kit import make_person

TODAY = date(2026, 11, 26)


def test_the_entries_are_written_once_by_who_wrote_them(here):
    people = {
        name: Membership.objects.create(user=make_person(f"{local}@t.example", name), role=role)
        for name, local, role in TEAM
    }
    account = Account.objects.create(name=BRIGHTWELL, owner=people["Priya Raman"])
    ruth = Contact.objects.create(account=account, name="Ruth Kessler", role="sponsor")
    for _ in range(2):
        write_notes(TODAY)
    told = [one for one in TOLD if one.account == BRIGHTWELL]
    assert sorted(Note.objects.values_list("title", "actor")) == sorted(
        (one.title, one.author) for one in told
    )
    kick_off = Note.objects.get(title="Kick-off of the success plan")
    assert list(kick_off.attendees.order_by("name").values_list("name", "contact")) == [
        ("Priya Raman", None),
        ("Ruth Kessler", ruth.pk),
    ]
    assert Task.objects.count() == sum(len(one.todos) for one in told) == 2
    named = {people["Priya Raman"].pk, people["Tomás Herrera"].pk}
    assert set(Mention.objects.values_list("member", flat=True)) == named
    assert set(Notification.objects.values_list("member", flat=True)) == named
