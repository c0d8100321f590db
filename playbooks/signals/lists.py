"""The inbox a page at a time: accounts, the one with the worst signal first, each with its signals."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from csworkspace.web import formats
from playbooks.indicators.models import Severity
from playbooks.signals.filters import SignalFilter, chosen, in_state
from playbooks.signals.models import Signal, SignalState
from playbooks.signals.rows import SignalRow, row_of

PAGE, OF_ACCOUNT, PAST_PAGE = 25, 5, 25
# The account's header: name, owner, tier and stage.
HEADER = ("account__owner__user", "account__tier", "indicator", "owner__user")
# What accounts are ordered by, each from the highest down; a place in the list is these numbers.
ORDER = ("worst", "grave", "arr", "latest")
Cursor = tuple[int, int, int, int]
PLACE = re.compile(r"-?[0-9]{1,18}([.]-?[0-9]{1,18}){3}", re.ASCII)


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
    end = page[-1] if len(heads) > PAGE else None
    return groups, (end["worst"], end["grave"], end["arr"], end["latest"]) if end else None


def _heads(view: SignalFilter, after: Cursor | None) -> list[dict[str, Any]]:
    """Accounts by their worst signal, of equal ones by how many are high, then by ARR, then by the newest.

    One more than a page. What is over stands by the newest alone.
    """
    rows = in_state(view, chosen(view)).order_by().values("account_id")
    heads = rows.annotate(**_marks(view.is_past), latest=Max("id"), number=Count("id"))
    if after:
        heads = heads.filter(_beyond(after))
    found: list[Any] = list(heads.order_by(*(f"-{name}" for name in ORDER))[: PAGE + 1])
    return found


def _marks(is_past: bool) -> dict[str, Any]:
    """The numbers of an account's signals that decide before the newest does."""
    if is_past:
        return {name: Value(0, output_field=IntegerField()) for name in ORDER[:3]}
    return {
        "worst": Max("severity"),
        "grave": Count("id", filter=Q(severity=Severity.HIGH)),
        "arr": Coalesce(Max("account__book_rows__arr_sort"), -1),
    }


def _beyond(after: Cursor) -> Q:
    """What comes after a place: equal up to one of the numbers, and less in that one."""
    found = Q()
    for at, name in enumerate(ORDER):
        equal = dict(zip(ORDER[:at], after, strict=False))
        found |= Q(**equal, **{f"{name}__lt": after[at]})
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
    return tuple(map(int, text.split("."))) if PLACE.fullmatch(text) else None  # type: ignore[return-value]


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
