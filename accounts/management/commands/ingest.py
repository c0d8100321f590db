"""`ingest SLUG FILE… [--map MAP.json]`: load files of usage events."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.imports.models import Batch, Reject
from accounts.usage.actions import Figures, figures_of, ingest_file, open_batch, request_measuring
from accounts.usage.mapping import DEFAULT, MapRefused, read_map
from accounts.usage.sources import FileRefused
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef
from csworkspace.web.formats import plural

REASONS_SHOWN = 5


class Command(WorkspaceCommand):
    """Loads NDJSON and CSV, plain or gzip; the same events twice change nothing."""

    help = "Load usage events from files: NDJSON or CSV with a header, plain or gzip."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files, and the map."""
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE", help="NDJSON or CSV, plain or gzip")
        parser.add_argument(
            "--map", metavar="MAP.json", help='which source field feeds which of ours: {"event_id": "id"}'
        )

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Load each file, then measure what was touched."""
        begun = time.monotonic()
        mapping, files = _mapping(options["map"]), [_readable(name) for name in options["files"]]
        total, refused = Figures(), []
        for path in files:
            batch, error = self._load(workspace, path, mapping)
            total += figures_of(batch)
            refused += [f"{path}: {error}"] if error else []
        seconds = time.monotonic() - begun
        with open_workspace(workspace.id):
            request_measuring(self.by)
        if refused:
            raise CommandError("\n".join([*refused, f"Rows loaded all the same: {json.dumps(vars(total))}"]))
        rate = round(total.read / seconds) if seconds else 0
        return {**vars(total), "seconds": round(seconds, 3), "rows_per_second": rate}

    def _load(self, workspace: WorkspaceRef, path: Path, mapping: Mapping[str, str]) -> tuple[Batch, str]:
        """The file's batch, and what was wrong with the file ("" if nothing)."""
        with open_workspace(workspace.id):
            batch = open_batch(path.name, mapping, by=self.by)
        error = ""
        try:
            with path.open("rb") as file:
                ingest_file(batch, file)
            error = batch.error
        except (FileRefused, OSError) as failure:
            error = str(failure)
        self._show_rejects(workspace, batch)
        return batch, error

    def _show_rejects(self, workspace: WorkspaceRef, batch: Batch) -> None:
        if not batch.rejected:
            return
        with open_workspace(workspace.id):
            rows = list(Reject.objects.filter(batch=batch).order_by("row")[:REASONS_SHOWN])
        for row in rows:
            self.stderr.write(f"{batch.source}, row {row.row}: {row.field} {row.reason}".replace(":  ", ": "))
        were = "was" if batch.rejected == 1 else "were"
        self.stderr.write(
            f"{plural(batch.rejected, 'row')} {were} not accepted; the page Sources lists the reasons. "
            "Mend the rows and load the file again: the others count as duplicates."
        )


def _mapping(name: str | None) -> dict[str, str]:
    if name is None:
        return dict(DEFAULT)
    try:
        return read_map(_readable(name).read_text(encoding="utf-8-sig"))
    except (MapRefused, UnicodeDecodeError) as error:
        raise CommandError(f"{name}: {error}") from None


def _readable(name: str) -> Path:
    path = Path(name)
    if path.is_dir():
        raise CommandError(f"{name} is a folder; name the files in it.")
    try:
        path.open("rb").close()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
    return path
