"""Making, editing and issuing reports."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.accounts.models import Account
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.files.actions import store_file
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.models import Workspace
from csworkspace.web.times import moment
from reports.reports.commentary import clean, fields_for
from reports.reports.content import content_sha256
from reports.reports.document import render_html
from reports.reports.models import Report
from reports.reports.periods import parse_period
from reports.reports.queries import accounts_with
from reports.reports.snapshot import build_snapshot

if TYPE_CHECKING:
    from reports.reports.pdf import Pdf

WRITE_JOB = "write report"
ISSUE_JOB = "issue report"
DRAFT_JOB = "draft reports"


class ReportFrozen(Exception):
    """An issued report never changes; the text says what to do instead."""


class NotReady(Exception):
    """The report has no numbers yet."""


@transaction.atomic
def request_report(account: Account, kind: str, period: str, *, by: Actor) -> Report:
    """The draft for an account, kind and period, with a job that writes its numbers.

    An unfinished draft of the same is returned instead of a second one, and gets no new numbers.
    Raises PeriodError for a text that names no period, or a future one.
    """
    chosen = parse_period(period, today())
    report, created = Report.objects.get_or_create(
        account=account,
        kind=kind,
        period=chosen.key,
        issued_at=None,
        defaults={"starts_on": chosen.starts_on, "ends_on": chosen.ends_on, "actor": by.label[:160]},
    )
    if created:
        record("requested", report, by=by, after={"account": account.name, "period": chosen.label})
        _start(report, WRITE_JOB, f"{report} for {account.name}", by)
    return report


@transaction.atomic
def request_missing(account_ids: Sequence[int], kind: str, period: str, *, by: Actor) -> int:
    """Request a report for each of these accounts that has none of this kind and period; how many.

    Drafts and issued ones count alike, so that a second run asks for nothing. Raises PeriodError.
    """
    key = parse_period(period, today()).key
    have = accounts_with(account_ids, kind, key)
    missing = Account.objects.filter(pk__in=account_ids).exclude(pk__in=have).order_by("pk")
    for account in missing:
        request_report(account, kind, key, by=by)
    return len(missing)


@transaction.atomic
def refresh_report(report: Report, *, by: Actor) -> Job:
    """Write a draft's numbers anew; its commentary stays. Raises ReportFrozen."""
    report = lock_draft(report.pk)
    record("refreshed", report, by=by)
    return _start(report, WRITE_JOB, f"{report} for {report.account.name}", by)


@transaction.atomic
def edit_commentary(report: Report, texts: Mapping[str, Any], *, by: Actor) -> Report:
    """Replace a draft's commentary; unknown fields are passed over. Raises ReportFrozen, NotReady.

    Words on objectives that the draft does not show now are kept for when it shows them again.
    """
    report = lock_draft(report.pk)
    shown, before = fields_for(_numbers(report)), report.commentary
    unseen = {name: text for name, text in before.items() if name not in shown}
    after = {**unseen, **clean(texts, _numbers(report))}
    if before != after:
        report.commentary = after
        report.save(update_fields=["commentary"])
        record("commented", report, by=by, before=before, after=after)
    return report


@transaction.atomic
def issue_report(report: Report, *, by: Actor) -> Job:
    """Start issuing: a job freezes the content and makes the PDF. Raises ReportFrozen, NotReady."""
    report = lock_draft(report.pk)
    _numbers(report)
    return _start(report, ISSUE_JOB, f"Issue {report} for {report.account.name}", by)


@transaction.atomic
def discard_report(report: Report, *, by: Actor) -> None:
    """Delete a draft. Raises ReportFrozen."""
    report = lock_draft(report.pk)
    record("discarded", report, by=by, before={"account": report.account.name, "period": report.period})
    report.delete()


@transaction.atomic
def write_numbers(report: Report) -> Report:
    """Read everything that the draft says, as of now. Called by its job. Raises ReportFrozen."""
    report = lock_draft(report.pk)
    period = parse_period(report.period, max(today(), report.starts_on))
    report.snapshot = build_snapshot(report.account, report.kind, period)
    report.generated_at = timezone.now()
    report.save(update_fields=["snapshot", "generated_at"])
    return report


@transaction.atomic
def freeze_report(report: Report, *, by: Actor) -> Report:
    """Issue a draft: date and name go into the content, the PDF is made and stored, all or nothing.

    Called by its job; a report that is issued already is returned as it is, so that a job that was
    interrupted and runs again changes nothing.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("account").get(pk=report.pk)
    if report.issued_at:
        return report
    now = timezone.now()
    report.snapshot = {**_numbers(report), "issued": _issued(by, now)}
    report.commentary = clean(report.commentary, report.snapshot)
    report.content_sha256 = content_sha256(report.snapshot, report.commentary)
    made = pdf_of(report)
    report.pdf, report.pages = store_file(file_name(report), made.content, "application/pdf"), made.pages
    report.issued_at, report.issued_by = now, by.label[:160]
    report.save(
        update_fields=["snapshot", "commentary", "content_sha256", "pdf", "pages", "issued_at", "issued_by"]
    )
    record(
        "issued", report, by=by, after={"account": report.account.name, "fingerprint": report.content_sha256}
    )
    announce(
        "reports.issued",
        by=by,
        account_id=report.account_id,
        report_id=report.pk,
        report_kind=report.kind,
        report_title=str(report),
        period=report.period,
        issued_on=today().isoformat(),
    )
    return report


def pdf_of(report: Report) -> "Pdf":
    """The PDF of a report's content as it is now; the same content gives the same bytes."""
    # WeasyPrint takes a second to import: workers and shell commands pay for it, the web does not.
    from reports.reports.pdf import to_pdf

    content = _numbers(report)
    identifier = content_sha256(content, report.commentary)[:32]
    return to_pdf(render_html(content, report.commentary), identifier)


def file_name(report: Report) -> str:
    """A name for the download that every system takes: "acme-industries-qbr-2026-Q3.pdf"."""
    return f"{slugify(report.account.name)[:60].strip('-') or 'report'}-{report.kind}-{report.period}.pdf"


def lock_draft(pk: int) -> Report:
    """The report, locked until the end of the transaction. Raises ReportFrozen if it is issued."""
    report = Report.objects.select_for_update(of=("self",)).select_related("account").get(pk=pk)
    if report.issued_at:
        raise ReportFrozen(
            "This report is issued and does not change any more. Make a new one for the same period."
        )
    return report


def _start(report: Report, kind: str, title: str, by: Actor) -> Job:
    report.job = start_job(kind, title, by=by, key=str(report.pk), report=report.pk)
    report.save(update_fields=["job"])
    return report.job


def _issued(by: Actor, now: Any) -> dict[str, str]:
    zone = Workspace.objects.values_list("timezone", flat=True).get()
    return {
        "at": now.isoformat(timespec="seconds"),
        "on_text": moment(now, zone).partition(",")[0],
        "by": by.label[:160],
    }


def _numbers(report: Report) -> dict[str, Any]:
    if report.snapshot is None:
        raise NotReady("The numbers of this report are still being put together. Try again in a moment.")
    content: dict[str, Any] = report.snapshot
    return content
