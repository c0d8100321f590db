"""What the import commands of the shell share."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.imports.actions import FIGURES, load_batch
from accounts.imports.csvfile import read_table
from accounts.imports.mapping import guess_mapping, read_mapping_file
from accounts.imports.models import Batch, Reject
from accounts.imports.refusal import FileRefused
from accounts.imports.registry import Importer, importers
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef

SHOWN = 20


class ImportCommand(WorkspaceCommand):
    """`manage.py import_… SLUG FILE.csv [--map MAP.json] [--dry-run] [--json]`."""

    kind = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, its mapping, and whether only to try."""
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.csv", help="a CSV file in UTF-8")
        parser.add_argument(
            "--map", metavar="MAP.json", help="which column feeds which field (docs/imports.md)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Load the file in one transaction, which a dry run takes back."""
        started = time.perf_counter()
        importer = importers()[self.kind]
        content = read_file(options["file"])
        try:
            mapping = self.mapping(importer, content, options["map"])
        except FileRefused as error:
            raise CommandError(str(error)) from error
        with open_workspace(workspace.id), transaction.atomic():
            batch = self.load(importer, content, mapping, options)
            # A dry run from the shell leaves no trace, not even its record.
            transaction.set_rollback(options["dry_run"] or bool(batch.error))
        if batch.error:
            raise CommandError(batch.error)
        figures = {name: getattr(batch, name) for name in FIGURES}
        return {**figures, "seconds": round(time.perf_counter() - started, 3)}

    def load(self, importer: Importer, content: bytes, mapping: dict[str, Any], options: Any) -> Batch:
        """Run the import in the open workspace, and say which rows were rejected."""
        batch = Batch.objects.create(
            kind=importer.kind,
            source=Path(options["file"]).name[-200:],
            actor=self.by.label,
            mapping=mapping,
            is_dry_run=options["dry_run"],
        )
        load_batch(batch, content, by=self.by, progress=lambda percent, message: None)
        self.show_rejects(batch)
        return batch

    def mapping(self, importer: Importer, content: bytes, path: str | None) -> dict[str, Any]:
        """The mapping file's, or the one that the columns' names suggest. Raises FileRefused."""
        if path:
            return read_mapping_file(read_file(path), importer)
        return guess_mapping(read_table(content).columns, importer)

    def show_rejects(self, batch: Batch) -> None:
        """Say on stderr which rows were rejected and why."""
        rejects = Reject.objects.filter(batch=batch).order_by("row", "pk")[: SHOWN + 1]
        for reject in rejects[:SHOWN]:
            place = f"row {reject.row}" + (f", {reject.field}" if reject.field else "")
            self.stderr.write(f"{place}: {reject.reason}")
        if len(rejects) > SHOWN:
            self.stderr.write(f"… and more: {batch.rejected:,} rows in all.")


def read_file(path: str) -> bytes:
    """A file's content. Raises CommandError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}.") from error
