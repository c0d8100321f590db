"""`manage.py report SLUG ACCOUNT --kind qbr --period 2026-Q3 --out FILE.pdf`."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef
from reports.reports import actions
from reports.reports.models import Report, ReportKind
from reports.reports.periods import PeriodError
from reports.reports.queries import get_reports, pdf_bytes

MOST_CANDIDATES = 10


class Command(WorkspaceCommand):
    """Make a report of an account as PDF; it stays a draft unless --issue is given."""

    help = "Make a value-progress report or QBR of an account as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Account, kind, period, file."""
        super().add_arguments(parser)
        parser.add_argument("account", help="external id, domain, exact name or number of the account")
        parser.add_argument("--kind", choices=ReportKind.values, required=True)
        parser.add_argument("--period", required=True, help="a quarter, 2026-Q3, or a month, 2026-09")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
        parser.add_argument("--issue", action="store_true", help="freeze it and show it to the customer")

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Write the numbers, set the PDF, and put it into the file, complete or not at all."""
        started, out = time.monotonic(), options["out"]
        if not out.absolute().parent.is_dir():
            raise CommandError(f"The folder {out.absolute().parent} does not exist.")
        report = self._draft(workspace, options)
        if options["issue"]:
            with open_workspace(workspace.id):
                actions.issue_report(report, by=self.by)
        with open_workspace(workspace.id):
            done = get_reports().get(pk=report.pk)
            if options["issue"] and not done.issued_at:
                raise CommandError(f"The report could not be issued: {done.job.error if done.job else ''}")
            content, pages = (pdf_bytes(done), done.pages) if done.issued_at else actions.pdf_of(done)
        write_atomically(out, content)
        return {
            "report": report.pk,
            "pages": pages,
            "bytes": len(content),
            "seconds": round(time.monotonic() - started, 2),
            "file": str(out),
        }

    def _draft(self, workspace: WorkspaceRef, options: Mapping[str, Any]) -> Report:
        """The draft with numbers of this moment; an unfinished one is taken on, with its words."""
        with open_workspace(workspace.id):
            account = find_account(options["account"])
            try:
                report = actions.request_report(account, options["kind"], options["period"], by=self.by)
            except PeriodError as error:
                raise CommandError(str(error)) from None
        with open_workspace(workspace.id):
            # Its job has run by now, unless a worker holds it: then this reads the numbers itself.
            return actions.write_numbers(report)


def find_account(text: str) -> Account:
    """The account with this external id, domain, name or number, the first kind that fits.

    Raises CommandError with the candidates if several fit, or if none does.
    """
    by_kind = [
        Q(external_id=text),
        Q(domains__domain=text.strip().lower()),
        Q(name=text),
        Q(pk=int(text)) if text.isdecimal() and len(text) < 19 else Q(pk=None),
        Q(name__iexact=text),
    ]
    for wanted in by_kind:
        found = list(Account.objects.filter(wanted).distinct().order_by("pk")[: MOST_CANDIDATES + 1])
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError(f"Several accounts fit {text!r}: {candidates(found)}. Give the number.")
    near = Account.objects.filter(name__icontains=text).order_by("name")[:MOST_CANDIDATES]
    hint = f" Did you mean: {candidates(list(near))}?" if near else ""
    raise CommandError(f"No account has the external id, domain, name or number {text!r}.{hint}")


def candidates(accounts: list[Account]) -> str:
    """`12 Acme, 14 Acme` and so on."""
    shown = ", ".join(f"{one.pk} {one.name}" for one in accounts[:MOST_CANDIDATES])
    return shown + (", …" if len(accounts) > MOST_CANDIDATES else "")


def write_atomically(out: Path, content: bytes) -> None:
    """The whole file under its name, or no change. Raises CommandError if it cannot be written."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from None
