"""Reading a CSV file that may be anything: bounded, and refused in one sentence if it is not one."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from accounts.imports.refusal import FileRefused
from csworkspace.web.formats import file_size

MAX_COLUMNS = 1000
MAX_CELL = 20_000
MAX_ROWS = 500_000
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
UTF8_ADVICE = "Save it as “CSV UTF-8” and try again."


@dataclass(frozen=True)
class Record:
    """One row: its number as a spreadsheet shows it, its cells, or why it cannot be read."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file's column names and its rows."""

    columns: list[str]
    records: Iterator[Record]


def read_table(content: bytes) -> Table:
    """Open a CSV file. Raises FileRefused, also later while the rows are read."""
    text = decode(content)
    delimiter = sniff(text)
    # Cells up to the size of the file are read, and refused by themselves, not with the file.
    csv.field_size_limit(settings.MAX_UPLOAD_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = check_columns(read_header(reader))
    return Table(columns, read_records(reader, len(columns)))


def peek_csv(content: bytes, count: int = 5) -> tuple[list[str], list[list[str]]]:
    """The columns, and the first rows with their cells cut short. Raises FileRefused."""
    table = read_table(content)
    rows = []
    for record in table.records:
        if not record.problem:
            rows.append([cell[:200] for cell in record.cells])
        if len(rows) == count:
            break
    return table.columns, rows


def decode(content: bytes) -> str:
    """UTF-8 with or without a byte order mark as text. Raises FileRefused."""
    if len(content) > settings.MAX_UPLOAD_BYTES:
        limit = file_size(settings.MAX_UPLOAD_BYTES)
        raise FileRefused(
            f"The file has {file_size(len(content))}, more than the {limit} of one import. Split it."
        )
    if not content.strip():
        raise FileRefused("The file is empty. Export it again and check that it has rows.")
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise FileRefused(
            "This is a compressed file or a spreadsheet, not a CSV file. Save it as “CSV UTF-8”."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:400].count(0) > len(content[:400]) // 3:
        raise FileRefused(f"The file is in UTF-16. {UTF8_ADVICE}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"The file is not in UTF-8 (line {line} has a byte of another encoding, such as Latin-1). "
            f"{UTF8_ADVICE}"
        ) from error


def sniff(text: str) -> str:
    """The delimiter of the header line: comma, semicolon or tab, whichever is there most often."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    outside_quotes = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside_quotes.count)


def read_header(reader: Iterator[list[str]]) -> list[str]:
    """The first row that is not blank."""
    try:
        return next(row for row in reader if row)
    except (StopIteration, csv.Error) as error:
        raise FileRefused("The file has no header row: the first row must name the columns.") from error


def check_columns(names: list[str]) -> list[str]:
    """Trimmed column names, once each; unnamed ones stay empty. Raises FileRefused."""
    if len(names) > MAX_COLUMNS:
        raise FileRefused(
            f"The file has {len(names):,} columns, more than {MAX_COLUMNS:,}. Keep those that are needed."
        )
    columns = [" ".join(name.replace("\x00", "").split())[:200] for name in names]
    seen: set[str] = set()
    for name in columns:
        if name and name.casefold() in seen:
            raise FileRefused(f"The column “{name}” is there twice. Rename or remove one of the two.")
        seen.add(name.casefold())
    if not any(columns):
        raise FileRefused("The header row is blank: the first row must name the columns.")
    return columns


def read_records(reader: Iterator[list[str]], width: int) -> Iterator[Record]:
    """The rows under the header, numbered as a spreadsheet does, blank ones left out."""
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise FileRefused(
                    f"A quotation mark that opens in row {number} is never closed. Close or remove it."
                ) from error
            yield Record(
                number, [], "The quotation marks in this row do not pair; double those inside a cell."
            )
            continue
        if any(cells):
            yield Record(number, cells, problem_of(cells, width))
        if number > MAX_ROWS:
            raise FileRefused(f"The file has more than {MAX_ROWS:,} rows. Split it.")


def problem_of(cells: list[str], width: int) -> str:
    """Why a row cannot be read, or ''."""
    if len(cells) != width:
        return (
            f"The row has {len(cells)} cells, the header has {width}; quote cells that contain the separator."
        )
    for cell in cells:
        if len(cell) > MAX_CELL:
            return f"A cell has {len(cell):,} characters, more than {MAX_CELL:,}; shorten it."
        if "\x00" in cell:
            return "A cell contains a NUL byte; remove it."
    return ""
