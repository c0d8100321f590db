"""Accounts from CSV: matched, changed, rejected with a reason, and never twice."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.accounts.actions import create_account
from accounts.accounts.models import Account, AccountDomain
from accounts.book.models import BookRow
from accounts.imports.exporters import ACCOUNTS
from accounts.imports.models import Batch
from accounts.tiers.models import Tier
from csworkspace.audit.models import AuditEntry
from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Span
from csworkspace.jobs.models import Job
from tests.accounts.imports.makers import figures, load, reasons
from tests.kit import BY

FULL = """external_id,name,domains,tier,stage,owner,arr,currency,customer_since,renewal_on,reason_bought,kind
A-1,Harbour,h.example;hh.example,top,Adopting,CSM@northwind.example,"48,000",eur,2024-01-02,2027-01-02,Speed,small
"""


def domains_of(account):
    return sorted(account.domains.values_list("domain", flat=True))


def test_every_field(here):
    tier = Tier.objects.create(name="Top", position=1)
    assert figures(load("accounts", FULL)) == (1, 1, 0, 0, 0)
    account = Account.objects.get(external_id="A-1")
    assert (account.name, account.tier, account.stage, account.owner) == (
        "Harbour",
        tier,
        "adopting",
        here.members["csm"],
    )
    assert (account.arr, account.currency) == (Decimal(48000), "EUR")
    assert (account.customer_since, account.renewal_on) == (date(2024, 1, 2), date(2027, 1, 2))
    assert (account.reason_bought, account.attributes) == ("Speed", {"kind": "small"})
    assert domains_of(account) == ["h.example", "hh.example"]
    assert account.domains.get(is_main=True).domain == "h.example"
    row = BookRow.objects.get(account=account)
    # No rate says what a euro is worth here.
    assert (row.arr, row.currency, row.arr_sort) == (48_000, "EUR", -1)


def test_again_is_unchanged_and_a_change_is_an_update(here):
    Tier.objects.create(name="Top", position=1)
    load("accounts", FULL)
    assert figures(load("accounts", FULL)) == (1, 0, 0, 1, 0)
    batch = load("accounts", FULL.replace("Harbour", "Harbor"))
    assert figures(batch) == (1, 0, 1, 0, 0)
    account = Account.objects.get(external_id="A-1")
    entries = AuditEntry.objects.filter(object_type="account", object_id=account.pk).order_by("id")
    assert [(e.verb, e.before) for e in entries] == [
        ("imported", {}),
        ("updated by import", {"name": "Harbour"}),
    ]
    assert entries[0].after["owner"] == "Csm of Northwind"
    assert entries[0].after["tier"] == "Top"
    whole = AuditEntry.objects.get(object_type="batch", object_id=batch.pk)
    assert whole.after == {"read": 1, "created": 0, "updated": 1, "unchanged": 0, "rejected": 0}


def test_listeners_hear_once_of_all_accounts(here):
    load("accounts", "name,domain\n" + "".join(f"N{n},n{n}.example\n" for n in range(30)))
    jobs = Job.objects.filter(kind="resolve events")
    assert [len(job.args["account_ids"]) for job in jobs] == [30]


def test_a_dry_run_gives_the_figures_and_changes_nothing(here):
    text = "id,name,domain\n1,A,a.example\n2,,b.example\n1,C,c.example\n"
    before = (Account.objects.count(), AuditEntry.objects.count(), Job.objects.count())
    dry = load("accounts", text, dry=True)
    assert (Account.objects.count(), AuditEntry.objects.count(), Job.objects.count()) == before
    real = load("accounts", text)
    assert figures(dry) == figures(real) == (3, 1, 0, 0, 2)
    assert reasons(dry) == reasons(real)


def test_by_external_id_first_then_by_domain(here):
    create_account(by=BY, name="ById", external_id="1", domains=["a.example"])
    create_account(by=BY, name="ByDomain", domains=["b.example"])
    batch = load("accounts", "id,name,domain\n1,New,\n2,Adopted,B.example\n")
    assert figures(batch) == (2, 0, 2, 0, 0)
    found = Account.objects.order_by("external_id").values_list("external_id", "name")
    assert list(found.exclude(external_id=None)) == [("1", "New"), ("2", "Adopted")]
    assert AccountDomain.objects.count() == 2


def test_conflicts_are_rejected_with_both_names(here):
    create_account(by=BY, name="One", external_id="1", domains=["a.example"])
    create_account(by=BY, name="Two", external_id="2", domains=["b.example"])
    text = (
        "id,name,domain\n"
        "1,One,b.example\n"  # the domain belongs to somebody else
        "3,Three,a.example\n"  # the domain's account has another id
        ",Both,a.example b.example\n"  # two accounts at once
        ",Nobody,\n"  # nothing to find it by
        "4,Four,d.example\n"
        "4,Again,\n"
        "5,Five,d.example\n"
        "2,Two,\n"
        ",Twice,b.example\n"
    )
    batch = load("accounts", text)
    assert figures(batch) == (9, 1, 0, 1, 7)
    assert reasons(batch) == [
        (
            2,
            "domains",
            "b.example belongs to Two already; remove it from the row, or from that account first.",
        ),
        (3, "external_id", "a.example belongs to One, whose id is 1, not 3; correct one of them."),
        (4, "domains", "The row's domains belong to One and Two; split the row, or merge the accounts."),
        (
            5,
            "external_id",
            "The row has neither an external id nor a domain; give one, so that the next import finds the "
            "account again.",
        ),
        (7, "external_id", "Row 6 has the id 4 too; keep one."),
        (8, "domains", "Row 6 claims d.example too; leave it in one."),
        (10, "external_id", "Row 9 means Two too; keep one of the two."),
    ]


def test_every_bad_cell_of_a_row_is_named(here):
    Tier.objects.create(name="Top", position=1)
    text = "id,name,tier,stage,owner,arr,currency,renewal,domain\n1,A,Gold,dead,x@y.z,12x,euro,soon,a b@c\n"
    batch = load("accounts", text)
    assert figures(batch) == (1, 0, 0, 0, 1)
    assert {field: reason for _, field, reason in reasons(batch)} == {
        "tier": "There is no tier “Gold”; the tiers are: Top. Or let the import make them.",
        "stage": "“dead” is no stage; use one of: trial, freemium, onboarding, adopting, established, "
        "renewing, churned.",
        "owner": "No colleague here has the e-mail “x@y.z”; invite them, or leave it empty.",
        "arr": "“12x” is not an amount; write it like 48000 or 48,000.00.",
        "currency": "“euro” is no currency; write its three letters, such as EUR.",
        "renewal_on": "“soon” is not a date like 2026-03-14. Declare another form in the mapping, such as "
        "%d.%m.%Y.",
        "domains": "“a” is not a domain; write it like acme.com.",
    }


def test_empty_cells_erase_only_when_asked(here):
    create_account(by=BY, name="A", external_id="1", domains=["a.example"], arr=5, attributes={"k": "v"})
    text = "id,name,arr,domain,kind\n1,,,,\n"
    assert figures(load("accounts", text)) == (1, 0, 0, 1, 0)
    mapping = {"external_id": "id", "name": "name", "arr": "arr", "domains": "domain"}
    batch = load("accounts", text, {**mapping, "options": {"erase_empty": True}})
    assert figures(batch) == (1, 0, 1, 0, 0)
    account = Account.objects.get(external_id="1")
    assert (account.name, account.arr, domains_of(account), account.attributes) == ("A", None, [], {"k": "v"})


def test_domains_are_added_or_replaced(here):
    account = create_account(by=BY, name="A", external_id="1", domains=["a.example", "b.example"])
    load("accounts", "id,domain\n1,c.example b.example\n")
    assert domains_of(account) == ["a.example", "b.example", "c.example"]
    mapping = {"external_id": "id", "domains": "domain", "options": {"replace_domains": True}}
    load("accounts", "id,domain\n1,c.example\n", mapping)
    assert domains_of(account) == ["c.example"]
    assert account.domains.get().is_main


def test_tiers_are_made_once_when_asked(here):
    mapping = {"external_id": "id", "name": "name", "tier": "tier", "options": {"create_tiers": True}}
    load("accounts", "id,name,tier\n1,A,Gold\n2,B,gold\n3,C,Silver\n", mapping)
    assert list(Tier.objects.order_by("position").values_list("name", flat=True)) == ["Gold", "Silver"]
    assert Account.objects.filter(tier__name="Gold").count() == 2


def test_a_retired_tier_takes_no_account_until_it_is_made_again(here):
    gold = Tier.objects.create(name="Gold", position=1, retired_at=timezone.now())
    text, mapping = "id,name,tier\n1,A,gold\n", {"external_id": "id", "name": "name", "tier": "tier"}
    load("accounts", text, mapping)
    assert Account.objects.filter(tier=gold).count() == 0
    load("accounts", text, {**mapping, "options": {"create_tiers": True}})
    gold.refresh_from_db()
    assert (gold.retired_at, gold.accounts.count()) == (None, 1)


def test_a_mapping_with_settings(here):
    text = "nr;firma;seiten;bis;umsatz;branche\n1;Nordwind;n.example|m.example;31.12.2027;1.234;wind\n"
    mapping = {
        "external_id": "nr",
        "name": "firma",
        "domains": {"column": "seiten", "separator": "|"},
        "renewal_on": {"column": "bis", "format": "%d.%m.%Y"},
        "arr": {"column": "umsatz", "decimal": ","},
        "currency": {"value": "EUR"},
        "attributes.industry": "branche",
    }
    assert figures(load("accounts", text, mapping)) == (1, 1, 0, 0, 0)
    account = Account.objects.get(external_id="1")
    assert (account.renewal_on, account.arr, account.currency) == (date(2027, 12, 31), Decimal(1234), "EUR")
    assert (account.attributes, len(domains_of(account))) == ({"industry": "wind"}, 2)


def test_two_currencies_in_a_row_are_rejected(here):
    batch = load("accounts", "id,name,arr,currency\n1,A,$5,EUR\n2,B,€5,\n")
    assert figures(batch) == (2, 1, 0, 0, 1)
    assert reasons(batch) == [(2, "arr", "The amount is in USD, the row's currency is EUR; make them agree.")]
    assert Account.objects.get(external_id="2").currency == "EUR"


def test_a_refused_file_leaves_nothing_half_written(here):
    batch = load("accounts", 'id,name\n1,A\n2,"B\n3,C\n', {"external_id": "id", "name": "name"})
    assert batch.error == "A quotation mark that opens in row 3 is never closed. Close or remove it."
    assert figures(batch) == (0, 0, 0, 0, 0)
    assert Account.objects.count() == 1
    assert load("accounts", "id,name\n1,A\n", {"name": "Firma"}).error == (
        "The file has no column “Firma”. Its columns are: “id”, “name”."
    )


def test_formulas_and_html_are_kept_as_text(here):
    load("accounts", 'id,name\n1,"=HYPERLINK(""x"")"\n2,<script>\n')
    assert sorted(Account.objects.exclude(external_id=None).values_list("name", flat=True)) == [
        "<script>",
        '=HYPERLINK("x")',
    ]


def exported():
    out = io.StringIO()
    write_rows(out, ACCOUNTS.header, ACCOUNTS.rows(Span()))
    return out.getvalue()


def test_an_export_imports_again_unchanged(here):
    tier = Tier.objects.create(name="-Top", position=1)
    create_account(
        by=BY, name="=1+1", external_id="+1", domains=["b.example", "a.example"], tier=tier,
        arr=Decimal("12.50"), owner=here.members["csm"], reason_bought="'=x,\n\"y\"",
        attributes={"kind": "@x", "seats": 7},
        renewal_on=date(2027, 1, 2),
    )  # fmt: skip
    text = exported()
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == ["Acme Industries", "'=1+1"]
    assert figures(load("accounts", text)) == (2, 0, 0, 2, 0)
    assert json.loads(list(csv.DictReader(io.StringIO(text)))[1]["attributes"]) == {"kind": "@x", "seats": 7}
    Account.objects.filter(external_id="+1").delete()
    assert figures(load("accounts", text)) == (2, 1, 0, 1, 0)
    assert exported().splitlines() == text.splitlines()


def test_the_lookalikes_accounts_are_not_met(here, elsewhere):
    elsewhere.open()
    create_account(by=BY, name="Theirs", external_id="1", domains=["a.example"])
    here.open()
    assert figures(load("accounts", "id,name,domain\n1,Mine,a.example\n")) == (1, 1, 0, 0, 0)
    elsewhere.open()
    assert sorted(Account.objects.values_list("name", flat=True)) == ["Acme Industries", "Theirs"]
    assert Batch.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_a_literal_number_of_statements(here, django_assert_num_queries, rows):
    text = "id,name,domain\n" + "".join(f"{n},N{n},n{n}.example\n" for n in range(rows))
    with django_assert_num_queries(41):
        load("accounts", text)
