"""Parents, tags and pins in an accounts import."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import create_account, edit_account
from accounts.accounts.models import Account
from accounts.imports.parents import circles_of
from csworkspace.audit.models import AuditEntry
from csworkspace.exports.csvfile import write_rows
from csworkspace.exports.registry import Span, exporters
from tests.accounts.imports.makers import actor_of, figures, load, reasons
from tests.kit import BY

HEADER = "external_id,name,domains,parent,tags,tier_pinned,tier_pin_reason\n"


def families():
    found = Account.objects.exclude(parent=None).order_by("name")
    return list(found.values_list("name", "parent__name"))


def test_parents_of_the_book_and_of_the_same_file(here):
    create_account(by=BY, name="Halden Group", external_id="H", domains=["halden.example"])
    text = HEADER + (
        "1,North,,H,,,\n2,South,,halden.example,,,\n3,East,,halden group,,,\n4,Deep,,1,,,\n"
        "5,Below,,Later,,,\n6,Later,later.example,,,,\n"
    )
    assert figures(load("accounts", text, dry=True)) == (6, 6, 0, 0, 0)
    assert families() == []
    assert figures(load("accounts", text)) == (6, 6, 0, 0, 0)
    assert families() == [
        ("Below", "Later"),
        ("Deep", "North"),
        ("East", "Halden Group"),
        ("North", "Halden Group"),
        ("South", "Halden Group"),
    ]
    assert figures(load("accounts", text)) == (6, 0, 0, 6, 0)
    entry = AuditEntry.objects.get(object_label="Below")
    assert entry.after["parent"] == "Later"


def test_parents_that_are_not_there(here, elsewhere):
    elsewhere.open()
    create_account(by=BY, name="Halden Group", external_id="H")
    here.open()
    for _ in range(2):
        create_account(by=BY, name="Twins")
    batch = load("accounts", HEADER + "1,North,,H,,,\n2,South,,Twins,,,\n3,,,1,,,\n4,East,,3,,,\n")
    assert figures(batch) == (4, 0, 0, 0, 4)
    missing = "import the accounts first, or give an external id, a domain or the exact name."
    assert reasons(batch) == [
        (2, "parent", f"There is no account “H”; {missing}"),
        (3, "parent", "2 accounts are called “Twins”; give the external id."),
        (4, "name", "The account is new and needs a name; fill it in or map its column."),
        (5, "parent", f"There is no account “3”; {missing}"),
    ]


def test_rows_under_a_row_that_is_rejected(here):
    batch = load("accounts", HEADER + "1,Top,,Nobody,,,\n2,Middle,,1,,,\n3,Low,,2,,,\n4,Free,,,,,\n")
    assert figures(batch) == (4, 1, 0, 0, 3)
    assert reasons(batch)[1:] == [
        (3, "parent", "Its parent is in row 2, which is rejected; correct that row first."),
        (4, "parent", "Its parent is in row 3, which is rejected; correct that row first."),
    ]


def test_circles_across_rows_and_with_the_book(here):
    top = create_account(by=BY, name="Top", external_id="T")
    create_account(by=BY, name="Leaf", external_id="L", parent=top)
    text = HEADER + "A,Ann,,C,,,\nB,Ben,,A,,,\nC,Cid,,B,,,\nD,Dot,,D,,,\nT,Top,,L,,,\nE,Eve,,T,,,\n"
    batch = load("accounts", text)
    others = "it would belong to itself; an account cannot belong to those that belong to it."
    own = "Its parent belongs to this account already; an account cannot belong to itself."
    assert reasons(batch) == [
        (2, "parent", f"With rows 3, 4 {others}"),
        (3, "parent", f"With rows 2, 4 {others}"),
        (4, "parent", f"With rows 2, 3 {others}"),
        (5, "parent", own),
        (6, "parent", own),
    ]
    assert families() == [("Eve", "Top"), ("Leaf", "Top")]


def test_a_rejected_row_does_not_open_another_circle(here):
    parents = {"A": "B", "B": None, "C": None}
    made = {name: create_account(by=BY, name=name, external_id=name) for name in parents}
    edit_account(made["A"], by=BY, parent=made["B"])
    # A under C and C under A is a circle; without it A stays under B, and B must not come under A.
    batch = load("accounts", HEADER + "A,A,,C,,,\nC,C,,A,,,\nB,B,,A,,,\n")
    assert [row for row, _, _ in reasons(batch)] == [2, 3, 4]
    assert families() == [("A", "B")]


@pytest.mark.parametrize(
    ("graph", "circles"),
    [({}, []), ({1: 2, 2: 3}, []), ({1: 1}, [[1]]), ({1: 2, 2: 3, 3: 2, 4: 1}, [[2, 3]])],
)
def test_circles_of(graph, circles):
    assert circles_of(graph) == circles


def test_tags_and_pins_and_again(here):
    text = HEADER + '1,North,,,"Reference; nordics;reference",yes,Lighthouse\n2,South,,,,no,\n'
    load("accounts", text)
    found = Account.objects.exclude(external_id=None).order_by("name")
    assert list(found.values_list("tags", "tier_pinned", "tier_pin_reason")) == [
        (["Reference", "nordics"], True, "Lighthouse"),
        ([], False, ""),
    ]
    assert figures(load("accounts", text)) == (2, 0, 0, 2, 0)
    wrong = load("accounts", HEADER + f"3,East,,,{'x' * 41},perhaps,\n")
    assert [(row, field) for row, field, _ in reasons(wrong)] == [(2, "tags"), (2, "tier_pinned")]


def test_what_is_exported_can_be_imported_and_changes_nothing(here):
    top = create_account(by=BY, name="Top", domains=["top.example"], tags=["a b", "c"])
    create_account(by=BY, name="Leaf", external_id="L", parent=top, tier_pinned=True, tier_pin_reason="Why")
    exporter = exporters()["accounts"]
    file = io.StringIO()
    write_rows(file, exporter.header, exporter.rows(Span()))
    assert figures(load("accounts", file.getvalue())) == (3, 0, 0, 3, 0)
    erased = load("accounts", HEADER + "L,Leaf,,,,,\n", {"external_id": "external_id", "parent": "parent",
                  "tags": "tags", "options": {"erase_empty": True}})  # fmt: skip
    assert figures(erased) == (1, 0, 1, 0, 0)
    assert families() == []


def test_the_number_of_queries_does_not_grow(here):
    def text(kind, rows):
        lines = [f"{kind}{n},{kind} {n},,{kind}{n - 1 or ''},t{n},no,\n" for n in range(1, rows + 1)]
        return HEADER + "".join(lines).replace(f",{kind},t1,", ",,t1,")

    counts = []
    for kind, rows in (("a", 3), ("b", 30)):
        with CaptureQueriesContext(connection) as queries:
            assert figures(load("accounts", text(kind, rows))) == (rows, rows, 0, 0, 0)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pins_are_for_managers_here_too(here):
    text = "name,external_id,tier_pinned,tier_pin_reason\nHarbour,H-1,yes,A reference\n"
    refused = load("accounts", text, by=actor_of(here.members["csm"]))
    assert refused.error == (
        "Only managers pin accounts to their tier. Leave out the column tier_pinned, or ask a manager."
    )
    assert not Account.objects.filter(name="Harbour").exists()
    load("accounts", text, by=actor_of(here.members["manager"]))
    assert Account.objects.get(name="Harbour").tier_pinned is True
    # What changes no pin is anybody's work.
    load("accounts", text.replace("Harbour", "Haven"), by=actor_of(here.members["csm"]))
    assert Account.objects.get(external_id="H-1").name == "Haven"
