"""The customer's pages: overview, plan, progress, maturity, reports. All of them only read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from csworkspace.tenancy.clock import day_in, today_of
from csworkspace.web.times import day, day_range
from csworkspace.web.urls import workspace_url
from playbooks.plans.queries import PlanProgress
from reports.portal.frame import is_staff, note_look, portal_account, portal_frame
from reports.portal.queries import maturity_levels, shared_progress, steps_of, viewable_accounts
from reports.portal.recommendation_views import open_advice
from reports.reports.document import document, objective_contexts
from reports.reports.method import status_rule
from reports.reports.queries import issued_reports, reports_of
from reports.reports.snapshot import objective_parts
from reports.reports.verdicts import counts, report_verdict
from reports.reports.views import pdf_response


@require_safe
def portal_home(request: Any) -> HttpResponse:
    """The customer's accounts; straight to it if there is one. Staff choose one in the book."""
    if is_staff(request):
        return redirect(workspace_url(request, "book"))
    accounts = viewable_accounts(request.portal_accounts)
    if len(accounts) == 1:
        return redirect(workspace_url(request, "portal_account", accounts[0].pk))
    return render(request, "portal/home.html", {"accounts": accounts})


@require_safe
def overview(request: Any, pk: int) -> HttpResponse:
    """How things stand in one sentence, with the targets, the ladder and the latest report."""
    account = portal_account(pk)
    today = today_of(request.workspace)
    progress = shared_progress(account.pk, today)
    maturity, _ = maturity_levels(account.pk)
    context = {
        **portal_frame(request, account, "portal_account"),
        **(_standing(request, account.pk, progress, today) if progress else {}),
        "maturity": maturity,
        "advice": open_advice(request, account, today),
        "reports": reports_of(account.pk, request.workspace.timezone, issued_only=True)[:3],
    }
    return render(request, "portal/overview.html", context)


def _standing(request: Any, account_id: int, progress: PlanProgress, today: Any) -> dict[str, Any]:
    """The plan's objectives and targets as they stand today, drawn as in a report."""
    parts = objective_parts(progress, today)
    targets = [target for one in parts for target in one["targets"]]
    names, statuses = [t["name"] for t in targets], [t["status"] for t in targets]
    return {
        "plan": progress.plan,
        "plan_range": day_range(progress.plan.starts_on, progress.plan.ends_on),
        "verdict": report_verdict(names, statuses, period="the plan", moved=""),
        "counts": counts(statuses),
        "objectives": objective_contexts(
            parts,
            {},
            lambda key, on: f"{workspace_url(request, 'portal_evidence', account_id, key)}?day={on}",
        ),
        "today_text": day(today),
    }


@require_safe
def plan_page(request: Any, pk: int) -> HttpResponse:
    """What was agreed: objectives, targets, steps, people, and how the plan changed."""
    account = portal_account(pk)
    today = today_of(request.workspace)
    progress = shared_progress(account.pk, today)
    context = portal_frame(request, account, "portal_plan")
    if progress:
        context |= _standing(request, account.pk, progress, today)
        context |= {"steps": steps_of(progress, today), "revisions": _revisions(request, progress)}
    return render(request, "portal/plan.html", context)


def _revisions(request: Any, progress: PlanProgress) -> list[dict[str, str]]:
    days = [(one, day_in(request.workspace, one.revised_at)) for one in progress.revisions]
    return [
        {"title": f"Revision {one.number}", "text": one.reason, "when": day(on), "iso": on.isoformat()}
        for one, on in days
    ]


@require_safe
def progress_page(request: Any, pk: int) -> HttpResponse:
    """Every target with its chart and numbers, each leading to its measurements."""
    account = portal_account(pk)
    today = today_of(request.workspace)
    progress = shared_progress(account.pk, today)
    context = {**portal_frame(request, account, "portal_progress"), "rule": status_rule()}
    if progress:
        context |= _standing(request, account.pk, progress, today)
    return render(request, "portal/progress.html", context)


@require_safe
def maturity_page(request: Any, pk: int) -> HttpResponse:
    """The ladder, and what each level takes."""
    account = portal_account(pk)
    maturity, levels = maturity_levels(account.pk)
    context = {
        **portal_frame(request, account, "portal_maturity"),
        "maturity": maturity,
        "levels": levels,
        "assessed": day(day_in(request.workspace, maturity.assessed_at)) if maturity else "",
    }
    return render(request, "portal/maturity.html", context)


@require_safe
def reports_page(request: Any, pk: int) -> HttpResponse:
    """The issued reports."""
    account = portal_account(pk)
    context = {
        **portal_frame(request, account, "portal_reports"),
        "reports": reports_of(account.pk, request.workspace.timezone, issued_only=True),
    }
    return render(request, "portal/reports.html", context)


@require_safe
def report_page(request: Any, pk: int, report: int) -> HttpResponse:
    """An issued report as a page."""
    account = portal_account(pk)
    found = get_object_or_404(issued_reports(), pk=report, account=account)
    context = {
        **portal_frame(request, account, "portal_reports"),
        "report": found,
        "doc": document(found.snapshot or {}, found.commentary),
    }
    return render(request, "portal/report.html", context)


@require_safe
def report_pdf(request: Any, pk: int, report: int) -> HttpResponse:
    """An issued report's PDF; reading it there is reading the report."""
    account = portal_account(pk)
    found = get_object_or_404(issued_reports(), pk=report, account=account)
    note_look(request, account, "portal_report")
    return pdf_response(found)
