"""Making, editing and issuing reports."""

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.actions import jobs_inline
from csworkspace.jobs.models import Job
from playbooks.plans.models import Objective
from reports.reports import actions
from reports.reports.commentary import fields_for
from reports.reports.content import content_sha256
from reports.reports.document import document, render_html
from reports.reports.models import Report
from reports.reports.periods import PeriodError
from tests.kit import BY
from tests.reports.story import make_story


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Do something and run the jobs that it starts."""

    def do(action):
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            return action()

    return do


@pytest.fixture
def draft(here, run):
    """A QBR of the third quarter with its numbers."""
    make_story(here.account)
    report = run(lambda: actions.request_report(here.account, "qbr", "2026-q3", by=BY))
    report.refresh_from_db()
    return report


def test_a_draft_has_numbers_and_nothing_is_issued(draft):
    assert (draft.period, str(draft.starts_on), str(draft.ends_on)) == ("2026-Q3", "2026-07-01", "2026-09-30")
    assert draft.snapshot["verdict"] == "The target is on track; maturity rose from Begun to Regular."
    assert (draft.issued_at, draft.pdf, draft.content_sha256) == (None, None, "")


def test_asking_twice_gives_one_draft_and_one_job(here, draft, run):
    again = run(lambda: actions.request_report(here.account, "qbr", "2026-Q3", by=BY))
    assert (again.pk, Report.objects.count(), Job.objects.count()) == (draft.pk, 1, 1)


def test_a_period_that_is_none_or_has_not_begun_is_refused(here):
    for text in ("2026-Q5", "last quarter", "2999-Q1", ""):
        with pytest.raises(PeriodError):
            actions.request_report(here.account, "qbr", text, by=BY)
    assert Report.objects.count() == 0


def test_commentary_keeps_known_fields_as_plain_text(draft):
    texts = {"summary": " Well\x00 done. ", "objective_1": "", "objective_9": "?", "next": "Go on."}
    edited = actions.edit_commentary(draft, texts, by=BY)
    assert edited.commentary == {"summary": "Well done.", "next": "Go on."}
    assert AuditEntry.objects.filter(verb="commented", object_id=draft.pk).count() == 1


def test_refreshing_writes_new_numbers_and_keeps_the_words(draft, run):
    actions.edit_commentary(draft, {"summary": "Mine."}, by=BY)
    Report.objects.filter(pk=draft.pk).update(snapshot={**draft.snapshot, "verdict": "old"})
    run(lambda: actions.refresh_report(draft, by=BY))
    draft.refresh_from_db()
    assert draft.snapshot["verdict"] != "old"
    assert draft.commentary == {"summary": "Mine."}


def test_words_stay_with_their_objective_when_another_comes_before_it(here, draft, run):
    plan = here.account.plans.get()
    kept = plan.objectives.get()
    name = f"objective_{kept.pk}"
    actions.edit_commentary(draft, {name: "On the same numbers."}, by=BY)
    Objective.objects.filter(pk=kept.pk).update(position=2)
    Objective.objects.create(account=here.account, plan=plan, position=1, words="First.")
    run(lambda: actions.refresh_report(draft, by=BY))
    draft.refresh_from_db()
    shown = document(draft.snapshot, draft.commentary)["objectives"]
    assert [(one["number"], one["words"], one["note"]) for one in shown] == [
        (1, "First.", ""),
        (2, "Same numbers for all.", "<p>On the same numbers.</p>\n"),
    ]
    assert fields_for(draft.snapshot)[name] == ("On objective 2", "Same numbers for all.")


def test_words_on_an_objective_that_is_not_shown_wait_until_the_report_is_issued(here, draft, run):
    name = f"objective_{here.account.plans.get().objectives.get().pk}"
    actions.edit_commentary(draft, {"summary": "Mine.", name: "On the same numbers."}, by=BY)
    here.account.plans.update(state="draft")
    run(lambda: actions.refresh_report(draft, by=BY))
    edited = actions.edit_commentary(draft, {"summary": "Yours."}, by=BY)
    assert edited.commentary == {"summary": "Yours.", name: "On the same numbers."}
    run(lambda: actions.issue_report(draft, by=BY))
    draft.refresh_from_db()
    assert draft.commentary == {"summary": "Yours."}


def test_words_of_an_older_snapshot_go_by_the_number(draft):
    older = [{key: one[key] for key in one if key != "pk"} for one in draft.snapshot["objectives"]]
    snapshot = {**draft.snapshot, "objectives": older}
    assert list(fields_for(snapshot)) == ["summary", "objective_1", "next"]
    (shown,) = document(snapshot, {"objective_1": "Old."})["objectives"]
    assert shown["note"] == "<p>Old.</p>\n"


def test_issuing_freezes_content_and_stores_the_pdf(draft, run):
    run(lambda: actions.issue_report(draft, by=BY))
    draft.refresh_from_db()
    assert draft.issued_by == "Test"
    assert draft.content_sha256 == content_sha256(draft.snapshot, draft.commentary)
    assert bytes(draft.pdf.content).startswith(b"%PDF-1.7")
    assert draft.pdf.name == "acme-industries-qbr-2026-Q3.pdf"
    assert AuditEntry.objects.filter(verb="issued", object_id=draft.pk).count() == 1


def test_an_issued_report_refuses_every_change(draft, run):
    run(lambda: actions.issue_report(draft, by=BY))
    changes = (
        lambda: actions.edit_commentary(draft, {"summary": "Late."}, by=BY),
        lambda: actions.refresh_report(draft, by=BY),
        lambda: actions.issue_report(draft, by=BY),
        lambda: actions.discard_report(draft, by=BY),
        lambda: actions.write_numbers(draft),
    )
    for change in changes:
        with pytest.raises(actions.ReportFrozen):
            change()


def test_the_issuing_job_may_run_twice_and_changes_nothing(draft, run):
    run(lambda: actions.issue_report(draft, by=BY))
    draft.refresh_from_db()
    again = actions.freeze_report(draft, by=BY)
    assert (again.issued_at, again.pdf_id, again.content_sha256) == (
        draft.issued_at,
        draft.pdf_id,
        draft.content_sha256,
    )
    assert AuditEntry.objects.filter(verb="issued").count() == 1


def test_an_issued_report_renders_to_the_same_bytes_after_the_data_changed(here, draft, run):
    run(lambda: actions.issue_report(draft, by=BY))
    draft.refresh_from_db()
    html, stored = render_html(draft.snapshot, draft.commentary), bytes(draft.pdf.content)
    here.account.name = "Renamed"
    here.account.save()
    found = Report.objects.get(pk=draft.pk)
    assert render_html(found.snapshot, found.commentary) == html
    assert actions.pdf_of(found).content == stored


def test_after_issue_a_new_draft_of_the_same_period_can_be_made(here, draft, run):
    run(lambda: actions.issue_report(draft, by=BY))
    second = run(lambda: actions.request_report(here.account, "qbr", "2026-Q3", by=BY))
    assert second.pk != draft.pk
    assert Report.objects.count() == 2


def test_a_discarded_draft_is_gone_and_its_job_says_so(here, draft, run):
    with jobs_inline():
        job = actions.refresh_report(draft, by=BY)
    actions.discard_report(draft, by=BY)
    from csworkspace.jobs.runner import run_job

    assert run_job(here.workspace.pk, job.pk) == "dead"
    job.refresh_from_db()
    assert job.error == "The report was discarded before this could be done."
