"""The pages of notes."""

import uuid
from datetime import UTC, datetime

import pytest

from accounts.contacts.models import Contact
from csworkspace.notifications.models import Notification
from csworkspace.people.models import Membership, Role
from playbooks.notes.actions import Written, remove_note, write_note
from playbooks.notes.models import Attendee, Note
from playbooks.tasks.models import Task
from tests.kit import BY, client_of, make_person
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.notes.kit import attend, days_ago, make_contact, make_note

NEW_QUERIES, NOTE_QUERIES = 16, 18


def messages(response):
    return [str(message) for message in response.context["messages"]]


def form_of(**values):
    return {"kind": "meeting", "title": "Review", "happened_at": "2026-03-14T10:30", "text": "", **values}


def url_new(here):
    return here.url(f"accounts/{here.account.pk}/notes/new/")


def test_a_meeting_is_logged_with_a_follow_up_and_a_mention(here, csm):
    ruth, manager = make_contact(here.account), here.members["manager"]
    sent = form_of(
        text="Ask @manager and @stranger", minutes="45", place="Bergen", contacts=[ruth.pk],
        members=[manager.pk], names="Signe Aas, Signe Aas; Per", todo_0="Send it", owner_0=manager.pk,
        due_0=TODAY.isoformat(),
    )  # fmt: skip
    answer = csm.post(url_new(here), sent, follow=True)
    note = Note.objects.get()
    assert answer.redirect_chain == [(here.url(f"notes/{note.pk}/"), 302)]
    assert messages(answer) == [
        "“Review” is on the timeline.",
        "@stranger is nobody of the team, so nobody was told.",
    ]
    assert [(one.name, one.note) for one in answer.context["people"]] == [
        ("Ruth Kessler", "User"),
        ("Signe Aas", "Not among the people yet"),
        ("Per", "Not among the people yet"),
        ("Manager of Northwind", "Our side"),
    ]
    assert [(one.title, one.owner, one.state) for one in answer.context["follow_ups"]] == [
        ("Send it", "Manager of Northwind", "Open")
    ]
    link = f'<a class="mention" href="{here.url("book/")}?owner={manager.pk}">@Manager of Northwind</a>'
    assert answer.context["text"].strip() == f"<p>Ask {link} and @stranger</p>"
    assert Notification.objects.get(kind="mention").member == manager


def test_what_is_written_is_hostile(here, csm):
    evil = '"><script>alert(1)</script>'
    sent = form_of(title=evil, text=f"{evil} [x](javascript:alert(1))", place=evil, names=evil, todo_0=evil)
    page = csm.post(url_new(here), sent, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "javascript:alert(1)" in page  # as text
    assert 'href="javascript' not in page
    story = csm.get(here.url(f"accounts/{here.account.pk}/timeline/")).content.decode()
    assert ("<script>alert" in story, 'href="javascript' in story) == (False, False)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"title": " \x00"}, {"title": ["Null characters are not allowed."]}),
        ({"title": "\u202e"}, {"title": ["Say in one line what it was about."]}),
        ({"happened_at": "yesterday"}, {"happened_at": ["Enter a valid date/time."]}),
        ({"due_1": "2031-01-01"}, {"todo_1": ["Say what is to be done by then."]}),
        ({"todo_1": "x", "due_1": ago(1).isoformat()}, {"due_1": ["Choose today or a later day."]}),
        ({"minutes": "0"}, {"minutes": ["Ensure this value is greater than or equal to 1."]}),
        ({"names": "x," * 2 + ",".join(f"n{n}" for n in range(31))},
         {"names": ["At most 30 names; the others can stand in the notes."]}),
        ({"owner_0": "999999"},
         {"owner_0": ["Select a valid choice. 999999 is not one of the available choices."]}),
    ],
)  # fmt: skip
def test_wrong_input_is_refused_and_kept(here, csm, values, errors):
    answer = csm.post(url_new(here), form_of(place="Bergen", **values))
    assert (answer.status_code, dict(answer.context["form"].errors)) == (422, errors)
    assert 'value="Bergen"' in answer.content.decode()
    assert (Note.objects.count(), Task.objects.count()) == (0, 0)


def test_people_of_others_cannot_be_named(here, elsewhere, csm):
    other = make_contact(here.account.__class__.objects.create(name="Beta"), "Of Beta")
    elsewhere.open()
    theirs, member = make_contact(elsewhere.account, "Theirs"), elsewhere.members["csm"]
    here.open()
    answer = csm.post(url_new(here), form_of(contacts=[other.pk, theirs.pk], members=[member.pk]))
    assert set(answer.context["form"].errors) == {"contacts", "members"}


