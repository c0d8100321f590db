"""The day as the page prints it: figures, parts, rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
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
    Part.WEEK: "This week",
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
    """A row, ready to print; `more` are rows of the same account that are folded behind it."""

    item: Item
    account: str
    url: str
    owner: str
    status: str
    more: list["Row"]


@dataclass(frozen=True)
class PartOfDay:
    """A part of the list under its heading: its first rows, and how many come up when these are done."""

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
    shown = fold(entries)
    printer = Printer(view, accounts, team if view.owner_id is None else {})
    return {
        "figures": figures(entries, {entry.part for entry in shown}),
        "parts": [_part(part, entries, shown, printer) for part in sorted({entry.part for entry in shown})],
        "here": view.request.get_full_path(),
    }


def _accounts(account_ids: set[int]) -> dict[int, Account]:
    rows = BookRow.objects.filter(account_id__in=account_ids)
    found = rows.values_list("account_id", "name", "owner_id", "arr_sort", "name_sort")
    return {pk: Account(name, owner_id, Standing(arr, key)) for pk, name, owner_id, arr, key in found}


def figures(entries: Iterable[Entry], shown: Collection[Part]) -> list[dict[str, str]]:
    """What is on top; each leads to its part of the list, if that is shown."""
    entries = list(entries)
    duties = [one for one in entries if one.item.kind == Kind.DUTY]
    found = {
        "Late": [one for one in duties if one.part == Part.LATE],
        "Due within a week": [one for one in duties if one.part in (Part.TODAY, Part.WEEK)],
        "Targets slipping or off track": [one for one in entries if one.item.kind in SLIPPING],
        "New accounts": [one for one in entries if one.part == Part.NEW],
    }
    return [
        {
            "label": label,
            "value": capped(len(those)),
            "url": next((f"#{anchor_of(one.part)}" for one in those if one.part in shown), ""),
        }
        for label, those in found.items()
    ]


def capped(count: int) -> str:
    """ "12", or "500+" where more were not looked for."""
    return formats.number(count) if count < CAP else f"{formats.number(CAP)}+"


def anchor_of(part: Part) -> str:
    """The part's name in the address."""
    return part.name.lower()


def _part(part: Part, entries: list[Entry], shown: list[Entry], printer: "Printer") -> PartOfDay:
    rows = [entry for entry in shown if entry.part == part]
    return PartOfDay(
        anchor=anchor_of(part),
        heading=HEADINGS[part],
        count=capped(sum(entry.part == part for entry in entries)),
        rows=[printer.row(entry.item, entry.more) for entry in rows[:SHOWN]],
        beyond=formats.plural(len(rows) - SHOWN, "row") if len(rows) > SHOWN else "",
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
            status=STATUS.get(item.kind, ""),
            more=[self.row(one) for one in more],
        )
