"""What can be exported as CSV: each floor registers its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date


class ExportRefused(ValueError):
    """An export that cannot be made as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Span:
    """What an export is limited to; None means no limit."""

    metric: str | None = None
    since: date | None = None
    until: date | None = None


Rows = Iterator[list[object]]


@dataclass(frozen=True)
class Exporter:
    """A named export: the header, and a function that yields rows of the open workspace.

    `rows` may raise ExportRefused. Cells are plain values; the writer makes them safe.
    """

    name: str
    header: list[str]
    rows: Callable[[Span], Rows]


_exporters: dict[str, Exporter] = {}


def register_exporter(exporter: Exporter) -> None:
    """Offer an export under its name."""
    _exporters[exporter.name] = exporter


def exporters() -> dict[str, Exporter]:
    """All exports by name."""
    return dict(_exporters)
