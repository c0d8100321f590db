"""Sources of events, one delivery, what waits for an account, and uploading a file."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.accounts.models import Account
from accounts.imports.models import Batch
from accounts.usage import store
from accounts.usage.models import Event
from csworkspace.jobs.actions import jobs_inline
from csworkspace.tenancy.clock import today_of
from tests.accounts.metrics.makers import event, give_domain, send
from tests.kit import client_of

HOSTILE = "<script>alert(1)</script>"
# 7 of them are the test client's own and the transaction.
LIST_QUERIES = 13
SOURCE_QUERIES = 14
WAITING_QUERIES = 13


@pytest.fixture(autouse=True)
def no_months_known():
    """Jobs that end in a test tell of months that are gone with its transaction."""
    store._months.clear()


@pytest.fixture
def today(here):
    return today_of(here.workspace)


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks):
    def run(act):
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            return act()

    return run


def test_empty_pages_say_what_to_do_next(here, csm):
    assert here.url("imports/new/") + "?kind=events" in csm.get(here.url("sources/")).content.decode()
    assert "Every event has its account" in csm.get(here.url("waiting/")).content.decode()
    executive = client_of(here.members["executive"])
    assert here.url("imports/new/") not in executive.get(here.url("sources/")).content.decode()


def test_sources_come_in_pages_newest_first(here, csm, today, django_assert_num_queries):
    for number in range(3):
        send(event(number, today))
        if number in (0, 2):
            with django_assert_num_queries(LIST_QUERIES):
                csm.get(here.url("sources/"))
    Batch.objects.bulk_create(Batch(kind="events", source=f"API {n}", actor="x") for n in range(50))
    Batch.objects.create(kind="events", source="draft.csv", actor="x", is_dry_run=True)
    Batch.objects.create(kind="accounts", source="accounts.csv", actor="x")
    first = csm.get(here.url("sources/"))
    second = csm.get(here.url("sources/") + first.context["next_url"])
    assert [len(first.context["sources"]), len(second.context["sources"])] == [50, 3]
    names = [line.source for line in first.context["sources"]]
    assert names[0] == "API 49"
    assert not {"draft.csv", "accounts.csv"} & set(names)
    assert csm.get(here.url("sources/"), {"before": "x"}).status_code == 200


def test_a_source_shows_what_became_of_its_rows(here, csm, today, django_assert_num_queries):
    give_domain(here.account)
    send(event(1, today))
    batch = send(
        event(1, today), event(2, today), event(3, today, f"{HOSTILE}@no.example"), event(4, today, "")
    )
    csm.get(here.url(f"sources/{batch.pk}/"))
    with django_assert_num_queries(SOURCE_QUERIES):
        response = csm.get(here.url(f"sources/{batch.pk}/"))
    assert [stat["value"] for stat in response.context["stats"]] == ["4", "2", "1", "1", "1"]
    assert HOSTILE not in response.content.decode()


def test_rejects_are_bounded_on_the_page_and_inert_in_the_file(here, csm, today):
    rows = [event(n, today, quantity=-1) for n in range(205)]
    batch = send(*rows, {**event(999, today), "occurred_at": "=cmd|'/C calc'!A0"}, {"event_id": HOSTILE})
    response = csm.get(here.url(f"sources/{batch.pk}/"))
    assert len(response.context["rejects"]) == 200
    assert "207 in all, the first 200 here" in response.content.decode()
    answer = csm.get(here.url(f"sources/{batch.pk}/rejects.csv"))
    assert answer["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert len(lines) == 208
    assert not any(cell[:1] in "=+-@" for line in lines for cell in line if cell)


def test_a_broken_file_says_what_is_kept(here, csm):
    kept = Batch.objects.create(kind="events", source="cut.gz", actor="x", accepted=3, error="cut off")
    refused = Batch.objects.create(kind="events", source="x.zip", actor="x", error="packed with zip")
    assert "what came before is kept" in csm.get(here.url(f"sources/{kept.pk}/")).content.decode()
    text = csm.get(here.url(f"sources/{refused.pk}/")).content.decode()
    assert "nothing was loaded" in text
    assert "packed with zip" in text


def test_what_waits_leads_to_a_prefilled_account(here, csm, today, django_assert_num_queries):
    send(event(1, today, "ann@new-co.example"))
    csm.get(here.url("waiting/"))
    with django_assert_num_queries(WAITING_QUERIES):
        csm.get(here.url("waiting/"))
    send(
        event(2, today, "bob@new-co.example"),
        event(3, today, "ann@gmail.com"),
        event(4, today, account="acme-42"),
        event(5, today, f"{HOSTILE}@x.example"),
    )
    send({**event(6, today), "user_email": "no-address"})
    with django_assert_num_queries(WAITING_QUERIES):
        response = csm.get(here.url("waiting/"))
    lines = {line.key: line for line in response.context["waiting"].lines}
    assert (lines["new-co.example"].events, lines["new-co.example"].people) == ("2", "2")
    assert lines["gmail.com"].new_url == lines["no-address"].new_url == ""
    assert "A mail provider" in lines["gmail.com"].hint
    assert lines["acme-42"].kind == "Account id"
    assert HOSTILE not in response.content.decode()
    form = csm.get(lines["new-co.example"].new_url).context["form"]
    assert (form["domains"].value(), form["name"].value()) == ("new-co.example", "New Co")
    assert csm.get(lines["acme-42"].new_url).context["form"]["external_id"].value() == "acme-42"
    executive = client_of(here.members["executive"]).get(here.url("waiting/")).content.decode()
    assert "Make the account" not in executive


def test_the_account_that_is_made_takes_its_events(here, csm, today, run_jobs):
    send(event(1, today, "ann@new-co.example"))
    form = {"name": "New Co", "domains": "new-co.example", "stage": "onboarding", "currency": "EUR"}
    assert run_jobs(lambda: csm.post(here.url("accounts/new/"), form)).status_code == 302
    assert Event.objects.get().account == Account.objects.get(name="New Co")
    assert "Every event has its account" in csm.get(here.url("waiting/")).content.decode()


@pytest.mark.parametrize("name", ["events.csv", "events.ndjson"])
def test_a_file_is_uploaded_mapped_and_loaded(here, csm, today, run_jobs, name):
    give_domain(here.account)
    table = f"id,at,mail,what\nu1,{today}T08:00:00Z,ann@acme.example,{HOSTILE}\nu2,never,ann@acme.example,x\n"
    first = f'{{"id":"u1","at":"{today}T08:00:00Z","mail":"ann@acme.example","what":"{HOSTILE}"}}'
    lines = first + '\n{"id":"u2"}\n'
    content = (table if name.endswith("csv") else lines).encode()
    upload = {"kind": "events", "file": SimpleUploadedFile(name, content)}
    mapping_url = csm.post(here.url("imports/new/"), upload)["Location"]
    assert HOSTILE not in csm.get(mapping_url).content.decode()
    columns = {"event_id": "id", "occurred_at": "at", "user_email": "mail", "feature": "what"}
    chosen = {f"map-{ours}": theirs for ours, theirs in columns.items()}
    result = run_jobs(lambda: csm.post(mapping_url, chosen))["Location"]
    batch = Batch.objects.get()
    assert (batch.read, batch.accepted, batch.rejected, batch.is_dry_run) == (2, 1, 1, False)
    assert Event.objects.get().feature == HOSTILE
    assert csm.get(result).status_code == 200
    assert HOSTILE not in csm.get(here.url(f"sources/{batch.pk}/")).content.decode()


def test_who_may_look_and_what_the_lookalike_sees(here, elsewhere, today):
    batch = send(event(1, today), event(2, today, quantity=-1))
    viewer, theirs = client_of(here.members["viewer"]), client_of(elsewhere.members["csm"])
    for path in ("sources/", f"sources/{batch.pk}/", f"sources/{batch.pk}/rejects.csv", "waiting/"):
        assert viewer.get(here.url(path)).status_code == 404
    assert theirs.get(elsewhere.url(f"sources/{batch.pk}/")).status_code == 404
    assert theirs.get(elsewhere.url(f"sources/{batch.pk}/rejects.csv")).status_code == 404
    assert "Every event has its account" in theirs.get(elsewhere.url("waiting/")).content.decode()
    assert "No event has come in yet" in theirs.get(elsewhere.url("sources/")).content.decode()
