"""Accounts change by actions, each with its audit entry, its row in the book and its announcement."""

from decimal import Decimal

import pytest

from accounts.accounts import actions
from accounts.accounts.domains import DomainError
from accounts.accounts.models import Account, AccountDomain
from accounts.book.models import BookRow
from accounts.tiers.actions import add_tier
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from tests.kit import BY


def domains_of(account):
    return list(account.domains.order_by("-is_main", "domain").values_list("domain", "is_main"))


def test_create_writes_everything_at_once(here):
    account = actions.create_account(
        by=BY, name="Harbour", domains=["Harbour.example", "h.example"], arr=Decimal(5), reason_bought="Speed"
    )
    assert domains_of(account) == [("harbour.example", True), ("h.example", False)]
    assert BookRow.objects.get(account=account).search == "harbour\nharbour.example h.example\n"
    entry = AuditEntry.objects.get(object_type="account", object_id=account.pk)
    assert (entry.verb, entry.actor, entry.before) == ("created", "Test", {})
    assert entry.after["domains"] == ["harbour.example", "h.example"]
    assert [job.args for job in Job.objects.filter(kind="resolve events")] == [{"account_ids": [account.pk]}]


def test_edit_keeps_only_what_differs(here):
    account = actions.create_account(by=BY, name="Harbour", domains=["h.example"])
    assert actions.edit_account(account, by=BY, name="Harbour", domains=["h.example"]) is False
    assert actions.edit_account(account, by=BY, name="Harbor", domains=["h.example", "x.example"]) is True
    entry = AuditEntry.objects.filter(object_type="account", verb="edited").get()
    assert entry.before == {"name": "Harbour", "domains": ["h.example"]}
    assert entry.after == {"name": "Harbor", "domains": ["h.example", "x.example"]}
    assert BookRow.objects.get(account=account).name == "Harbor"


def test_the_main_domain_moves_and_goes(here):
    account = actions.create_account(by=BY, name="Harbour", domains=["a.example", "b.example"])
    actions.edit_account(account, by=BY, domains=["b.example", "a.example"])
    assert domains_of(account) == [("b.example", True), ("a.example", False)]
    actions.edit_account(account, by=BY, domains=[])
    assert domains_of(account) == []


def test_a_domain_has_one_account(here):
    actions.create_account(by=BY, name="Harbour", domains=["h.example"])
    with pytest.raises(actions.AccountConflict) as error:
        actions.create_account(by=BY, name="Other", domains=["H.example"])
    assert str(error.value) == "h.example belongs to the account Harbour already."
    assert error.value.field == "domains"
    assert not Account.objects.filter(name="Other").exists()


def test_an_external_id_has_one_account(here):
    actions.create_account(by=BY, name="Harbour", external_id="H-1")
    with pytest.raises(actions.AccountConflict, match="The account Harbour has the id H-1 already"):
        actions.edit_account(here.account, by=BY, external_id="H-1")


def test_a_bad_domain_leaves_nothing(here):
    with pytest.raises(DomainError):
        actions.create_account(by=BY, name="Other", domains=["not a domain"])
    assert not Account.objects.filter(name="Other").exists()


def test_the_lookalike_may_have_the_same_domain_and_id(here, elsewhere):
    actions.create_account(by=BY, name="Harbour", domains=["h.example"], external_id="H-1")
    elsewhere.open()
    account = actions.create_account(by=BY, name="Harbour", domains=["h.example"], external_id="H-1")
    assert AccountDomain.objects.get().account_id == account.pk


def test_stage_owner_and_tier_have_their_own_entries(here):
    tier = add_tier(by=BY, name="Top")
    assert actions.change_stage(here.account, by=BY, stage="churned") is True
    assert actions.change_stage(here.account, by=BY, stage="churned") is False
    actions.change_owner(here.account, by=BY, owner=here.members["manager"])
    actions.change_tier(here.account, by=BY, tier=tier)
    found = AuditEntry.objects.filter(object_type="account").order_by("id")
    assert [(e.verb, e.before, e.after) for e in found] == [
        ("changed stage", {"stage": "onboarding"}, {"stage": "churned"}),
        ("changed owner", {"owner": "Csm of Northwind"}, {"owner": "Manager of Northwind"}),
        ("changed tier", {"tier": None}, {"tier": "Top"}),
    ]


def test_attributes_are_written_a_line_each():
    assert actions.attributes_from_text("kind: small\n\n note: a: b ") == {"kind": "small", "note": "a: b"}
    with pytest.raises(ValueError, match="Line 2 has no name"):
        actions.attributes_from_text("kind: small\nwhat")
    with pytest.raises(ValueError, match="Line 2 says kind a second time"):
        actions.attributes_from_text("kind: small\nkind: big")
