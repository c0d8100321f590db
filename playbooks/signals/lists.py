"""The inbox a page at a time: accounts, the one with the worst signal first, each with its signals."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from csworkspace.web import formats
from csworkspace.web.urls import id_in
from playbooks.signals.filters import SignalFilter, chosen, in_state
from playbooks.signals.models import Signal, SignalState
from playbooks.signals.rows import SignalRow, row_of

PAGE, OF_ACCOUNT, PAST_PAGE = 25, 5, 25
# The account's header: name, owner, tier and stage.
HEADER = ("account__owner__user", "account__tier", "indicator", "owner__user")
Cursor = tuple[int, int]


@dataclass(frozen=True)
class Group:
    """An account in the inbox with its worst signals; `more`: how many others of the view it has."""

    account_id: int
    account: str
    sub: str
    owner: str
    worst: str
    tone: str
    count: str
    rows: list[SignalRow]
    more: str


def groups_of(
    view: SignalFilter, today: date, after: Cursor | None = None
) -> tuple[list[Group], Cursor | None]:
    """A page of accounts and the place after it, None at the end; two queries, one more for a segment."""
    heads = _heads(view, after)
    page = heads[:PAGE]
    found = _signals(view, [head["account_id"] for head in page])
    # The signals of an account may have moved on between the two queries.
    filled = [head for head in page if found[head["account_id"]]]
    groups = [_group(found[head["account_id"]], head["number"], today) for head in filled]
    last = (page[-1]["worst"], page[-1]["latest"]) if len(heads) > PAGE else None
    return groups, last


def _heads(view: SignalFilter, after: Cursor | None) -> list[dict[str, Any]]:
    """Accounts by their worst signal, of equal ones by the newest; one more than a page.

    What is over stands by the newest alone.
    """
    worst: Any = Value(0, output_field=IntegerField()) if view.is_past else Max("severity")
    rows = in_state(view, chosen(view)).order_by().values("account_id")
    heads = rows.annotate(worst=worst, latest=Max("id"), number=Count("id"))
    if after:
        heads = heads.filter(Q(worst__lt=after[0]) | Q(worst=after[0], latest__lt=after[1]))
    found: list[Any] = list(heads.order_by("-worst", "-latest")[: PAGE + 1])
    return found


def _signals(view: SignalFilter, account_ids: list[int]) -> dict[int, list[Signal]]:
    """The first OF_ACCOUNT signals of the view for each of these accounts."""
    order = (F("id").desc(),) if view.is_past else (F("severity").desc(), F("id").desc())
    rows = in_state(view, chosen(view)).filter(account_id__in=account_ids).select_related(*HEADER)
    numbered = rows.annotate(place=Window(RowNumber(), partition_by=F("account_id"), order_by=order))
    found: dict[int, list[Signal]] = {pk: [] for pk in account_ids}
    for one in numbered.filter(place__lte=OF_ACCOUNT).order_by("place"):
        found[one.account_id].append(one)
    return found


def _group(signals: list[Signal], number: int, today: date) -> Group:
    account, rows = signals[0].account, [row_of(one, today) for one in signals]
    tier = account.tier.name if account.tier else "No tier"
    return Group(
        account_id=account.pk,
        account=account.name,
        sub=f"{tier} · {account.get_stage_display()}",
        owner=str(account.owner) if account.owner else "Nobody",
        worst=rows[0].severity,
        tone=rows[0].tone,
        count=formats.plural(number, "signal"),
        rows=rows,
        more=formats.plural(number - len(rows), "more signal") if number > len(rows) else "",
    )


def read_cursor(text: str) -> Cursor | None:
    """The place in the list that a link carries; None for anything else."""
    worst, _, latest = text.partition(".")
    place = id_in(worst), id_in(latest)
    return place if place[0] is not None and place[1] is not None else None  # type: ignore[return-value]


def counts_by_state(view: SignalFilter) -> dict[str, int]:
    """How many signals of the view are in each state; one query, one more for a segment."""
    rows = chosen(view).order_by().values_list("state").annotate(number=Count("id"))
    return dict.fromkeys(SignalState.values, 0) | dict(rows)


def past_of(account_id: int, today: date, before: int | None = None) -> tuple[list[SignalRow], int | None]:
    """A page of an account's resolved signals, the newest first, and the place after it; one query."""
    rows: QuerySet[Signal] = Signal.objects.filter(account_id=account_id, state=SignalState.RESOLVED)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("indicator", "owner__user").order_by("-pk")[: PAST_PAGE + 1])
    page = [row_of(one, today) for one in found[:PAST_PAGE]]
    return page, page[-1].id if len(found) > PAST_PAGE else None
