"""Writing CSV that a spreadsheet can open without running it."""

import csv
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """A cell: numbers stay numbers, times are ISO 8601 in UTC, texts cannot be formulas."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.lstrip("'").startswith(FORMULA) else value
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def plain_number(value: Decimal) -> str:
    """12.500000 → "12.5", 100 → "100"; never in powers of ten."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_rows(file: IO[str], header: list[str], rows: Iterable[list[object]]) -> int:
    """Write header and rows to an open file as they come; the number of rows."""
    writer: Any = csv.writer(file)
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([cell(value) for value in row])
        count += 1
    return count


def write_file(path: Path, header: list[str], rows: Iterable[list[object]]) -> int:
    """Write a whole file or none: it gets its name when it is complete. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            count = write_rows(file, header, rows)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
