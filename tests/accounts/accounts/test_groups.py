"""Groups of accounts, tags and pins in the account's form."""

import threading

import pytest
from django.db import connection, transaction

from accounts.accounts.actions import AccountConflict, create_account, edit_account
from accounts.accounts.groups import find_accounts, text_of
from accounts.accounts.models import Account
from accounts.accounts.tags import TagError, read_tags
from csworkspace.tenancy.database import enter_workspace
from tests.kit import BY, client_of, make_world

FORM = {"name": "Acme Industries", "stage": "onboarding", "currency": "USD", "tags": ""}


def chain(count):
    made = []
    for n in range(count):
        made.append(create_account(by=BY, name=f"Link {n}", parent=made[-1] if made else None))
    return made


def test_no_account_belongs_to_itself_however_deep(here):
    links = chain(30)
    with pytest.raises(AccountConflict) as refused:
        edit_account(links[0], by=BY, parent=links[-1])
    assert (refused.value.field, str(refused.value)) == (
        "parent",
        "Link 0 cannot belong to Link 29: Link 29 belongs to Link 0 already.",
    )
    with pytest.raises(AccountConflict, match=r"Link 3 cannot belong to itself\."):
        edit_account(links[3], by=BY, parent=links[3])
    assert edit_account(links[-1], by=BY, parent=None)
    assert edit_account(links[0], by=BY, parent=links[-1])


def test_a_circle_in_the_table_does_not_hang(here):
    one, two, three = (create_account(by=BY, name=name) for name in ("One", "Two", "Three"))
    Account.objects.filter(pk=one.pk).update(parent=two)
    Account.objects.filter(pk=two.pk).update(parent=one)
    assert edit_account(three, by=BY, parent=one)


def test_the_form_finds_the_parent_and_says_what_is_wrong(here, elsewhere):
    elsewhere.open()
    create_account(by=BY, name="Other Group")
    here.open()
    create_account(by=BY, name="Halden Group", external_id="H", domains=["halden.example"])
    for _ in range(2):
        create_account(by=BY, name="Twins")
    client, url = client_of(here.members["csm"]), here.url(f"accounts/{here.account.pk}/edit/")
    for text in ("halden group", "H", "HALDEN.example"):
        assert client.post(url, {**FORM, "parent": text}).status_code == 302
        here.account.refresh_from_db()
        assert here.account.parent.name == "Halden Group"
        Account.objects.filter(pk=here.account.pk).update(parent=None)
    for text, message in (
        ("Other Group", "There is no account “Other Group”."),
        ("Twins", "2 accounts are called “Twins”. Write the external id or a domain."),
        ("Acme Industries", "Acme Industries cannot belong to itself."),
    ):
        refused = client.post(url, {**FORM, "parent": text})
        assert (refused.status_code, message in refused.content.decode()) == (422, True)


def test_the_page_shows_parent_children_and_tags(here):
    parent = create_account(by=BY, name="Halden Group")
    for n in range(9):
        create_account(by=BY, name=f"Unit {n}", parent=here.account)
    edit_account(here.account, by=BY, parent=parent, tags=["reference", "nordics"])
    client = client_of(here.members["executive"])
    page = client.get(here.url(f"accounts/{here.account.pk}/")).content.decode()
    assert [text in page for text in ("Belongs to", "Halden Group", "Unit 7", "1 more")] == [True] * 4
    assert "Unit 8" not in page
    assert "reference, nordics" in page
    form = client_of(here.members["csm"]).get(here.url(f"accounts/{here.account.pk}/edit/")).content.decode()
    assert 'value="Halden Group"' in form
    assert 'value="reference, nordics"' in form


def test_a_pin_needs_a_reason_and_loses_it(here):
    client, url = client_of(here.members["manager"]), here.url(f"accounts/{here.account.pk}/edit/")
    assert client.post(url, {**FORM, "tier_pinned": "on"}).status_code == 422
    client.post(url, {**FORM, "tier_pinned": "on", "tier_pin_reason": " A  reference "})
    here.account.refresh_from_db()
    assert (here.account.tier_pinned, here.account.tier_pin_reason) == (True, "A reference")
    client.post(url, {**FORM, "tier_pin_reason": "A reference"})
    here.account.refresh_from_db()
    assert (here.account.tier_pinned, here.account.tier_pin_reason) == (False, "")


def test_pins_are_for_managers(here):
    url = here.url(f"accounts/{here.account.pk}/edit/")
    csm = client_of(here.members["csm"])
    assert "tier_pinned" not in csm.get(url).content.decode()
    assert csm.post(url, {**FORM, "tier_pinned": "on", "tier_pin_reason": "Mine"}).status_code == 302
    here.account.refresh_from_db()
    assert (here.account.tier_pinned, here.account.tier_pin_reason) == (False, "")


def test_a_text_that_finds_exactly_this_account(here):
    twins = [create_account(by=BY, name="Twins", external_id=key) for key in ("T1", None)]
    assert [text_of(here.account), text_of(twins[0]), text_of(twins[1])] == [
        "Acme Industries", "T1", "Twins",
    ]  # fmt: skip
    assert find_accounts("twins") == twins


def test_tags_are_words_once_each():
    assert read_tags(" Reference,  nordics ;reference\n,, two  words") == [
        "Reference", "nordics", "two words",
    ]  # fmt: skip
    for text in ("x" * 41, ",".join(f"t{n}" for n in range(21)), "a\x00b"):
        with pytest.raises(TagError):
            read_tags(text)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_put_accounts_under_each_other():
    with transaction.atomic():
        world = make_world("northwind")
        one, two = (create_account(by=BY, name=name) for name in ("One", "Two"))
    refused, start = [], threading.Barrier(2)

    def put(account, parent):
        try:
            with transaction.atomic():
                enter_workspace(world.workspace.pk)
                start.wait(timeout=10)
                edit_account(account, by=BY, parent=parent)
        except AccountConflict as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    with transaction.atomic():
        enter_workspace(world.workspace.pk)
        assert Account.objects.exclude(parent=None).count() == 1
    assert len(refused) == 1
