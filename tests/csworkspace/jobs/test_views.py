"""The pages of jobs."""

import pytest

from csworkspace.jobs.models import Job
from csworkspace.jobs.queries import safe_url
from csworkspace.tenancy.database import enter_workspace
from tests.kit import client_of


def make(count: int = 1, **values) -> list[Job]:
    base = {"kind": "test", "title": "Import accounts", "actor": "Ada"}
    return [Job.objects.create(**{**base, **values}) for _ in range(count)]


def titles(response) -> list[str]:
    return [job.title for job in response.context["jobs"]]


def test_list_filters_pages_and_shows_only_own(here, elsewhere, django_assert_num_queries):
    make(60, title="Mine")
    make(2, title="Broken", status="dead", error="no")
    enter_workspace(elsewhere.workspace.pk)
    make(1, title="Theirs")
    here.open()
    client = client_of(here.members["executive"])
    url = here.url("jobs/")
    with django_assert_num_queries(13):  # 5 of them are the test client's own
        first = client.get(url)
    assert titles(first) == ["Broken"] * 2 + ["Mine"] * 48
    second = client.get(first.context["next_url"])
    assert titles(second) == ["Mine"] * 12
    assert (second.context["next_url"], second.context["first_url"]) == ("", url)
    assert titles(client.get(url, {"state": "dead"})) == ["Broken"] * 2
    assert titles(client.get(url, {"state": "nonsense"})) == titles(first)
    assert "No jobs here" in client.get(url, {"state": "succeeded"}).text


def test_page_of_a_running_job_refreshes_without_javascript(here):
    job = make(status="running", percent=40, message="row 4 of 10", attempts=1)[0]
    client = client_of(here.members["csm"])
    page = client.get(here.url(f"jobs/{job.pk}/")).text
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="/w/northwind/jobs/{job.pk}/progress/"' in page
    assert "row 4 of 10" in page
    partial = client.get(here.url(f"jobs/{job.pk}/progress/"), HTTP_HX_REQUEST="true")
    assert 'hx-trigger="every 1s"' in partial.text
    assert "HX-Redirect" not in partial


@pytest.mark.parametrize(
    ("status", "result", "query", "target"),
    [
        ("succeeded", {"url": "/w/northwind/reports/7/"}, "", "/w/northwind/reports/7/"),
        ("succeeded", {"url": "https://evil.example/"}, "", "/w/northwind/jobs/{pk}/"),
        ("succeeded", {"url": "//evil.example/"}, "?next=//evil.example", "/w/northwind/jobs/{pk}/"),
        ("succeeded", {}, "?next=/w/northwind/imports/3/", "/w/northwind/imports/3/"),
        ("dead", {"url": "/x/"}, "?next=/y/", "/w/northwind/jobs/{pk}/"),
    ],
)
def test_htmx_is_sent_on_at_the_end(here, status, result, query, target):
    job = make(status=status, result=result)[0]
    client = client_of(here.members["csm"])
    response = client.get(here.url(f"jobs/{job.pk}/progress/{query}"), HTTP_HX_REQUEST="true")
    assert response["HX-Redirect"] == target.format(pk=job.pk)
    assert "evil" not in response.text


@pytest.mark.parametrize(
    "url", [None, 5, "", "x/", "//x", "/\\x", "javascript:alert(1)", "https://x/", "/\t/x"]
)
def test_unsafe_urls(url):
    assert safe_url(url) == ""


def test_a_person_tries_again(here):
    job = make(status="dead", error="<b>disk full</b>", attempts=5)[0]
    csm, executive = client_of(here.members["csm"]), client_of(here.members["executive"])
    assert "&lt;b&gt;disk full" in csm.get(here.url(f"jobs/{job.pk}/")).text
    assert "Try again" not in executive.get(here.url(f"jobs/{job.pk}/")).text
    assert executive.post(here.url(f"jobs/{job.pk}/retries/")).status_code == 403
    response = csm.post(here.url(f"jobs/{job.pk}/retries/"), follow=True)
    assert "The job is queued again." in response.text
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("queued", 0)
    assert "Only a failed job" in csm.post(here.url(f"jobs/{job.pk}/retries/"), follow=True).text


def test_what_the_workspace_does_by_itself_is_listed_only_when_it_failed_or_is_asked_for(here):
    make(title="By a person")
    make(kind="attention.refresh", title="Done by itself", status="succeeded")
    make(kind="attention.refresh", title="Failed by itself", status="dead", error="no")
    client, url = client_of(here.members["csm"]), here.url("jobs/")
    assert titles(client.get(url)) == ["Failed by itself", "By a person"]
    everything = ["Failed by itself", "Done by itself", "By a person"]
    assert titles(client.get(url, {"state": "all"})) == everything
