"""Importing what accounts paid over time."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.accounts.actions import create_account
from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.revenue.models import ArrPoint
from csworkspace.audit.models import AuditEntry
from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Span, exporters
from csworkspace.tenancy.clock import today
from tests.accounts.imports.makers import figures, load, reasons
from tests.kit import BY

HEADER = "account,kind,as_of,seats,arr\n"


@pytest.fixture
def halden(here):
    return create_account(by=BY, name="Halden", external_id="H", domains=["halden.example"])


def points(account):
    found = ArrPoint.objects.filter(account=account).order_by("as_of")
    return [(str(day), arr, code) for day, arr, code in found.values_list("as_of", "arr", "currency")]


def test_points_by_id_domain_and_name_and_again(here, elsewhere, halden):
    elsewhere.open()
    create_account(by=BY, name="Halden", external_id="H")
    here.open()
    text = HEADER + (
        "H,company,2024-01-01,1,6000\nhalden.example,company,2024-06-01,2,12000\nHALDEN,x,2025-01-01,3,9000.5\n"
    )
    assert figures(load("arr", text, dry=True)) == (3, 3, 0, 0, 0)
    assert points(halden) == []
    assert figures(load("arr", text)) == (3, 3, 0, 0, 0)
    assert points(halden) == [
        ("2024-01-01", 6000, "USD"),
        ("2024-06-01", 12000, "USD"),
        ("2025-01-01", Decimal("9000.5"), "USD"),
    ]
    assert figures(load("arr", text)) == (3, 0, 0, 3, 0)
    assert figures(load("arr", text.replace(",6000", ",7000"))) == (3, 0, 1, 2, 0)
    elsewhere.open()
    assert ArrPoint.objects.count() == 0


def test_the_account_pays_what_its_newest_point_says(here, halden):
    load("arr", HEADER + "H,x,2024-01-01,1,6000\n")
    halden.refresh_from_db()
    assert (halden.arr, BookRow.objects.get(account=halden).arr_sort) == (6000, 600_000)
    entry = AuditEntry.objects.filter(object_type="account", verb="updated by import").get()
    assert (entry.before["arr"], entry.after["arr"]) == (None, "6000.00")


def test_older_points_leave_what_is_paid_now(here):
    paid = create_account(by=BY, name="Paid", external_id="P", arr=Decimal(500))
    ArrPoint.objects.all().delete()
    load("arr", HEADER + "P,x,2024-01-01,1,6000\n")
    paid.refresh_from_db()
    assert paid.arr == 500
    assert points(paid) == [("2024-01-01", 6000, "USD"), (today().isoformat(), 500, "USD")]


def test_a_list_of_everybody_ends_who_is_missing(here, halden):
    create_account(by=BY, name="Viken", external_id="V")
    months = [f"2024-{month:02}-01" for month in range(1, 13)]
    text = HEADER + "".join(f"V,x,{day},1,100\n" for day in months)
    text += "".join(f"H,x,{day},1,200\n" for day in months[:8])
    assert figures(load("arr", text)) == (20, 20, 0, 0, 0)
    assert points(halden)[-2:] == [("2024-08-01", 200, "USD"), ("2024-09-01", 0, "USD")]
    halden.refresh_from_db()
    assert halden.arr == 0
    assert figures(load("arr", text)) == (20, 0, 0, 20, 0)
    assert len(points(halden)) == 9


def test_a_file_of_changes_can_be_declared(here, halden):
    create_account(by=BY, name="Viken", external_id="V")
    months = [f"2024-{month:02}-01" for month in range(1, 13)]
    text = HEADER + "".join(f"V,x,{day},1,100\n" for day in months) + "H,x,2024-01-01,1,200\n"
    mapping = {"account": "account", "as_of": "as_of", "arr": "arr", "options": {"changes_only": True}}
    load("arr", text, mapping)
    assert points(halden) == [("2024-01-01", 200, "USD")]


def test_a_rejected_row_is_not_a_missing_one(here, halden):
    create_account(by=BY, name="Viken", external_id="V")
    months = [f"2024-{month:02}-01" for month in range(1, 13)]
    text = HEADER + "".join(f"{key},x,{day},1,100\n" for key in "VH" for day in months)
    load("arr", text.replace("H,x,2024-05-01,1,100", "H,x,2024-05-01,1,lots"))
    assert [day for day, *_ in points(halden)] == [day for day in months if day != "2024-05-01"]


def test_currencies(here, halden):
    text = "account,as_of,arr,currency\nH,2024-01-01,100,eur\nH,2024-02-01,€100,\nH,2024-03-01,€100,USD\n"
    batch = load("arr", text)
    assert reasons(batch) == [(4, "arr", "The amount is in EUR, its currency is USD; make them agree.")]
    assert points(halden) == [("2024-01-01", 100, "EUR"), ("2024-02-01", 100, "EUR")]
    assert Account.objects.get(pk=halden.pk).currency == "EUR"


def test_rows_that_cannot_be_used(here, halden):
    rows = [
        "Nobody,x,2024-01-01,1,5",
        "H,x,,1,5",
        "H,x,2024-01-01,1,",
        "H,x,2999-01-01,1,5",
        ",x,2024-01-01,1,5",
    ]
    rows += ["H,x,2024-01-01,1,-5", "H,x,2024-13-01,1,5", "H,x,2024-02-01,1,5", "H,x,2024-02-01,1,6"]
    batch = load("arr", HEADER + "\n".join(rows) + "\n")
    assert figures(batch) == (9, 1, 0, 0, 8)
    assert [(row, field) for row, field, _ in reasons(batch)] == [
        (2, "account"), (3, "as_of"), (4, "arr"), (5, "as_of"), (6, "account"), (7, "arr"), (8, "as_of"),
        (10, "as_of"),
    ]  # fmt: skip
    assert reasons(batch)[-1][2] == "Row 9 has the same account and day; keep one of the two."
    assert points(halden) == [("2024-02-01", 5, "USD")]


def test_the_command_and_the_export(here, halden, tmp_path):
    file = tmp_path / "arr.csv"
    file.write_text(HEADER + "H,x,2024-01-01,1,6000\n")
    out = io.StringIO()
    call_command("import_arr", "northwind", str(file), "--json", stdout=out)
    assert '"created": 1' in out.getvalue().splitlines()[-1]
    here.open()
    exporter = exporters()["arr"]
    text = io.StringIO()
    write_rows(text, exporter.header, exporter.rows(Span()))
    assert text.getvalue().splitlines() == ["account,as_of,arr,currency", "H,2024-01-01,6000,USD"]
    assert figures(load("arr", text.getvalue())) == (1, 0, 0, 1, 0)
    assert list(exporter.rows(Span(since=date(2024, 2, 1)))) == []
