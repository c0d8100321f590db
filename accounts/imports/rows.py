"""From records to our fields: one parsed row each, with its errors."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.imports.cells import CellError, read_text
from accounts.imports.csvfile import Record, Table
from accounts.imports.inert import unguard
from accounts.imports.mapping import Mapping, Source

Read = Callable[[str, Source], Any]
MAX_ATTRIBUTE = 500


@dataclass(frozen=True)
class RowError:
    """Why a row is rejected: its number, the field, the reason with what to do, the row itself."""

    row: int
    field: str
    reason: str
    raw: str


@dataclass
class Row:
    """A row's values by our field names; a field whose cell is empty is not in them."""

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def reject(self, name: str, reason: str) -> None:
        """Note an error."""
        raw = "\t".join(self.cells).replace("\x00", "\\0")[:2000]
        self.errors.append(RowError(self.number, name[:60], reason[:300], raw))


def read_rows(table: Table, mapping: Mapping, readers: dict[str, Read]) -> Iterator[Row]:
    """Parse every record with the readers of the mapped fields."""
    at = {column: index for index, column in enumerate(table.columns) if column}
    plan = [
        (name, at.get(source.column, -1), source, readers[name]) for name, source in mapping.fields.items()
    ]
    attributes = [(name, at[column]) for name, column in mapping.attributes.items()]
    for record in table.records:
        yield read_row(record, plan, attributes)


def read_row(
    record: Record, plan: list[tuple[str, int, Source, Read]], attributes: list[tuple[str, int]]
) -> Row:
    """Parse one record; every field that cannot be read adds an error."""
    row = Row(record.number, record.cells)
    if record.problem:
        row.reject("", record.problem)
        return row
    for name, index, source, read in plan:
        cell = unguard(record.cells[index]) if index >= 0 else source.value or ""
        if not cell or cell.isspace():
            row.empty.append(name)
            continue
        try:
            row.values[name] = read(cell, source)
        except ValueError as error:
            row.reject(name, str(error))
    if attributes:
        read_attributes(row, attributes)
    return row


def read_attributes(row: Row, attributes: list[tuple[str, int]]) -> None:
    """Columns kept under names of the customer's own."""
    found = {}
    for name, index in attributes:
        try:
            value = read_text(unguard(row.cells[index]), MAX_ATTRIBUTE)
        except CellError as error:
            row.reject(f"attributes.{name}", str(error))
            continue
        if value:
            found[name] = value
    row.values["attributes"] = {**row.values.get("attributes", {}), **found}
