"""Usage events in the import pages: what a file may hold, and its first rows."""

import csv
from itertools import islice
from typing import Any

import msgspec

from accounts.imports.refusal import FileRefused as ImportRefused
from accounts.imports.registry import Field, Importer, Preview
from accounts.usage.sources import FileBroken, FileRefused, Line, in_memory, is_csv, read_lines, unpack

ROWS_SHOWN = 5
COLUMNS_SHOWN = 60


def peek_events(content: bytes, name: str) -> Preview:
    """The fields and first rows of a file of events. Raises ImportRefused."""
    try:
        file = unpack(in_memory(content))
        table = is_csv(name, file)
        lines = list(islice(read_lines(file), ROWS_SHOWN + 1))
    except (FileRefused, FileBroken) as error:
        raise ImportRefused(str(error)) from None
    texts = [text for line in lines if (text := _text(line))]
    return _peek_csv(texts) if table else _peek_ndjson(texts[:ROWS_SHOWN])


def _text(line: Line) -> str:
    return line.decode(errors="replace").strip() if isinstance(line, bytes) else ""


def _peek_csv(lines: list[str]) -> Preview:
    delimiter = max(",;\t", key=(lines or [""])[0].count)
    header, *rows = [[*row] for row in csv.reader(lines, delimiter=delimiter)] or [[]]
    return Preview([name.strip() for name in header[:COLUMNS_SHOWN]], [row[:COLUMNS_SHOWN] for row in rows])


def _peek_ndjson(lines: list[str]) -> Preview:
    objects = [found for line in lines if isinstance(found := _decoded(line), dict)]
    names = list(dict.fromkeys(name for found in objects for name in found))[:COLUMNS_SHOWN]
    return Preview(names, [[_cell(found.get(name)) for name in names] for found in objects])


def _decoded(line: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None


def _cell(value: Any) -> str:
    return "" if value is None else str(value)[:200]


EVENTS = Importer(
    kind="events",
    label="Usage events",
    intro="What people did in your product: NDJSON or CSV, plain or gzip. Sent twice, kept once.",
    fields=[
        Field("event_id", "Event id", "unique for ever", True, ("id", "uuid", "eventid")),
        Field("occurred_at", "When it happened", "ISO 8601", True, ("timestamp", "time", "created_at", "ts")),
        Field("user_email", "Person", "e-mail or id", True, ("email", "user", "user_id", "actor")),
        Field("feature", "Feature", "what was used", True, ("event", "event_name", "name", "action")),
        Field("account", "Account", "your id or a domain", False, ("account_id", "organization", "company")),
        Field("quantity", "How much", "1 if left out", False, ("count", "amount", "value")),
        Field("received_at", "When it was received", "now if left out", False, ("ingested_at",)),
        Field("user_name", "Person's name", "", False, ("username", "full_name")),
    ],
    job="ingest",
    has_dry_run=False,
    peek=peek_events,
    accept=".ndjson,.jsonl,.json,.csv,.tsv,.txt,.gz",
)
