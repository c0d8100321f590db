"""The day as the page prints it: figures, parts, rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from accounts.book.models import BookRow
from csworkspace.web import formats
from csworkspace.web.urls import workspace_url
from playbooks.myday.providers import CAP, Viewpoint, providers
from playbooks.myday.urgency import Entry, Item, Kind, Part, Standing, fold, in_order

SHOWN = 50
HEADINGS = {
    Part.LATE: "Late",
    Part.TODAY: "Today",
    Part.SIGNALS: "Signals to look at",
    Part.WEEK: "Next 7 days",
    Part.WATCH: "Keep an eye on",
    Part.NEW: "New",
}
SLIPPING = (Kind.OFF_TRACK, Kind.SLIPPING)
STATUS = {Kind.OFF_TRACK: "off_track", Kind.SLIPPING: "slipping"}


class Account(NamedTuple):
    """What the list says of an account."""

    name: str
    owner_id: int | None
    standing: Standing


@dataclass(frozen=True)
class Row:
    """A row, ready to print; `more` are rows of its part and account that are folded behind it."""

    item: Item
    account: str
    url: str
    owner: str
    status: str
    more: list["Row"]


@dataclass(frozen=True)
class PartOfDay:
    """A part of the list under its heading: its first rows, and how many come up when these are done.

    count: all of it, folded rows and those beyond too.
    """

    anchor: str
    heading: str
    count: str
    rows: list[Row]
    beyond: str


def day_context(view: Viewpoint, team: Mapping[int, str]) -> dict[str, Any]:
    """The whole list; a constant number of queries, whatever the size of the book."""
    items = [item for provider in providers() for item in provider.items(view)]
    accounts = _accounts({item.account_id for item in items})
    standings = {pk: account.standing for pk, account in accounts.items()}
    entries = in_order(items, standings, view.today)
    printer = Printer(view, accounts, team if view.owner_id is None else {})
    return {
        "figures": figures(entries),
        "parts": _parts(entries, printer),
        "here": view.request.get_full_path(),
    }


def _accounts(account_ids: set[int]) -> dict[int, Account]:
    rows = BookRow.objects.filter(account_id__in=account_ids)
    found = rows.values_list("account_id", "name", "owner_id", "arr_sort", "name_sort")
    return {pk: Account(name, owner_id, Standing(arr, key)) for pk, name, owner_id, arr, key in found}


def figures(entries: Sequence[Entry]) -> list[dict[str, str]]:
    """What is on top; each counts what stands under the headings it names, and leads to the first."""
    found = {
        "Late": [one for one in entries if one.part == Part.LATE],
        "Today and the next 7 days": [one for one in entries if one.part in (Part.TODAY, Part.WEEK)],
        "Signals to look at": [one for one in entries if one.part == Part.SIGNALS],
        "Targets slipping or off track": [one for one in entries if one.item.kind in SLIPPING],
        "New accounts": [one for one in entries if one.part == Part.NEW],
    }
    return [
        {
            "label": label,
            "value": capped(len(those)),
            "url": f"#{anchor_of(those[0].part)}" if those else "",
        }
        for label, those in found.items()
    ]


def capped(count: int) -> str:
    """ "12", or "500+" where more were not looked for."""
    return formats.number(count) if count < CAP else f"{formats.number(CAP)}+"


def anchor_of(part: Part) -> str:
    """The part's name in the address."""
    return part.name.lower()


def _parts(entries: Iterable[Entry], printer: "Printer") -> list[PartOfDay]:
    by_part = groupby(fold(entries), key=lambda entry: entry.part)
    return [_part(part, list(rows), printer) for part, rows in by_part]


def _part(part: Part, rows: Sequence[Entry], printer: "Printer") -> PartOfDay:
    beyond = sum(1 + len(entry.more) for entry in rows[SHOWN:])
    return PartOfDay(
        anchor=anchor_of(part),
        heading=HEADINGS[part],
        count=capped(sum(1 + len(entry.more) for entry in rows)),
        rows=[printer.row(entry.item, entry.more) for entry in rows[:SHOWN]],
        beyond=formats.plural(beyond, "row") if beyond else "",
    )


@dataclass(frozen=True)
class Printer:
    """Writes rows; `names` are the owners' by id, empty where the list has one owner."""

    view: Viewpoint
    accounts: Mapping[int, Account]
    names: Mapping[int, str]

    def row(self, item: Item, more: Iterable[Item] = ()) -> Row:
        """An item as text, with those that are folded behind it."""
        account = self.accounts[item.account_id]
        return Row(
            item=item,
            account=account.name,
            url=workspace_url(self.view.request, "account", item.account_id),
            owner=self.names.get(account.owner_id or 0, ""),
            status=item.tone or STATUS.get(item.kind, ""),
            more=[self.row(one) for one in more],
        )