def test_the_quick_box_takes_the_first_line_as_title(here, csm):
    url = here.url(f"accounts/{here.account.pk}/notes/")
    answer = csm.post(url, {"kind": "call", "text": "Talked to Ruth\n\nShe is **fine**, @manager"})
    assert answer["Location"] == here.url(f"accounts/{here.account.pk}/timeline/")
    note = Note.objects.get()
    assert (note.kind, note.title, note.text) == ("call", "Talked to Ruth", "She is **fine**, @manager")
    assert Notification.objects.count() == 1
    long = "word " * 60
    csm.post(url, {"kind": "note", "text": long})
    note = Note.objects.latest("pk")
    assert (note.title.endswith("…"), len(note.title) <= 200, note.text) == (True, True, long.strip())
    wrong = csm.post(url, {"kind": "meeting", "text": ""})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"kind", "text"})


def test_editing_keeps_what_the_form_does_not_say(here, csm):
    note = make_note(here.account, "Talked", kind="meeting")
    attend(note, make_contact(here.account))
    page = csm.get(here.url(f"notes/{note.pk}/edit/"))
    initial = page.context["form"].initial
    sent = {name: value for name, value in initial.items() if value is not None}
    csm.post(here.url(f"notes/{note.pk}/edit/"), {**sent, "title": "Met", "version": 1})
    before = note.happened_at
    note.refresh_from_db()
    assert (note.title, note.version, note.happened_at) == ("Met", 2, before)
    assert [one.name for one in note.attendees.all()] == ["Ruth Kessler"]


def test_the_second_editor_is_told(here, csm):
    note = make_note(here.account, "Talked")
    url = here.url(f"notes/{note.pk}/edit/")
    csm.post(url, form_of(title="First", version=1))
    answer = csm.post(url, form_of(title="Second", version=1))
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.content.decode()
    note.refresh_from_db()
    assert note.title == "First"


def test_taken_away_and_brought_back(here, csm):
    note = make_note(here.account, "Talked", text="A secret")
    answer = csm.post(here.url(f"notes/{note.pk}/removals/"), follow=True)
    assert messages(answer) == ["“Talked” was taken away."]
    assert (answer.context["top_panels"][0]["data"]["removed"], answer.context["parts"]) == (note, [])
    gone = csm.get(here.url(f"notes/{note.pk}/"))
    assert (gone.status_code, "A secret" in gone.content.decode()) == (410, False)
    for path in ("edit", "removals"):
        assert csm.post(here.url(f"notes/{note.pk}/{path}/"), {}).status_code == 404
    back = csm.post(here.url(f"notes/{note.pk}/restorations/"), follow=True)
    assert (back.status_code, messages(back)) == (200, ["“Talked” is back."])


def test_a_name_becomes_a_contact_from_the_page(here, csm):
    note = make_note(here.account)
    one = note.attendees.create(account=here.account, name="Signe Aas")
    answer = csm.post(here.url(f"attendees/{one.pk}/contacts/"), follow=True)
    assert messages(answer) == ["Signe Aas is among the people of the account."]
    assert Contact.objects.get().name == "Signe Aas"
    colleague = note.attendees.create(account=here.account, member=here.members["csm"], name="Csm")
    assert csm.post(here.url(f"attendees/{colleague.pk}/contacts/")).status_code == 404


def test_customers_never_see_notes_and_executives_only_read(here):
    note = make_note(here.account)
    viewer, executive = client_of(here.members["viewer"]), client_of(here.members["executive"])
    new = url_new(here)
    timeline = here.url(f"accounts/{here.account.pk}/timeline/")
    for path in (here.url(f"notes/{note.pk}/"), here.url(f"notes/{note.pk}/edit/"), new, timeline):
        assert viewer.get(path).status_code == 404
    assert executive.get(here.url(f"notes/{note.pk}/")).status_code == 200
    assert executive.get(new).status_code == 403
    story = executive.get(timeline)
    assert (story.status_code, story.context["top_panels"]) == (200, [])


def test_the_margin_tells_the_last_meeting(here, csm):
    url = here.url(f"accounts/{here.account.pk}/")
    assert not [p for p in csm.get(url).context["aside_panels"] if p["name"] == "meetings"]
    note = make_note(here.account, "Review", 3, kind="meeting")
    attend(note, make_contact(here.account))
    panel = next(p for p in csm.get(url).context["aside_panels"] if p["name"] == "meetings")
    told = [(one["label"], one["title"], one["with"], one["ago"]) for one in panel["data"]["meetings"]]
    assert told == [("Last meeting", "Review", "with Ruth Kessler", "3 days ago")]


