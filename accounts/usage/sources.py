"""Reading a file of unknown size and honesty: plain or gzip, line by line, in constant memory."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from django.conf import settings

BLOCK = 1 << 18
MAX_LINE = 1 << 20
GZIP = b"\x1f\x8b"
OTHERS = {b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
WIDE = (b"\xff\xfe", b"\xfe\xff")


class FileRefused(ValueError):
    """A file that cannot be read at all; the text says why and what to do."""


class FileBroken(ValueError):
    """A file that ends in the middle; what came before it is good."""


class TooLong:
    """Stands for a line that was skipped because it is longer than MAX_LINE."""


TOO_LONG: Final = TooLong()
Line = bytes | TooLong


def unpack(file: BinaryIO) -> BinaryIO:
    """The file itself, or what a gzip file holds. Raises FileRefused for other packings and UTF-16."""
    start = _peek(file)
    for magic, name in OTHERS.items():
        if start.startswith(magic):
            raise FileRefused(f"The file is packed with {name}; unpack it, or pack it with gzip.")
    if start.startswith(GZIP):
        file = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        start = _peek(file)
    if start.startswith(WIDE) or (len(start) > 1 and 0 in start[:2] and start[:2] != b"\0\0"):
        raise FileRefused("The file is written in UTF-16 or UTF-32; save it as UTF-8 and try again.")
    return file


def _peek(file: BinaryIO) -> bytes:
    try:
        start = file.read(8)
        file.seek(0)
    except (EOFError, OSError, zlib.error) as error:
        raise FileRefused(f"The gzip file cannot be unpacked ({error}); make it again.") from None
    return start


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """Lines without their ends; longer ones than MAX_LINE become TOO_LONG and are never held.

    Raises FileBroken at the place where a gzip file is damaged, or holds more than
    the setting MAX_UNPACKED_BYTES.
    """
    held, skipping = b"", False
    for block in _blocks(file):
        *lines, rest = block.split(b"\n")
        if lines:
            yield TOO_LONG if skipping or len(held) + len(lines[0]) > MAX_LINE else held + lines[0]
            yield from lines[1:]
            held, skipping = b"", False
        skipping = skipping or len(held) + len(rest) > MAX_LINE
        held = b"" if skipping else held + rest
    if held or skipping:
        yield TOO_LONG if skipping else held


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    packed = isinstance(file, gzip.GzipFile)
    limit = settings.MAX_UNPACKED_BYTES if packed else None
    total = 0
    while block := _read(file):
        if total == 0:
            block = block.removeprefix(b"\xef\xbb\xbf")
        total += len(block)
        if limit is not None and total > limit:
            raise FileBroken(
                f"The gzip file holds more than {limit:,} bytes and was not read further; what came before "
                "was kept. Split it, or raise MAX_UNPACKED_BYTES."
            )
        yield block


def _read(file: BinaryIO) -> bytes:
    # read1 hands out what was good before the damage; read would lose it.
    try:
        return file.read1(BLOCK) if isinstance(file, gzip.GzipFile) else file.read(BLOCK)
    except (EOFError, OSError, zlib.error) as error:
        raise FileBroken(
            f"The gzip file is damaged or cut off ({error}); the rows before that were kept. "
            "Send it again: rows that were kept count as duplicates."
        ) from None


def is_csv(name: str, file: BinaryIO) -> bool:
    """Whether a file is CSV (else NDJSON): by its first sign, then by its name. Raises FileRefused."""
    try:
        start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
        file.seek(0)
    except (EOFError, OSError, zlib.error):
        start = b""
        file.seek(0)
    plain = re.sub(r"\.gz$", "", name.lower())
    if start.startswith(b"{") or plain.endswith((".ndjson", ".jsonl")) or not start:
        return False
    if start.startswith(b"[") and plain.endswith(".json"):
        raise FileRefused("The file is one JSON array; write one JSON object a line (NDJSON).")
    if plain.endswith((".csv", ".tsv", ".txt")) or re.search(rb"[,;\t]", start.partition(b"\n")[0]):
        return True
    raise FileRefused("The file is neither NDJSON (one JSON object a line) nor CSV with a header row.")


def in_memory(content: bytes) -> BinaryIO:
    """A stored file's content as a file."""
    return io.BytesIO(content)
