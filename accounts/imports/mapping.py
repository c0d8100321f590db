"""Mappings: which column of a file feeds which of our fields.

One format for files and pages, as JSON:

    {"external_id": "account",                            a column by its name
     "domains": {"column": "domains", "separator": ";"},  with settings of the field
     "renewal_on": {"column": "renewal", "format": "%d.%m.%Y"},
     "currency": {"value": "EUR"},                        the same for every row
     "attributes": {"kind": "kind", "seats": "users"},    ours: theirs
     "options": {"create_tiers": true}}                   settings of the whole import

"attributes.kind": "kind" is another way to write an attribute.
"""

import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.imports.refusal import FileRefused
from accounts.imports.registry import Field, Importer

ATTRIBUTES, OPTIONS, DOT = "attributes", "options", "attributes."
# Columns that are worth keeping as attributes when nobody has said so.
USUAL_ATTRIBUTES = ("kind", "industry", "segment", "region", "country", "size", "employees", "plan")
MAX_ATTRIBUTES = 100


@dataclass(frozen=True)
class Source:
    """Where a field's value comes from: a column, or one fixed value; and its settings."""

    column: str = ""
    value: str | None = None
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """A checked mapping."""

    fields: dict[str, Source] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    options: dict[str, bool] = field(default_factory=dict)

    def columns(self) -> list[str]:
        """The columns that are used."""
        return [s.column for s in self.fields.values() if s.column] + list(self.attributes.values())


def read_mapping_file(content: bytes, importer: Importer) -> dict[str, Any]:
    """A mapping file's JSON, checked. Raises FileRefused."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FileRefused(f"The mapping is not JSON in UTF-8: {error}.") from error
    parse_mapping(data, importer)
    return dict(data)


def parse_mapping(data: Any, importer: Importer) -> Mapping:
    """Check a mapping's shape and names. Raises FileRefused naming what is valid."""
    if not isinstance(data, dict):
        raise FileRefused('The mapping must be a JSON object such as {"name": "Company"}.')
    fields, attributes = {}, dict(parse_attributes(data.get(ATTRIBUTES, {}), importer))
    for name, told in data.items():
        if name.startswith(DOT) and importer.takes_attributes:
            attributes[name.removeprefix(DOT)] = parse_source(Field(name, name), told).column
        elif name == ATTRIBUTES and isinstance(told, str) and importer.takes_attributes:
            fields[name] = Source(told)
        elif name not in (ATTRIBUTES, OPTIONS):
            fields[name] = parse_source(known_field(name, importer), told)
    if len(attributes) > MAX_ATTRIBUTES:
        raise FileRefused(f"The mapping has {len(attributes)} attributes, more than {MAX_ATTRIBUTES}.")
    return Mapping(fields, attributes, parse_options(data.get(OPTIONS, {}), importer))


def known_field(name: str, importer: Importer) -> Field:
    """The field of this name. Raises FileRefused."""
    found = importer.field(name)
    if found is None:
        valid = ", ".join(field.name for field in importer.fields)
        extra = ", attributes.<any name>" if importer.takes_attributes else ""
        raise FileRefused(
            f"The mapping names a field {name[:60]!r} that there is not. Valid are: {valid}{extra}."
        )
    return found


def parse_source(known: Field, told: Any) -> Source:
    """A column's name, or an object with "column" or "value" and the field's settings."""
    if isinstance(told, str):
        return Source(told)
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise FileRefused(f'The mapping of {known.name} must be a column\'s name or {{"column": "name"}}.')
    allowed = ("column", "value", *known.options)
    for name in told:
        if name not in allowed:
            raise FileRefused(
                f"{known.name} has no setting {name[:60]!r} in a mapping. Valid are: {', '.join(allowed)}."
            )
    if ("column" in told) == ("value" in told):
        raise FileRefused(f"The mapping of {known.name} needs either a column or a value.")
    rest = {name: value for name, value in told.items() if name not in ("column", "value")}
    return Source(told.get("column", ""), told.get("value"), rest)


def parse_attributes(told: Any, importer: Importer) -> dict[str, str]:
    """Names of ours and their columns."""
    if isinstance(told, str) or not told:
        return {}
    if not importer.takes_attributes:
        raise FileRefused(f"{importer.label} have no attributes to map columns into.")
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise FileRefused('"attributes" must be an object such as {"kind": "Kind of customer"}.')
    return {str(name)[:60]: value for name, value in told.items()}


def parse_options(told: Any, importer: Importer) -> dict[str, bool]:
    """Settings of the whole import."""
    known = importer.settings or {}
    if not isinstance(told, dict) or not all(isinstance(value, bool) for value in told.values()):
        raise FileRefused('"options" must be an object of true or false, such as {"create_tiers": true}.')
    for name in told:
        if name not in known:
            raise FileRefused(f"There is no option {name[:60]!r}. Valid are: {', '.join(known) or 'none'}.")
    return dict(told)


def guess_mapping(columns: Sequence[str], importer: Importer) -> dict[str, Any]:
    """A mapping by the columns' names: ours, then the usual synonyms."""
    by_name = {squash(column): column for column in reversed(columns) if column}
    guessed: dict[str, Any] = {}
    for known in importer.fields:
        for name in (known.name, *known.synonyms):
            column = by_name.get(squash(name))
            if column and column not in guessed.values():
                guessed[known.name] = column
                break
    if importer.takes_attributes:
        free = [column for column in columns if column and column not in guessed.values()]
        named = {name: column for column in free if (name := attribute_name(column))}
        if named:
            guessed[ATTRIBUTES] = named
        if ATTRIBUTES in by_name:
            guessed[ATTRIBUTES] = by_name[ATTRIBUTES]
    return guessed


def attribute_name(column: str) -> str:
    """The attribute that a column feeds by its name, or ''."""
    if column.startswith(DOT):
        return column.removeprefix(DOT)[:60]
    return squash(column) if squash(column) in USUAL_ATTRIBUTES else ""


def squash(name: str) -> str:
    """A column's name for comparing: "Customer Since" → "customersince"."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def check_against(mapping: Mapping, columns: Sequence[str], importer: Importer) -> None:
    """Raise FileRefused if the file lacks a mapped column, or a required field has no source."""
    listed = ", ".join(f"“{column}”" for column in [c for c in columns if c][:30])
    for column in mapping.columns():
        if column not in columns:
            raise FileRefused(f"The file has no column “{column[:80]}”. Its columns are: {listed}.")
    for known in importer.fields:
        if known.required and known.name not in mapping.fields:
            raise FileRefused(f"No column gives the {known.name}. Map one of: {listed}.")


def as_dict(values: AnyMapping[str, Any]) -> dict[str, Any]:
    """A mapping without its empty parts, as it is kept with a batch."""
    return {name: value for name, value in values.items() if value not in ("", None, {}, [])}
