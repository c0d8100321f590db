"""The wizard: upload, map, check, import; each step keeps what was typed."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.accounts.models import Account
from accounts.imports.models import Batch, Reject
from csworkspace.jobs.actions import jobs_inline
from tests.accounts.imports.makers import load
from tests.kit import client_of

FILE = b"Customer ID,Company,Website,Sector\n1,Harbour <b>,h.example,sea\n2,,x.example,\n"


def upload(client, here, content=FILE, kind="accounts", name="customers.csv"):
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post(here.url("imports/new/"), {"kind": kind, "file": file})


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks):
    def run(act):
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            return act()

    return run


def test_from_upload_to_result(here, run_jobs):
    client = client_of(here.members["csm"])
    mapping_url = upload(client, here)["Location"]
    draft = Batch.objects.get()
    assert (draft.kind, draft.source, draft.is_dry_run, draft.job) == (
        "accounts",
        "customers.csv",
        True,
        None,
    )
    page = client.get(mapping_url).content.decode()
    assert "Harbour &lt;b&gt;" in page
    assert '<option value="Company" selected>Company</option>' in page

    form = {
        "map-external_id": "Customer ID",
        "map-name": "Company",
        "map-domains": "Website",
        "map-keep": ["Sector"],
    }
    checked_url = run_jobs(lambda: client.post(mapping_url, form))["Location"]
    page = client.get(checked_url).content.decode()
    assert "Checked; nothing is changed yet" in page
    assert "Import 1 row</button>" in page
    assert "The account is new and needs a name" in page
    assert Account.objects.count() == 1

    done = run_jobs(lambda: client.post(checked_url + "runs/"))["Location"]
    page = client.get(done).content.decode()
    assert "Imported" in page
    account = Account.objects.get(external_id="1")
    assert (account.name, account.attributes) == ("Harbour <b>", {"Sector": "sea"})
    batch = Batch.objects.latest("pk")
    assert (batch.read, batch.created, batch.rejected, batch.is_dry_run) == (2, 1, 1, False)
    assert batch.file_id == draft.file_id


def test_while_it_runs_the_page_says_how_far(here):
    client = client_of(here.members["csm"])
    mapping_url = upload(client, here)["Location"]
    url = client.post(mapping_url, {"map-name": "Company", "map-domains": "Website"})["Location"]
    page = client.get(url).content.decode()
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,a\n1,2", "The column “a” is there twice."),
        ("a,é".encode("latin-1"), "The file is not in UTF-8"),
        (b"x", None),
    ],
)
def test_an_upload_that_cannot_be_read(here, content, reason):
    response = upload(client_of(here.members["csm"]), here, content, kind="contacts")
    if reason is None:
        assert response.status_code == 302
        return
    page = response.content.decode()
    assert response.status_code == 422
    assert reason in page
    assert 'value="contacts" required id="id_kind_1" checked' in page
    assert Batch.objects.count() == 0


def test_an_upload_has_a_limit_and_a_kind(here, settings):
    settings.MAX_UPLOAD_BYTES = 10
    client = client_of(here.members["csm"])
    assert "more than the 10\u00a0B of one import" in upload(client, here).content.decode()
    assert upload(client, here, kind="cats").status_code == 422
    assert client.post(here.url("imports/new/"), {"kind": "accounts"}).status_code == 422


def test_a_mapping_that_is_refused_keeps_the_choices(here):
    client = client_of(here.members["csm"])
    mapping_url = upload(client, here)["Location"]
    form = {
        "map-name": "Company",
        "map-domains": "Company",
        "map-tier": "Nothing",
        "map-set_create_tiers": "on",
    }
    response = client.post(mapping_url, form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "The column “Company” feeds Name already; choose one." in page
    assert "Select a valid choice." in page
    assert "checked" in page
    assert Batch.objects.get().job is None


def test_a_checked_file_can_be_mapped_anew(here, run_jobs):
    client = client_of(here.members["csm"])
    mapping_url = upload(client, here)["Location"]
    first = run_jobs(lambda: client.post(mapping_url, {"map-name": "Company", "map-domains": "Website"}))[
        "Location"
    ]
    second = run_jobs(lambda: client.post(mapping_url, {"map-name": "Sector", "map-domains": "Website"}))[
        "Location"
    ]
    assert first != second
    assert [b.mapping["name"] for b in Batch.objects.order_by("pk")] == ["Company", "Sector"]


def test_a_dry_run_that_was_refused_cannot_be_run(here, run_jobs):
    client = client_of(here.members["csm"])
    # The upload looks at the first rows only; the whole file is read by the job.
    content = b"name,domain\n" + b"A,a.example\n" * 6 + b'B,"b\n'
    mapping_url = upload(client, here, content)["Location"]
    url = run_jobs(lambda: client.post(mapping_url, {"map-name": "name", "map-domains": "domain"}))[
        "Location"
    ]
    page = client.get(url).content.decode()
    assert "The file was refused; nothing was changed" in page
    assert "A quotation mark that opens in row 8 is never closed." in page
    assert client.post(url + "runs/").status_code == 404


def test_the_rejected_rows_as_a_file(here):
    batch = load("accounts", "id,name\n1,\n=2,\n")
    client = client_of(here.members["executive"])
    response = client.get(here.url(f"imports/{batch.pk}/rejects.csv"))
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    reason = "The account is new and needs a name; fill it in or map its column."
    assert rows == [
        ["row", "field", "reason", "raw"],
        ["2", "name", reason, "1\t"],
        ["3", "name", reason, "'=2\t"],
    ]


def test_the_list_pages_and_says_what_became_of_each(here):
    for n in range(52):
        Batch.objects.create(kind="accounts", source=f"{n}.csv", actor="x", error="Broken" if n == 51 else "")
    client = client_of(here.members["executive"])
    first = client.get(here.url("imports/"))
    assert first.content.decode().count("row-link") == 50
    assert "Broken" in first.content.decode()
    assert (
        client.get(here.url("imports/") + first.context["next_url"]).content.decode().count("row-link") == 2
    )


def test_who_may_do_what(here, elsewhere):
    batch = load("accounts", "id,name\n1,\n")
    expected = {
        "imports/": (200, 200, 404),
        "imports/new/": (200, 403, 404),
        f"imports/{batch.pk}/": (200, 200, 404),
        f"imports/{batch.pk}/rejects.csv": (200, 200, 404),
    }
    clients = [client_of(here.members[role]) for role in ("csm", "executive", "viewer")]
    assert {path: tuple(c.get(here.url(path)).status_code for c in clients) for path in expected} == expected
    theirs = client_of(elsewhere.members["admin"])
    for path in ("", "mapping/", "rejects.csv"):
        assert theirs.get(elsewhere.url(f"imports/{batch.pk}/{path}")).status_code == 404
        assert theirs.get(here.url(f"imports/{batch.pk}/{path}")).status_code == 404
    assert Reject.objects.count() == 1
