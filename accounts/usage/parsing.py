"""From lines of NDJSON or CSV to checked events and rejected rows."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from accounts.usage.mapping import FIELDS, REQUIRED
from accounts.usage.rows import BadRow, Fact, check, json_decoder, row_type, shown
from accounts.usage.sources import MAX_LINE, FileBroken, FileRefused, Line, TooLong

RAW_KEPT = 500
MAX_COLUMNS = 1000


class Rejected(NamedTuple):
    """A row that is not accepted, as it is kept: number, our field, reason, and its beginning."""

    row: int
    field: str
    reason: str
    raw: str


@dataclass
class Chunk:
    """Some rows of a source: the checked ones and the rejected ones, `read` in all."""

    facts: list[Fact] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows the chunk stands for."""
        return len(self.facts) + len(self.rejected)


Record = Fact | Rejected


def reject(number: int, bad: BadRow, raw: bytes | str) -> Rejected:
    """A rejected row with a printable beginning of what it said."""
    text = raw[: 4 * RAW_KEPT].decode(errors="replace") if isinstance(raw, bytes) else raw
    clean = text.encode(errors="replace").decode().replace("\x00", "\ufffd")
    return Rejected(number, bad.field, bad.reason[:300], clean[:RAW_KEPT])


def too_long() -> BadRow:
    """What is said of a line that was not read."""
    return BadRow("", f"is longer than {MAX_LINE:,} bytes; one event a line is expected")


def parse_ndjson(lines: Iterable[Line], mapping: Mapping[str, str], now: datetime) -> Iterator[Record]:
    """One record per line, numbered from 1; empty lines count as lines, not as rows."""
    decode = json_decoder(mapping)
    for number, line in enumerate(lines, 1):
        if isinstance(line, TooLong):
            yield reject(number, too_long(), "")
        elif line and not line.isspace():
            yield parse_object(line, number, decode, now)


def parse_object(line: bytes, number: int, decode: Callable[[bytes], Any], now: datetime) -> Record:
    """One JSON object's text as a checked event, or rejected."""
    try:
        return check(decode(line), number, now)
    except BadRow as bad:
        return reject(number, bad, line)


def parse_csv(lines: Iterable[Line], mapping: Mapping[str, str], now: datetime) -> Iterator[Record]:
    """One record per row, numbered as a spreadsheet does: the header is row 1.

    Raises FileRefused for a header that cannot be used.
    """
    texts = _Texts(lines)
    header, reader = _open_table(texts)
    places = _places(header, mapping)
    row_of = row_type({name: name for name in FIELDS})
    number = 1
    while (cells := _next(reader, texts)) is not None:
        number += 1
        if cells:
            yield _parse_cells(cells, len(header), places, row_of, number, now)


def _parse_cells(
    cells: list[str] | BadRow, width: int, places: list[int | None], row_of: Any, number: int, now: datetime
) -> Record:
    raw = "" if isinstance(cells, BadRow) else ",".join(cells)
    try:
        if isinstance(cells, BadRow):
            raise cells
        if len(cells) != width:
            raise BadRow("", f"has {len(cells)} columns; the header has {width}")
        if not raw.isascii():
            _refuse_bad_bytes(raw)
        return check(row_of(*[None if at is None else cells[at] or None for at in places]), number, now)
    except BadRow as bad:
        return reject(number, bad, raw)


def _refuse_bad_bytes(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRow("", "is not valid UTF-8; save the source as UTF-8") from None


class _Texts:
    """Lines as the csv module wants them, never more than MAX_LINE bytes for one row.

    The module's own limit is one for the whole process, and others set it.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines, self.held = iter(lines), 0

    def __iter__(self) -> "_Texts":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.held += MAX_LINE + 1 if isinstance(line, TooLong) else len(line)
        if isinstance(line, TooLong) or self.held > MAX_LINE:
            raise csv.Error("field larger")
        return line.decode(errors="surrogateescape") + "\n"


def _next(reader: Any, texts: _Texts) -> list[str] | BadRow | None:
    """The next row, why it is none, or None at the end."""
    texts.held = 0
    try:
        return next(reader, None)
    except csv.Error as error:
        if "field larger" in str(error):
            return BadRow("", "is too long, or has a quotation mark that is never closed")
        return BadRow("", f"is not CSV ({str(error)[:120]})")


def _open_table(texts: _Texts) -> tuple[list[str], Any]:
    """The header's names and a reader of the rows after it. Raises FileRefused."""
    try:
        first = next(texts, "")
    except csv.Error:
        raise FileRefused(f"The header is longer than {MAX_LINE:,} bytes.") from None
    delimiter = max(",;\t", key=first.count)
    if first.count(delimiter) >= MAX_COLUMNS:
        count = first.count(delimiter) + 1
        raise FileRefused(f"The header has {count:,} columns; at most {MAX_COLUMNS:,} are read.")
    header = _next(csv.reader([first], delimiter=delimiter), texts)
    if not header or isinstance(header, BadRow):
        raise FileRefused(
            "The file has no header row that can be read; its first line must name the columns."
        )
    return [name.strip() for name in header], csv.reader(texts, delimiter=delimiter)


def _places(header: list[str], mapping: Mapping[str, str]) -> list[int | None]:
    """The column of each of our fields. Raises FileRefused for missing and doubled columns."""
    wanted = {theirs: ours for ours, theirs in mapping.items()}
    doubled = sorted({name for name in header if name in wanted and header.count(name) > 1})
    if doubled:
        raise FileRefused(f"The header names {_listed(doubled)} more than once; keep one of them.")
    missing = [mapping[name] for name in REQUIRED if mapping[name] not in header]
    if missing:
        raise FileRefused(
            f"The header has no column {_listed(missing)}; it has {_listed(header[:20])}. "
            "A map says which column feeds which field."
        )
    return [header.index(mapping[name]) if mapping[name] in header else None for name in FIELDS]


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{shown(name)}”" for name in names)


def in_chunks(records: Iterator[Record], size: int, skip: int = 0) -> Iterator[Chunk]:
    """Gather records into chunks of `size` rows, leaving out the first `skip`.

    When the file breaks off, what came before is given out first.
    """
    chunk, broken = Chunk(), None
    try:
        for record in islice(records, skip, None):
            if type(record) is Fact:
                chunk.facts.append(record)
            elif isinstance(record, Rejected):
                chunk.rejected.append(record)
            if chunk.read >= size:
                yield chunk
                chunk = Chunk()
    except FileBroken as error:
        broken = error
    if chunk.read:
        yield chunk
    if broken:
        raise broken


def ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The same chunks; while one is being stored, the next is read in a thread.

    Never more than two are held. The thread uses no database.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk
