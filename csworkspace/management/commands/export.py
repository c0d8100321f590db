"""`export SLUG KIND --out FILE.csv`: a workspace's data as CSV, in constant memory."""

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from csworkspace.exports.csvfile import write_file
from csworkspace.exports.registry import Exporter, ExportRefused, Span, exporters
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef


class Command(WorkspaceCommand):
    """Writes one CSV file, complete or not at all."""

    help = "Export accounts, events, measurements, plans or services as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, limits, and where to."""
        super().add_arguments(parser)
        parser.add_argument("kind", metavar="KIND", help=", ".join(sorted(exporters())))
        parser.add_argument("--metric", metavar="KEY", help="only this metric (measurements)")
        parser.add_argument("--from", dest="since", metavar="DATE", help="first day, such as 2026-07-01")
        parser.add_argument("--to", dest="until", metavar="DATE", help="last day, such as 2026-09-30")
        parser.add_argument("--out", required=True, metavar="FILE.csv", help="the file to write")

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Write the file and say how many rows it has."""
        begun = time.monotonic()
        exporter, span, path = _exporter(options["kind"]), _span(options), _path(options["out"])
        try:
            with open_workspace(workspace.id):
                rows = write_file(path, exporter.header, exporter.rows(span))
        except ExportRefused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None
        return {"rows": rows, "file": str(path), "seconds": round(time.monotonic() - begun, 3)}


def _exporter(kind: str) -> Exporter:
    known = exporters()
    if kind not in known:
        raise CommandError(f"There is no export {kind!r}. Choose one of: {', '.join(sorted(known))}.")
    return known[kind]


def _span(options: Mapping[str, Any]) -> Span:
    since, until = _day(options["since"], "--from"), _day(options["until"], "--to")
    if since and until and since > until:
        raise CommandError(f"--from {since} is after --to {until}; exchange the two.")
    return Span(options["metric"], since, until)


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"{option} {text!r} is not a date; write it like 2026-07-01.") from None


def _path(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise CommandError(f"{path} is a folder; name a file, such as {path / 'export.csv'}.")
    if not path.absolute().parent.is_dir():
        raise CommandError(f"The folder {path.absolute().parent} does not exist; make it first.")
    return path
