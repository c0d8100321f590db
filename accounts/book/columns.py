"""The columns that the book can show: each is one part of a row, and perhaps a sort and an edit."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column: its name in addresses, its label, the sort of `filters.SORTS` it has, the field it edits.

    Its cell is the template `book/cells/<name>.html`, and for who may edit `<name>_edit.html`.
    """

    name: str
    label: str
    sort: str = ""
    numeric: bool = False
    edits: str = ""

    def part(self, may_edit: bool) -> str:
        """The template of its cell."""
        return f"book/cells/{self.name}{'_edit' if may_edit and self.edits else ''}.html"


COLUMNS = {
    column.name: column
    for column in (
        Column("attention", "Attention", sort="attention"),
        Column("score", "Score", sort="score", numeric=True),
        Column("arr", "ARR", sort="arr", numeric=True),
        Column("renewal", "Renewal", sort="renewal", edits="renewal_on"),
        Column("active", "Last active", sort="active"),
        Column("headline", "Headline", sort="headline", numeric=True),
        Column("level", "Level", sort="level", numeric=True),
        Column("plan", "Plan"),
        Column("owner", "Owner", edits="owner"),
        Column("tier", "Tier", edits="tier"),
        Column("stage", "Stage", edits="stage"),
        Column("tags", "Tags", edits="tags"),
        Column("owed", "Next owed", sort="owed"),
        Column("late", "Services late", numeric=True),
        Column("attainment", "Attainment", sort="attainment", numeric=True),
        Column("currency", "Currency"),
        Column("signals", "Signals", sort="signals"),
    )
}
USUAL = ("attention", "arr", "renewal", "active", "headline", "level", "plan", "owner")


def write_columns(names: Iterable[str]) -> str:
    """The known ones of these names in their order, once each; "" for the usual columns or none."""
    known = tuple(dict.fromkeys(name for name in names if name in COLUMNS))
    return "" if known == USUAL else ",".join(known)


def read_columns(text: str) -> str:
    """What an address says about columns, without what is not understood."""
    return write_columns(text[:400].split(","))


def columns_of(text: str) -> list[Column]:
    """The columns to show, in order; the account itself always stands before them."""
    return [COLUMNS[name] for name in (text.split(",") if text else USUAL)]


def parts_for(text: str, may_work: bool) -> tuple[str, ...]:
    """The templates that a row is put together from."""
    account = f"book/cells/account{'_pick' if may_work else ''}.html"
    return (account, *(column.part(may_work) for column in columns_of(text)))
