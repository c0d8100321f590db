"""One builder for the book's page and for the part of it that htmx swaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.accounts.models import Stage
from accounts.book.columns import USUAL, Column, columns_of, parts_for
from accounts.book.cursor import BadPlace, Place, read_place, write_place
from accounts.book.fastrows import print_rows
from accounts.book.figures import Figures, read_figures
from accounts.book.filters import NO_SIGNALS, NOT_ASSESSED, SCORES, BookFilter
from accounts.book.models import PlanStatus
from accounts.book.queries import Page, Surroundings, read_page, read_surroundings
from accounts.book.rows import NOBODY, print_row
from accounts.book.toolbar import toolbar
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats
from csworkspace.web.urls import workspace_url

COUNT_CAP = 1000
ACCOUNT = Column("name", "Account", sort="name")
MOVED_ON = "That link to a page could not be used, so this is the first page."
FILTER_LABELS = {
    "owner": "Owner",
    "tier": "Tier",
    "stage": "Stage",
    "plan": "Plan",
    "level": "Level",
    "attention": "Attention",
    "signals": "Signals",
    "score": "Value score",
    "segment": "Segment",
}
GONE = {"segment": "A segment that is gone"}


@dataclass(frozen=True)
class Select:
    """A filter's control: its name, its label, and its options as HTML."""

    name: str
    label: str
    options: SafeString


def book_context(request: Any, view: BookFilter) -> dict[str, Any]:
    """Everything the page shows; at most three queries."""
    today = today_of(request.workspace)
    salt = str(request.workspace.pk)
    place, notice = find_place(view, request.GET.get("at", ""), salt)
    page = read_page(view, place)
    if place is not None and not page.rows:
        page, notice = read_page(view, None), MOVED_ON
    around = read_surroundings(request.membership.pk)
    figures = read_figures(view, today, request.workspace.pk)
    rows = printed_rows(request, page.rows, around)
    may_work = may(request.membership.role, Needs.WORK)
    total = sum(figure.accounts for figure in figures)
    return {
        "view": view,
        "rows": rows,
        "rows_html": print_rows(parts_for(view.cols, may_work), rows),
        "heads": heads(view, around),
        "is_wide": len(columns_of(view.cols)) > len(USUAL),
        "figures": key_figures(view, figures, total),
        "selects": selects(view, around, request.membership.pk),
        "chips": chips(view, around),
        "notice": notice,
        "summary": summary_of(page, total),
        "csv_url": workspace_url(request, "book_csv") + view.url(),
        "is_whole": len(page.rows) == total,
        "has_accounts": bool(total) or view.narrows,
        "total": formats.number(total),
        "may_work": may_work,
        **toolbar(request, view, around),
        **pager(view, page, salt),
    }


def printed_rows(request: Any, rows: Iterable[tuple[Any, ...]], around: Surroundings) -> list[dict[str, str]]:
    """Raw rows as text for the cells."""
    # One reverse() for all rows: the address of an account differs only in its number.
    base = workspace_url(request, "account", 0).removesuffix("0/")
    today = today_of(request.workspace)
    return [print_row(row, around, today, base) for row in rows]


def find_place(view: BookFilter, text: str, salt: str) -> tuple[Place | None, str]:
    """The cursor's place, or the first page with a notice."""
    if not text:
        return None, ""
    try:
        return read_place(view, text, salt), ""
    except BadPlace:
        return None, MOVED_ON


def pager(view: BookFilter, page: Page, salt: str) -> dict[str, str]:
    """The addresses of the pages around this one."""

    def link(row: tuple[Any, ...], seen: int, back: bool) -> str:
        at = write_place(view, Place(row[-1], row[0], seen, back), salt)
        return f"{view.url()}&at={at}"

    return {
        "first_url": view.url() if page.seen or page.has_previous else "",
        "previous_url": link(page.rows[0], page.seen, True) if page.rows and page.has_previous else "",
        "next_url": link(page.rows[-1], page.seen + len(page.rows), False) if page.has_next else "",
    }


def capped(count: int) -> str:
    """ "412", or "1,000+" from there on."""
    return formats.number(count) if count <= COUNT_CAP else f"{formats.number(COUNT_CAP)}+"


