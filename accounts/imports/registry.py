"""What can be imported: each concept registers a kind with its fields and its loader."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.imports.csvfile import peek_csv
from accounts.imports.models import Batch
from accounts.imports.refusal import FileRefused
from csworkspace.audit.actor import Actor

__all__ = ["Field", "FileRefused", "Importer", "Preview", "importer_of", "importers", "register_importer"]


@dataclass(frozen=True)
class Field:
    """One of our fields that a column can feed.

    `synonyms` are column names that mean it when there is no mapping; `options` are
    the settings its source may carry in a mapping, such as "separator".
    """

    name: str
    label: str
    help: str = ""
    required: bool = False
    synonyms: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """The columns of a file and its first rows."""

    columns: list[str]
    rows: list[list[str]]


Progress = Callable[[float, str], None]
Load = Callable[[Batch, bytes, Actor, Progress], None]
Peek = Callable[[bytes, str], Preview]


def peek_table(content: bytes, name: str) -> Preview:
    """The preview of a CSV file. Raises FileRefused."""
    columns, rows = peek_csv(content)
    return Preview(columns, rows)


@dataclass(frozen=True)
class Importer:
    """A kind of import.

    load(batch, content, by, progress) reads the file by `batch.mapping`, writes its
    rows and `Reject`s, and sets the figures of the batch, which the caller saves; with
    `batch.is_dry_run` it sets figures and rejects and changes nothing else. It raises
    FileRefused for a file that cannot be read. peek(content, name) gives the preview.
    takes_attributes: any further column may be kept under a name. settings: names and
    labels of yes-or-no choices of the whole import ("options" in a mapping).

    A kind whose files are loaded step by step names a job of its own, which takes
    `batch_id`, and needs no `load`; without a dry run it is loaded once it is mapped.
    """

    kind: str
    label: str
    intro: str
    fields: Sequence[Field]
    load: Load | None = None
    job: str = "import"
    has_dry_run: bool = True
    peek: Peek = peek_table
    accept: str = ".csv,.tsv,.txt,text/csv"
    takes_attributes: bool = False
    settings: Mapping[str, str] | None = None

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((field for field in self.fields if field.name == name), None)


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Offer a kind of import (call in register())."""
    _importers[importer.kind] = importer


def importers() -> dict[str, Importer]:
    """All kinds, accounts first."""
    order = ["accounts", "contacts", "arr", "events"]
    return dict(sorted(_importers.items(), key=lambda item: (*[item[0] != kind for kind in order], item[0])))


def importer_of(batch: Any) -> Importer:
    """The importer of a batch's kind. Raises KeyError."""
    return _importers[batch.kind]
