"""The staff's pages: list, draft, words, issue, download."""

import pytest

from accounts.accounts.models import Account
from csworkspace.jobs.actions import jobs_inline
from csworkspace.people.models import Role
from reports.reports import actions
from reports.reports.models import Report
from tests.kit import BY, client_of
from tests.reports.story import make_story


@pytest.fixture
def csm(here, elsewhere):
    return client_of(here.members[Role.CSM])


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Do something and run the jobs that it starts."""

    def do(action):
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            return action()

    return do


@pytest.fixture
def draft(here, csm, run):
    make_story(here.account)
    return run(lambda: actions.request_report(here.account, "qbr", "2026-Q3", by=BY))


def test_the_tab_offers_the_last_complete_quarter_and_says_what_a_report_is(here, csm):
    response = csm.get(here.url(f"accounts/{here.account.pk}/reports/"))
    assert response.context["form"]["period"].initial.count("-Q") == 1
    assert "No report yet" in response.content.decode()


def test_a_double_click_makes_one_report(here, csm, run):
    make_story(here.account)
    url = here.url(f"accounts/{here.account.pk}/reports/new/")
    first = run(lambda: csm.post(url, {"kind": "qbr", "period": "2026-Q3"}))
    second = run(lambda: csm.post(url, {"kind": "qbr", "period": "2026-Q3"}))
    report = Report.objects.get()
    assert first.url == second.url == here.url(f"reports/{report.pk}/")


def test_a_period_that_is_not_offered_is_refused_on_the_tab(here, csm):
    url = here.url(f"accounts/{here.account.pk}/reports/new/")
    response = csm.post(url, {"kind": "qbr", "period": "2999-Q3"})
    assert response.status_code == 422
    assert Report.objects.count() == 0


def test_a_draft_that_is_being_written_says_so(here, csm):
    report = actions.request_report(here.account, "qbr", "2026-Q3", by=BY)
    text = csm.get(here.url(f"reports/{report.pk}/")).content.decode()
    assert "The numbers are being put together." in text
    assert csm.get(here.url(f"reports/{report.pk}/commentary/")).status_code == 404


def test_the_draft_shows_the_document_with_ways_to_its_sources(here, csm, draft):
    text = csm.get(here.url(f"reports/{draft.pk}/")).content.decode()
    assert "Same numbers for all." in text
    assert here.url(f"accounts/{here.account.pk}/evidence/active-users/?day=2026-09-30") in text


def test_words_are_saved_and_printed_without_markup(here, csm, draft):
    url = here.url(f"reports/{draft.pk}/commentary/")
    assert csm.get(url).status_code == 200
    csm.post(url, {"summary": "Very **well**.<script>x</script>", "objective_1": "", "next": ""})
    text = csm.get(here.url(f"reports/{draft.pk}/")).content.decode()
    assert "<p>Very <strong>well</strong>.&lt;script&gt;x&lt;/script&gt;</p>" in text


def test_words_that_are_too_long_are_kept_in_the_form(here, csm, draft):
    response = csm.post(here.url(f"reports/{draft.pk}/commentary/"), {"summary": "long " * 1000})
    assert response.status_code == 422
    assert "long long" in response.content.decode()


def test_issue_then_download(here, csm, draft, run):
    assert csm.get(here.url(f"reports/{draft.pk}/pdf/")).status_code == 404
    run(lambda: csm.post(here.url(f"reports/{draft.pk}/issues/")))
    response = csm.get(here.url(f"reports/{draft.pk}/pdf/"))
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="acme-industries-qbr-2026-Q3.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    page = csm.get(here.url(f"reports/{draft.pk}/")).content.decode()
    assert "It does not change any more" in page
    for verb in ("commentary", "refreshes", "issues", "discards"):
        answer = csm.post(here.url(f"reports/{draft.pk}/{verb}/"), {"summary": "late"}, follow=True)
        assert "does not change any more" in answer.content.decode()
    assert Report.objects.get().commentary == {}


def test_a_draft_can_be_discarded(here, csm, draft):
    response = csm.post(here.url(f"reports/{draft.pk}/discards/"))
    assert response.url == here.url(f"accounts/{here.account.pk}/reports/")
    assert Report.objects.count() == 0


def test_executives_read_and_change_nothing(here, draft):
    executive = client_of(here.members[Role.EXECUTIVE])
    assert executive.get(here.url(f"reports/{draft.pk}/")).status_code == 200
    for verb in ("commentary", "refreshes", "issues", "discards"):
        assert executive.post(here.url(f"reports/{draft.pk}/{verb}/")).status_code == 403


def test_reports_of_elsewhere_and_none_answer_the_same(here, elsewhere, csm, draft):
    statuses = {
        csm.get(here.url(f"{path}/{pk}/{rest}")).status_code
        for pk in (elsewhere.account.pk + 10**6, 2**40)
        for path, rest in (("reports", ""), ("reports", "pdf/"), ("accounts", "reports/"))
    }
    statuses |= {
        client_of(elsewhere.members[Role.CSM]).get(elsewhere.url(f"reports/{draft.pk}/")).status_code
    }
    assert statuses == {404}


def test_the_list_takes_as_many_queries_for_three_reports_as_for_one(
    here, csm, draft, django_assert_num_queries
):
    url = here.url(f"accounts/{here.account.pk}/reports/")
    csm.get(url)
    with django_assert_num_queries(LIST_QUERIES):
        csm.get(url)
    for month in ("2026-07", "2026-08"):
        Report.objects.create(
            account=here.account, kind="progress", period=month,
            starts_on="2026-07-01", ends_on="2026-07-31", actor="Test",
        )  # fmt: skip
    with django_assert_num_queries(LIST_QUERIES):
        assert len(csm.get(url).context["reports"]) == 3


LIST_QUERIES = 15


def test_a_name_full_of_markup_is_text_everywhere(here, csm, run):
    hostile = Account.objects.create(name='<img src=x onerror=alert(1)>"{{x}}', owner=here.account.owner)
    report = run(lambda: actions.request_report(hostile, "progress", "2026-Q3", by=BY))
    for path in (f"accounts/{hostile.pk}/reports/", f"reports/{report.pk}/", f"portal/{hostile.pk}/",
                 f"accounts/{hostile.pk}/links/new/"):  # fmt: skip
        assert "<img src=x" not in csm.get(here.url(path)).content.decode()
