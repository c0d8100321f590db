"""The day as the page prints it: figures, parts, rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from accounts.book.models import BookRow
from csworkspace.web import formats
from csworkspace.web.urls import workspace_url
from playbooks.myday.providers import CAP, Viewpoint, providers
from playbooks.myday.urgency import Entry, Item, Kind, Part, Standing, fold, in_order
from playbooks.myday.words import late_words

SHOWN = 150
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
    due: str
    status: str
    more: list["Row"]


@dataclass(frozen=True)
class PartOfDay:
    """A part of the list under its heading."""

    anchor: str
    heading: str
    count: str
    rows: list[Row]


def day_context(view: Viewpoint, team: Mapping[int, str]) -> dict[str, Any]:
    """The whole list; a constant number of queries, whatever the size of the book."""
    items = [item for provider in providers() for item in provider.items(view)]
    accounts = _accounts({item.account_id for item in items})
    standings = {pk: account.standing for pk, account in accounts.items()}
    entries = in_order(items, standings, view.today)
    rows = fold(entries)
    shown = rows[:SHOWN]
    names = team if view.owner_id is None else {}
    return {
        "figures": figures(entries),
        "parts": [_part(view, part, entries, shown, accounts, names) for part in _parts(shown)],
        "beyond": formats.plural(len(rows) - SHOWN, "row") if len(rows) > SHOWN else "",
        "here": view.request.get_full_path(),
    }


def _accounts(account_ids: set[int]) -> dict[int, Account]:
    rows = BookRow.objects.filter(account_id__in=account_ids)
    columns = ("account_id", "name", "owner_id", "arr_sort", "name_sort")
    return {
        pk: Account(name, owner, Standing(arr, key))
        for pk, name, owner, arr, key in rows.values_list(*columns)
    }


def figures(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """What is on top; each leads to its part of the list."""
    entries = list(entries)
    duties = [one for one in entries if one.item.kind == Kind.DUTY]
    late = [one for one in duties if one.part == Part.LATE]
    week = [one for one in duties if one.part in (Part.TODAY, Part.WEEK)]
    slipping = [one for one in entries if one.item.kind in SLIPPING]
    new = [one for one in entries if one.part == Part.NEW]
    return [
        _figure("Late", late),
        _figure("Due within a week", week),
        _figure("Targets slipping or off track", slipping),
        _figure("New accounts", new),
    ]


def _figure(label: str, entries: list[Entry]) -> dict[str, str]:
    url = f"#{anchor_of(entries[0].part)}" if entries else ""
    return {"label": label, "value": capped(len(entries)), "url": url}


def capped(count: int) -> str:
    """ "12", or "500+" where more were not looked for."""
    return formats.number(count) if count < CAP else f"{formats.number(CAP)}+"


def anchor_of(part: Part) -> str:
    """The part's name in the address."""
    return part.name.lower()


def _parts(entries: Iterable[Entry]) -> list[Part]:
    return sorted({entry.part for entry in entries})


def _part(
    view: Viewpoint,
    part: Part,
    entries: list[Entry],
    shown: list[Entry],
    accounts: Mapping[int, Account],
    names: Mapping[int, str],
) -> PartOfDay:
    return PartOfDay(
        anchor=anchor_of(part),
        heading=HEADINGS[part],
        count=capped(sum(entry.part == part for entry in entries)),
        rows=[_row(view, entry.item, entry.more, accounts, names) for entry in shown if entry.part == part],
    )


def _row(
    view: Viewpoint,
    item: Item,
    more: Iterable[Item],
    accounts: Mapping[int, Account],
    names: Mapping[int, str],
) -> Row:
    account = accounts[item.account_id]
    dated = item.kind in (Kind.DUTY, Kind.RENEWAL)
    return Row(
        item=item,
        account=account.name,
        url=workspace_url(view.request, "account", item.account_id),
        owner=names.get(account.owner_id or 0, ""),
        due=late_words(item.due_on, view.today) if dated else "",
        status=STATUS.get(item.kind, ""),
        more=[_row(view, one, (), accounts, names) for one in more],
    )
