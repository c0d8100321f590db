"""The people tab and the contact's form."""

import pytest

from accounts.contacts.actions import create_contact
from accounts.contacts.models import Contact
from accounts.contacts.queries import people_in_panel, people_of
from tests.kit import BY, client_of

ANN = {"name": "Ann <i>", "role": "sponsor", "email": "Ann@acme.example", "identities": "U-7\nU-8"}


def test_a_csm_adds_and_edits_a_person(here):
    client = client_of(here.members["csm"])
    response = client.post(here.url(f"accounts/{here.account.pk}/people/new/"), ANN)
    assert response["Location"] == here.url(f"accounts/{here.account.pk}/people/")
    page = client.get(response["Location"]).content.decode()
    assert "Ann &lt;i&gt;" in page
    assert "U-7, U-8" in page
    contact = Contact.objects.get()
    form = client.get(here.url(f"contacts/{contact.pk}/edit/")).content.decode()
    assert "U-7\nU-8" in form
    client.post(here.url(f"contacts/{contact.pk}/edit/"), {**ANN, "name": "Anna", "identities": ""})
    contact.refresh_from_db()
    assert (contact.name, [i.value for i in contact.identities.all()]) == ("Anna", ["ann@acme.example"])


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_form_keeps_what_was_typed(here, htmx):
    create_contact(here.account, by=BY, name="Bob", identities=["U-8"])
    headers = {"HX-Request": "true"} if htmx else {}
    url = here.url(f"accounts/{here.account.pk}/people/new/")
    response = client_of(here.members["csm"]).post(url, ANN, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "U-8 belongs to Bob of Acme Industries already." in page
    assert 'value="Ann &lt;i&gt;"' in page


def test_removing_needs_a_post(here):
    contact = create_contact(here.account, by=BY, name="Bob", identities=["U-8"])
    client = client_of(here.members["csm"])
    url = here.url(f"contacts/{contact.pk}/remove/")
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    assert not Contact.objects.exists()


def test_roles_and_the_lookalike(here, elsewhere):
    elsewhere.open()
    theirs = create_contact(elsewhere.account, by=BY, name="Ann", email="ann@acme.example")
    here.open()
    mine = create_contact(here.account, by=BY, name="Ann", email="ann@acme.example")
    for role, tab, edit in [("executive", 200, 403), ("csm", 200, 200), ("viewer", 404, 404)]:
        client = client_of(here.members[role])
        assert client.get(here.url(f"accounts/{here.account.pk}/people/")).status_code == tab
        assert client.get(here.url(f"contacts/{mine.pk}/edit/")).status_code == edit
        assert client.get(here.url(f"contacts/{theirs.pk}/edit/")).status_code in (edit, 404)
    client = client_of(here.members["admin"])
    assert client.get(here.url(f"contacts/{theirs.pk}/edit/")).status_code == 404
    assert client.post(here.url(f"contacts/{theirs.pk}/remove/")).status_code == 404


def test_people_are_read_in_one_query_each(here, elsewhere, django_assert_num_queries):
    for people in (1, 3):
        for n in range(people):
            create_contact(here.account, by=BY, name=f"P{people}{n}", email=f"p{people}{n}@x.example")
        with django_assert_num_queries(1):
            found = people_of(here.account.pk)
        with django_assert_num_queries(1):
            panel, total = people_in_panel(here.account.pk)
        assert len(found) == len(panel) == total
    elsewhere.open()
    assert people_of(here.account.pk) == []


def test_sponsors_come_first_and_those_who_left_are_not_in_the_panel(here):
    for name, role, left in [("A", "user", None), ("B", "sponsor", None), ("C", "champion", "2026-01-01")]:
        create_contact(here.account, by=BY, name=name, role=role, left_on=left, identities=[name])
    people, total = people_in_panel(here.account.pk)
    assert ([p.name for p in people], total) == (["B", "A"], 2)
    assert [(p.name, p.left) for p in people_of(here.account.pk)] == [
        ("A", ""),
        ("B", ""),
        ("C", "Left 1 Jan 2026"),
    ]
