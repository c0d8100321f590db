"""`import_accounts` and `import_contacts`, as scripts use them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from accounts.imports.models import Batch

FIGURES = ["read", "created", "updated", "unchanged", "rejected", "seconds"]


@pytest.fixture
def run(here, tmp_path):
    def run(command, text, *options, mapping=None):
        file = tmp_path / "file.csv"
        file.write_text(text)
        if mapping is not None:
            (tmp_path / "map.json").write_text(json.dumps(mapping))
            options = (*options, "--map", str(tmp_path / "map.json"))
        out, err = io.StringIO(), io.StringIO()
        call_command(command, "northwind", str(file), *options, "--json", stdout=out, stderr=err)
        figures = json.loads(out.getvalue().splitlines()[-1])
        here.open()
        assert list(figures) == FIGURES
        return [figures[name] for name in FIGURES[:-1]], err.getvalue()

    return run


def test_accounts_and_again(run):
    header = "account,name,kind,domains,arr_current"
    text = f"{header}\nh.example,Harbour,small,h.example;x.example,5000\n,No key,,,\n"
    reason = (
        "row 3, external_id: The row has neither an external id nor a domain; give one, so that the next "
        "import finds the account again.\n"
    )
    assert run("import_accounts", text) == ([2, 1, 0, 0, 1], reason)
    assert run("import_accounts", text)[0] == [2, 0, 0, 1, 1]
    account = Account.objects.get(external_id="h.example")
    assert (account.attributes, account.arr, account.domains.count()) == ({"kind": "small"}, 5000, 2)
    assert Batch.objects.filter(is_dry_run=False).count() == 2


def test_a_dry_run_leaves_no_trace(run):
    assert run("import_accounts", "name,domain\nA,a.example\n", "--dry-run")[0] == [1, 1, 0, 0, 0]
    assert (Account.objects.count(), Batch.objects.count()) == (1, 0)


def test_contacts_with_a_mapping(run):
    run("import_accounts", "name,domain\nA,a.example\n")
    mapping = {"name": "who", "email": "mail", "role": {"value": "champion"}}
    assert run("import_contacts", "who,mail\nAnn,ann@a.example\n", mapping=mapping)[0] == [1, 1, 0, 0, 0]
    assert Contact.objects.get().role == "champion"


@pytest.mark.parametrize(
    ("text", "mapping", "reason"),
    [
        ("", None, "The file is empty."),
        ("a,a\n", None, "The column “a” is there twice."),
        ("name\nA\n", {"nmae": "name"}, "names a field 'nmae' that there is not"),
        ("name\nA\n", {"name": "firm"}, "The file has no column “firm”."),
    ],
)
def test_refusals_name_what_is_wrong(run, text, mapping, reason):
    with pytest.raises(CommandError) as error:
        run("import_accounts", text, mapping=mapping)
    assert reason in str(error.value)


def test_a_file_that_is_not_there(here):
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        call_command("import_accounts", "northwind", "/nowhere.csv", stdout=io.StringIO())


def test_only_the_first_rejects_are_printed(run):
    text = "id,name\n" + "".join(f"{n},\n" for n in range(25))
    lines = run("import_accounts", text)[1].splitlines()
    assert len(lines) == 21
    assert lines[-1] == "… and more: 25 rows in all."