def test_the_palette_finds_notes_by_their_words(here, elsewhere, csm):
    note = make_note(here.account, "Électricité", 3, text="The ERP hand-over")
    make_note(here.account, "Gone", text="ERP hand-over", removed_at=days_ago(0))
    elsewhere.open()
    make_note(elsewhere.account, "Theirs", text="ERP hand-over")
    here.open()
    from accounts.book.actions import refresh_book

    refresh_book([here.account.pk])
    for text in ("electricite", "erp hand", "acme hand-over"):
        answer = csm.get(here.url(f"find/?q={text}"))
        groups = {group.label: [hit.url for hit in group.hits] for group in answer.context["groups"]}
        assert groups["Notes and meetings"] == [here.url(f"notes/{note.pk}/")]


def test_pages_take_a_constant_number_of_queries(here, csm, django_assert_num_queries):
    note = make_note(here.account, "Talked", kind="meeting", text="@manager")
    for count in (1, 3):
        for n in range(count):
            attend(note, make_contact(here.account, f"Person {count} {n}"))
            Task.objects.create(account=here.account, note=note, title=f"{n}", owner=here.members["csm"])
        with django_assert_num_queries(NOTE_QUERIES):
            csm.get(here.url(f"notes/{note.pk}/"))
        with django_assert_num_queries(NEW_QUERIES):
            csm.get(url_new(here))
        Membership.objects.create(user=make_person(f"{count}@x.example", f"More {count}"), role=Role.CSM)


def test_the_people_page_tells_who_was_met_when(here, csm):
    ruth = make_contact(here.account)
    make_contact(here.account, "Per Lund")
    url = here.url(f"accounts/{here.account.pk}/people/")
    assert csm.get(url).context["labels"] == []
    note = make_note(here.account, kind="meeting", happened_at=datetime(2026, 3, 14, 23, 30, tzinfo=UTC))
    attend(note, ruth)
    rows = [(person.name, facts) for person, facts in csm.get(url).context["people"]]
    assert rows == [("Per Lund", [("Last met", "–")]), ("Ruth Kessler", [("Last met", "14 Mar 2026")])]


def test_the_same_form_twice_writes_one_note_with_its_follow_up_once(here, csm):
    quick = {"kind": "note", "text": "Once", "once": str(uuid.uuid4())}
    whole = form_of(todo_0="Send it", once=str(uuid.uuid4()))
    for _ in range(2):
        assert csm.post(here.url(f"accounts/{here.account.pk}/notes/"), quick).status_code == 302
        assert csm.post(url_new(here), whole).status_code == 302
    assert sorted(Note.objects.values_list("title", flat=True)) == ["Once", "Review"]
    assert Task.objects.count() == 1
    timeline = csm.get(here.url(f"accounts/{here.account.pk}/timeline/"))
    assert 'name="once"' in timeline.text
    assert 'name="once"' in csm.get(url_new(here)).text


def test_the_same_edit_twice_makes_its_follow_up_once(here, csm):
    note = make_note(here.account)
    url = here.url(f"notes/{note.pk}/edit/")
    form = csm.get(url).context["form"]
    data = form_of(kind=note.kind, title=note.title, happened_at=form["happened_at"].value(), version=1)
    assert [csm.post(url, {**data, "todo_0": "Call back"}).status_code for _ in range(2)] == [302, 409]
    assert Task.objects.count() == 1


def test_editing_keeps_a_colleague_who_has_left(here, csm):
    note, manager = make_note(here.account, kind="meeting"), here.members["manager"]
    Attendee.objects.create(account=here.account, note=note, member=manager, name="Manager")
    Membership.objects.filter(pk=manager.pk).update(is_active=False)
    url = here.url(f"notes/{note.pk}/edit/")
    page = csm.get(url)
    assert "Manager of Northwind, has left" in page.text
    shown = page.context["form"]
    data = form_of(members=shown["members"].value(), happened_at=shown["happened_at"].value(), version=1)
    assert csm.post(url, data).status_code == 302
    assert list(note.attendees.values_list("member", flat=True)) == [manager.pk]
    other = form_of(members=[manager.pk])
    assert csm.post(url_new(here), other).status_code == 422, "nobody new can have met them"


def test_what_was_taken_away_is_not_in_the_history_either(here, csm):
    note, _ = write_note(here.account, Written("Secret", "They are about to be sold"), by=BY)
    history = here.url(f"accounts/{here.account.pk}/history/")
    assert "about to be sold" in csm.get(history).text
    remove_note(note, by=BY)
    assert "about to be sold" not in csm.get(history).text
