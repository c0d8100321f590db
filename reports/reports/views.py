"""Reports of an account: the list, the draft with its commentary, the issued document."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.metrics.queries import evidence_url_by_key
from csworkspace.jobs.queries import job_view
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from reports.portal.queries import share_links
from reports.reports import actions
from reports.reports.document import Link, document
from reports.reports.forms import CommentaryForm, NewReportForm
from reports.reports.models import Report
from reports.reports.queries import get_reports, pdf_bytes, reports_of


@require_safe
def account_reports(request: Any, pk: int) -> HttpResponse:
    """The reports tab: what was made, making a new one, and links for the customer."""
    return reports_page(request, get_account(pk), NewReportForm(today=today_of(request.workspace)))


@require_POST
def report_new(request: Any, pk: int) -> HttpResponse:
    """Start a report; an unfinished one of the same kind and period is opened instead."""
    account = get_account(pk)
    form = NewReportForm(request.POST, today=today_of(request.workspace))
    if not form.is_valid():
        return reports_page(request, account, form)
    report = actions.request_report(account, by=request.actor, **form.cleaned_data)
    return redirect(workspace_url(request, "report", report.pk))


def reports_page(request: Any, account: Any, form: NewReportForm) -> HttpResponse:
    """The tab with its form."""
    zone = request.workspace.timezone
    context = {
        **account_frame(request, account, "account_reports"),
        "reports": reports_of(account.pk, zone),
        "form": form,
        "links": share_links(account.pk, zone),
    }
    return render(request, "reports/list.html", context, status=422 if form.errors else 200)


@require_safe
def report_page(request: Any, pk: int) -> HttpResponse:
    """The document; while a job works on it, how far that is."""
    report = get_object_or_404(get_reports(), pk=pk)
    job = job_view(report.job, request.workspace.timezone) if report.job else None
    working = job is not None and (not job.is_finished or job.is_dead) and not report.issued_at
    context = {
        "report": report,
        "job": job if working else None,
        "next_url": workspace_url(request, "report", report.pk),
        "crumbs": crumbs(request, report),
        "doc": document(report.snapshot, report.commentary, evidence_links(request, report))
        if report.snapshot
        else None,
    }
    return render(request, "reports/detail.html", context)


def crumbs(request: Any, report: Report) -> list[dict[str, str]]:
    """The way back to the account's reports."""
    return [
        {"label": report.account.name, "url": workspace_url(request, "account", report.account_id)},
        {"label": "Reports", "url": workspace_url(request, "account_reports", report.account_id)},
    ]


def evidence_links(request: Any, report: Report) -> Link:
    """Addresses of the measurements behind the document's numbers, for staff."""
    return lambda key, day: evidence_url_by_key(request, report.account_id, key, date.fromisoformat(day))


def report_commentary(request: Any, pk: int) -> HttpResponse:
    """Edit the words of a draft."""
    report = get_object_or_404(get_reports(), pk=pk)
    if report.snapshot is None:
        raise Http404("no numbers yet")
    form = CommentaryForm(request.POST or None, snapshot=report.snapshot, initial=report.commentary)
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            report,
            lambda: actions.edit_commentary(report, form.cleaned_data, by=request.actor),
            "The commentary is saved.",
        )
    context = {
        "report": report,
        "form": form,
        "crumbs": crumbs(request, report),
        "cancel_url": workspace_url(request, "report", report.pk),
    }
    return render(request, "reports/commentary.html", context, status=422 if form.errors else 200)


@require_POST
def report_refresh(request: Any, pk: int) -> HttpResponse:
    """Write a draft's numbers anew."""
    report = get_object_or_404(get_reports(), pk=pk)
    return act(request, report, lambda: actions.refresh_report(report, by=request.actor), "")


@require_POST
def report_issue(request: Any, pk: int) -> HttpResponse:
    """Issue a draft."""
    report = get_object_or_404(get_reports(), pk=pk)
    return act(request, report, lambda: actions.issue_report(report, by=request.actor), "")


@require_POST
def report_discard(request: Any, pk: int) -> HttpResponse:
    """Delete a draft."""
    report = get_object_or_404(get_reports(), pk=pk)
    response = act(
        request,
        report,
        lambda: actions.discard_report(report, by=request.actor),
        "The draft was discarded.",
    )
    if Report.objects.filter(pk=pk).exists():
        return response
    return redirect(workspace_url(request, "account_reports", report.account_id))


def act(request: Any, report: Report, do: Callable[[], Any], done: str) -> HttpResponse:
    """Do it and go back to the report; a refusal is told there."""
    try:
        do()
        if done:
            messages.success(request, done)
    except (actions.ReportFrozen, actions.NotReady) as error:
        messages.error(request, str(error))
    return redirect(workspace_url(request, "report", report.pk))


@require_safe
def report_pdf(request: Any, pk: int) -> HttpResponse:
    """The PDF of an issued report."""
    return pdf_response(get_object_or_404(get_reports().filter(issued_at__isnull=False), pk=pk))


def pdf_response(report: Report) -> HttpResponse:
    """The stored PDF as a download."""
    response = HttpResponse(pdf_bytes(report), content_type="application/pdf")
    name = actions.file_name(report)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
