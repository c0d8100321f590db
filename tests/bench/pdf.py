"""The QBR as PDF: against WeasyPrint rendering the same HTML in a warm process, and by two workers."""

import multiprocessing
import statistics
import time
from typing import Any

from tests.bench.ratios import Ratio, medians

ROUNDS = 5
REPORTS, TURNS = 6, 3


def run() -> list[Ratio]:
    """Both sides render the same report; two processes share a pile that one does alone before."""
    report = _make_report()
    ours, bare = medians(lambda: _ours(*report), lambda: _bare(*report), rounds=ROUNDS)
    rates = [(_rate(1), _rate(2)) for _ in range(TURNS)]
    alone, together = (statistics.median(side) for side in zip(*rates, strict=True))
    return [
        Ratio("QBR from stored snapshot to PDF", ours, bare, "s", 1.3),
        Ratio("two workers against one", together, alone, "reports/s", 1.5, at_least=True),
    ]


def _make_report() -> tuple[int, int]:
    """A workspace with a draft whose snapshot is complete; everything warmed up."""
    from django.db import transaction

    from accounts.accounts.models import Account
    from csworkspace.tenancy.actions import create_workspace
    from reports.reports.models import Report
    from tests.reports.kit import make_snapshot

    with transaction.atomic():
        workspace = create_workspace("Bench", "bench")
        account = Account.objects.create(name="Halvorsen Retail Group")
        report = Report.objects.create(
            account=account,
            kind="qbr",
            period="2026-Q3",
            starts_on="2026-07-01",
            ends_on="2026-09-30",
            actor="bench",
            snapshot=make_snapshot(),
        )
    made = workspace.pk, report.pk
    _ours(*made)
    _bare(*made)
    return made


def _ours(workspace: int, pk: int) -> None:
    """Read the report, set it, store the PDF: all that issuing does, and undone after."""
    from csworkspace.audit.actor import SHELL
    from csworkspace.tenancy.database import open_workspace
    from reports.reports.actions import freeze_report
    from reports.reports.models import Report

    with open_workspace(workspace):
        report = freeze_report(Report.objects.get(pk=pk), by=SHELL)
        Report.objects.filter(pk=report.pk).update(issued_at=None)


_html: dict[int, str] = {}


def _bare(workspace: int, pk: int) -> None:
    """WeasyPrint alone, with the same HTML, styles and fonts, loaded once."""
    from csworkspace.tenancy.database import open_workspace
    from reports.reports.document import render_html
    from reports.reports.models import Report
    from reports.reports.pdf import to_pdf

    if pk not in _html:
        with open_workspace(workspace):
            report: Any = Report.objects.get(pk=pk)
            _html[pk] = render_html(report.snapshot, report.commentary)
    to_pdf(_html[pk], "bench")


def _rate(workers: int) -> float:
    """Reports per second by so many warm processes."""
    barrier = multiprocessing.Barrier(workers + 1)
    context = multiprocessing.get_context("fork")
    each = REPORTS // workers
    processes = [context.Process(target=_render_many, args=(barrier, each)) for _ in range(workers)]
    for process in processes:
        process.start()
    barrier.wait()
    begun = time.perf_counter()
    barrier.wait()
    taken = time.perf_counter() - begun
    for process in processes:
        process.join()
    return REPORTS / taken


def _render_many(barrier: Any, count: int) -> None:
    from reports.reports.document import render_html
    from reports.reports.pdf import to_pdf
    from tests.reports.kit import make_snapshot

    html = render_html(make_snapshot(), {})
    to_pdf(html, "warm")
    barrier.wait()
    for number in range(count):
        to_pdf(html, str(number))
    barrier.wait()