def summary_of(page: Page, total: int) -> str:
    """Which rows of how many."""
    if not page.rows:
        return ""
    first, last = formats.number(page.seen + 1), formats.number(page.seen + len(page.rows))
    return f"{first}{formats.DASH}{last} of {capped(total)}"


def key_figures(view: BookFilter, figures: list[Figures], total: int) -> list[dict[str, str]]:
    """What is on top: accounts, ARR for each currency by itself, renewals, attention."""
    arr = [formats.money_compact(figure.arr, figure.currency) for figure in figures if figure.arr]
    renewing = sum(figure.renewing for figure in figures)
    attention = sum(figure.attention for figure in figures)
    return [
        {"label": "Accounts shown", "value": capped(total)},
        {
            "label": "ARR",
            "value": " · ".join(arr[:3]) or formats.DASH,
            "note": f"and {len(arr) - 3} more currencies" if len(arr) > 3 else "",
        },
        {
            "label": "Renewing in 90 days",
            "value": capped(renewing),
            "url": view.url(sort="renewal", descending=False),
        },
        {"label": "Needing attention", "value": capped(attention), "url": view.url(attention="1")},
    ]


def heads(view: BookFilter, around: Surroundings) -> list[dict[str, Any]]:
    """The table's headers, the sortable ones with an address."""
    direction = "descending" if view.descending else "ascending"
    shown = [ACCOUNT, *columns_of(view.cols)]
    return [
        {
            "label": around.headline[0] if around.headline and column.name == "headline" else column.label,
            "url": view.toggled(column.sort) if column.sort else "",
            "numeric": column.numeric,
            "direction": direction if column.sort == view.sort else "",
            "name": column.name,
        }
        for column in shown
    ]


def choices_of(around: Surroundings, me: int) -> dict[str, list[tuple[str, str]]]:
    """The options of each filter as (value, label)."""
    colleagues = [(str(pk), name) for pk, name in around.team.items() if pk != me]
    mine = [(str(me), "My accounts")] if me in around.team else []
    return {
        "owner": [*mine, ("all", "Everybody's"), ("none", NOBODY), *colleagues],
        "tier": [
            ("", "Any tier"),
            *((str(pk), name) for pk, name in around.tiers.items()),
            ("none", "No tier"),
        ],
        "stage": [("", "Any stage"), *Stage.choices],
        "plan": [("", "Any plan"), *PlanStatus.choices],
        "attention": [("", "Any"), ("1", "Needs attention")],
        "signals": [
            ("", "Any"),
            ("1", "Has signals"),
            ("2", "Medium or high signals"),
            ("3", "High signals"),
            (NO_SIGNALS, "No signals"),
        ],
        "level": [
            ("", "Any level"),
            *((str(n), f"Level {n}") for n in range(1, 8)),
            (NOT_ASSESSED, "Not assessed"),
        ],
        "score": [
            ("", "Any score"),
            *((name, f"{low} to {high}") for name, (low, high) in SCORES.items() if low >= 0),
            (NOT_ASSESSED, "No score"),
        ],
        "segment": [("", "Any segment"), *((str(pk), name) for pk, name in around.segments.items())],
    }


def selects(view: BookFilter, around: Surroundings, me: int) -> list[Select]:
    """The filters' controls; options are written in one go because widgets are slow."""
    return [
        Select(name, FILTER_LABELS[name], options_html(tuple(choices), getattr(view, name)))
        for name, choices in choices_of(around, me).items()
    ]


@lru_cache(maxsize=512)
def options_html(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """<option> elements, escaped."""
    selected = mark_safe(" selected")
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, selected if value == chosen else "", label) for value, label in choices),
    )


def chips(view: BookFilter, around: Surroundings) -> list[dict[str, str]]:
    """What limits the view, each with the address that drops it."""
    labels = choices_of(around, 0)
    found = [
        (name, dict(labels[name]).get(getattr(view, name), GONE.get(name, "")))
        for name in ("tier", "stage", "plan", "level", "attention", "signals", "score", "segment")
        if getattr(view, name)
    ]
    found += [("q", f"“{view.q}”")] if view.q else []
    return [{"label": label or name, "url": view.url(**{name: ""})} for name, label in found]
