"""What the page of services shows: figures, attainment by CSM, tier or service, and the list behind."""

from dataclasses import dataclass
from typing import Any

from csworkspace.people.access import Needs, may
from csworkspace.web.formats import DASH, number
from csworkspace.web.urls import workspace_url
from playbooks.services.attainment import Names, attainment_by, read_names, total_of
from playbooks.services.clock import clock_of
from playbooks.services.filters import NOBODY, ServiceFilter, read_filter
from playbooks.services.forms import ManyForm, ServiceFilterForm
from playbooks.services.lists import EARLIEST_FIRST, occurrence_rows, read_cursor
from playbooks.services.periods import ONCE_RULE, PERIOD_RULE, PROMISE_RULE
from playbooks.services.status import ATTAINMENT_RULE, EARLY_RULE, STATUS_RULE, Attainment
from playbooks.services.wanted import BACKFILL_RULE
from playbooks.services.windows import windows

RULES = (ATTAINMENT_RULE, STATUS_RULE, PERIOD_RULE, ONCE_RULE, PROMISE_RULE, EARLY_RULE, BACKFILL_RULE)
BY = {"csm": "CSM", "tier": "Tier", "service": "Service"}
FIELD = {"csm": "owner", "tier": "tier", "service": "service"}
BULK = ("to_do", "open", "late")
# Two states in one number; the tab "Late" is the one that is late now.
LATE_LABEL = "Late or delivered late"
TABS = {
    "to_do": "To do",
    "late": "Late",
    "missed": "Missed",
    "on_time": "On time",
    "delivered_late": "Delivered late",
    "planned": "Planned",
    "waived": "Waived",
    "": "All",
}


@dataclass(frozen=True)
class Cell:
    """A number and the list behind it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class AttainmentRow:
    """One CSM, tier or service in the table."""

    name: str
    url: str
    cells: list[Cell]
    percent: int | None
    percent_text: str


def percent_text(percent: int | None) -> str:
    """ "83%", or a dash when nothing was owed."""
    return DASH if percent is None else f"{percent}%"


def services_context(request: Any, *, form: ManyForm | None = None) -> dict[str, Any]:
    """Everything on the page; five queries."""
    clock = clock_of(request.workspace)
    view, problem = read_filter(request.GET, clock.today)
    names, parts = read_names(), attainment_by(view, clock.today, clock.now)
    after = read_cursor(request.GET.get("after", ""))
    rows, more = occurrence_rows(view, clock, after)
    total = total_of(parts)
    return {
        "view": view,
        "problem": problem,
        "filter_form": _filter_form(view, names, windows(clock.today)),
        "figures": _figures(view, total),
        "by": [{"label": BY[key], "url": view.url(by=key), "current": key == view.by} for key in BY],
        "by_label": BY[view.by],
        "parts": _rows(view, names, parts),
        "tabs": _tabs(view, total),
        "rows": rows,
        "over": view.state not in EARLIEST_FIRST,
        "first_url": f"{view.url()}#list" if after else "",
        "next_url": f"{view.url()}&after={rows[-1].cursor}#list" if more else "",
        "csv_url": workspace_url(request, "services_csv") + view.url(),
        "rules": RULES,
        "empty": not parts,
        "many": form or ManyForm(initial={"delivered_on": clock.today}),
        "back": view.url(),
        "bulk": view.state in BULK and may(request.membership.role, Needs.WORK),
    }


def _filter_form(view: ServiceFilter, names: Names, offered: list[Any]) -> ServiceFilterForm:
    choices = {
        "window": [(window.key, window.label) for window in offered] + [("custom", "Own dates")],
        "owner": _choices("Everybody", names.csm, "Nobody"),
        "tier": _choices("All tiers", names.tier),
        "service": _choices("All services", names.service),
    }
    initial = {
        "window": view.window.key,
        "since": view.window.since,
        "until": view.window.until,
        "owner": view.owner,
        "tier": view.tier,
        "service": view.service,
        "by": view.by,
        "state": view.state,
    }
    return ServiceFilterForm(choices=choices, initial=initial, auto_id="filter_%s")


def _choices(anything: str, names: Any, nothing: str = "") -> list[tuple[str, str]]:
    none = [(str(NOBODY), nothing)] if nothing else []
    return [("", anything), *((str(pk), name) for pk, name in names.items()), *none]


def _cells(view: ServiceFilter, found: Attainment) -> list[Cell]:
    numbers = (
        ("Owed", found.owed, "owed"),
        ("On time", found.on_time, "on_time"),
        (LATE_LABEL, found.not_in_time, "not_in_time"),
        ("Missed", found.missed, "missed"),
    )
    return [Cell(label, number(count), f"{view.url(state=state)}#list") for label, count, state in numbers]


def _figures(view: ServiceFilter, total: Attainment) -> list[dict[str, str]]:
    open_url = f"{view.url(state='open')}#list"
    share = {"label": "Attainment", "value": percent_text(total.percent), "url": "", "note": view.window.days}
    late = f"{number(total.late)} late now" if total.late else ""
    found = [vars(cell) | {"note": late if cell.label == LATE_LABEL else ""} for cell in _cells(view, total)]
    return [share, *found, {"label": "Open", "value": number(total.open), "url": open_url, "note": ""}]


def _rows(view: ServiceFilter, names: Names, parts: dict[int, Attainment]) -> list[AttainmentRow]:
    """The lowest attainment first; those to whom nothing was owed yet at the end."""
    found = []
    for pk, part in parts.items():
        one = {FIELD[view.by]: pk}
        narrowed = ServiceFilter(**{**vars(view), **one})
        name, share = names.of(view.by, pk), part.percent
        row = AttainmentRow(
            name, narrowed.url(state=view.state), _cells(narrowed, part), share, percent_text(share)
        )
        found.append(row)
    return sorted(found, key=lambda row: (row.percent is None, row.percent or 0, row.name.casefold()))


def _tabs(view: ServiceFilter, total: Attainment) -> list[dict[str, Any]]:
    found = {name: getattr(total, name, 0) for name in TABS}
    found |= {"to_do": total.open + total.late, "": sum(vars(total).values())}
    shown = dict(TABS)
    if view.state not in shown:
        shown = {view.state: {"owed": "Owed", "not_in_time": LATE_LABEL, "open": "Open"}[view.state]} | shown
        found |= {"owed": total.owed, "not_in_time": total.not_in_time, "open": total.open}
    return [
        {
            "label": label,
            "url": f"{view.url(state=state)}#list",
            "count": number(found[state]),
            "current": state == view.state,
        }
        for state, label in shown.items()
    ]
