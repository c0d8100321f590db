"""`manage.py report`: the file, the figures, and what it refuses."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.accounts.models import Account, AccountDomain
from csworkspace.tenancy.database import open_workspace
from reports.management.commands.report import find_account
from reports.reports.models import Report
from tests.kit import make_world
from tests.reports.story import make_story


def report(world, account, out, *extra, period="2026-Q3", kind="qbr"):
    """Run the command; its JSON."""
    told = StringIO()
    arguments = [
        world.workspace.slug,
        account,
        "--kind",
        kind,
        "--period",
        period,
        "--out",
        str(out),
        "--json",
    ]
    call_command("report", *arguments, *extra, stdout=told)
    return json.loads(told.getvalue().splitlines()[-1])


def test_it_writes_the_pdf_and_says_what_it_did(here, elsewhere, tmp_path):
    make_story(here.account)
    out = tmp_path / "q3.pdf"
    told = report(here, "Acme Industries", out)
    content = out.read_bytes()
    draft = Report.objects.get()
    assert content.startswith(b"%PDF")
    assert {**told, "seconds": 0} == {
        "report": draft.pk,
        "pages": told["pages"],
        "bytes": len(content),
        "seconds": 0,
        "file": str(out),
    }
    assert 4 <= told["pages"] <= 8
    assert draft.issued_at is None
    assert [path.name for path in tmp_path.iterdir()] == ["q3.pdf"]


def test_running_it_again_takes_the_same_draft_with_new_numbers_and_the_same_words(here, tmp_path):
    first = report(here, "Acme Industries", tmp_path / "a.pdf", kind="progress")
    Report.objects.update(commentary={"summary": "Mine."})
    again = report(here, "Acme Industries", tmp_path / "a.pdf", kind="progress")
    assert again["report"] == first["report"]
    assert Report.objects.get().commentary == {"summary": "Mine."}


@pytest.mark.parametrize(
    ("account", "period", "told"),
    [
        ("Nobody", "2026-Q3", "No account has the external id, domain, name or number 'Nobody'."),
        ("acme ind", "2026-Q3", "Did you mean"),
        ("Acme Industries", "2026-Q7", "'2026-Q7' is not a period."),
        ("Acme Industries", "2199-Q1", "Q1 2199 has not begun."),
    ],
)
def test_what_it_cannot_do_it_says_and_writes_nothing(here, tmp_path, account, period, told):
    with pytest.raises(CommandError, match=told.replace("'", ".")):
        report(here, account, tmp_path / "x.pdf", period=period)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(here, tmp_path):
    with pytest.raises(CommandError, match="does not exist"):
        report(here, "Acme Industries", tmp_path / "no" / "x.pdf")


def test_a_failure_leaves_the_old_file(here, tmp_path, monkeypatch):
    out = tmp_path / "x.pdf"
    out.write_bytes(b"old")
    monkeypatch.setattr("reports.management.commands.report.os.replace", fail)
    with pytest.raises(CommandError, match="cannot be written: No space"):
        report(here, "Acme Industries", out, kind="progress")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x.pdf", b"old")]


def fail(*args):
    raise OSError(28, "No space left on device")


def test_an_account_is_found_by_external_id_then_domain_name_and_number(here, elsewhere):
    other = Account.objects.create(name="Borealis", external_id=str(here.account.pk))
    AccountDomain.objects.create(account=other, domain="borealis.example", is_main=True)
    assert find_account(str(here.account.pk)) == other
    assert (
        find_account("Borealis.example") == find_account("Borealis") == find_account(str(other.pk)) == other
    )
    assert find_account("acme industries") == here.account


def test_a_name_of_several_accounts_lists_them(here):
    twin = Account.objects.create(name="Acme Industries")
    with pytest.raises(CommandError) as refused:
        find_account("Acme Industries")
    assert str(refused.value) == (
        f"Several accounts fit 'Acme Industries': {here.account.pk} Acme Industries, "
        f"{twin.pk} Acme Industries. Give the number."
    )


@pytest.mark.django_db(transaction=True)
def test_with_issue_the_stored_file_and_the_written_one_are_the_same(tmp_path):
    with transaction.atomic():
        world = make_world("northwind")
    told = report(world, "Acme Industries", tmp_path / "x.pdf", "--issue", kind="progress")
    with open_workspace(world.workspace.pk):
        issued = Report.objects.select_related("pdf").get()
        assert issued.pk == told["report"]
        assert issued.issued_by == "Command line"
        assert bytes(issued.pdf.content) == (tmp_path / "x.pdf").read_bytes()
