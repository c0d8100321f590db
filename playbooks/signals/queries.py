"""Reads about signals that several pages and actions share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet

from accounts.accounts.models import Account
from playbooks.signals.models import HeldBack, Signal, SignalSetting, SignalState

USUAL_MOST = 5
RELATED = ("account", "indicator", "playbook", "owner__user")


def unresolved() -> QuerySet[Signal]:
    """Signals that wait for somebody: open, acknowledged or snoozed."""
    return Signal.objects.exclude(state=SignalState.RESOLVED)


def worst_first(rows: QuerySet[Signal]) -> QuerySet[Signal]:
    """The most severe first, of equal ones the newest."""
    return rows.order_by("-severity", "-pk")


def unresolved_of(account_id: int) -> QuerySet[Signal]:
    """The signals of an account that are not resolved, the worst first."""
    return worst_first(unresolved().filter(account_id=account_id))


def most_per_day() -> int:
    """How many signals indicators may raise on one account and day."""
    found = SignalSetting.objects.values_list("most_per_day", flat=True).first()
    return USUAL_MOST if found is None else found


def counts_of(account_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By account: how many are not resolved, and the severity of the worst; one query."""
    rows = unresolved().filter(account_id__in=account_ids).order_by().values("account_id")
    found = rows.annotate(number=Count("id"), worst=Max("severity"))
    return {row["account_id"]: (row["number"], row["worst"]) for row in found}


@dataclass(frozen=True)
class Held:
    """How many signals the cap holds back today, and of how many accounts."""

    signals: int
    accounts: int


def held_back_on(day: date, account_ids: QuerySet[Any] | Collection[int] | None = None) -> Held:
    """What the cap holds back of these accounts (None: all) on a day; one query."""
    rows = HeldBack.objects.filter(day=day)
    if account_ids is not None:
        rows = rows.filter(account_id__in=account_ids)
    found = [len(ids) for ids in rows.values_list("indicator_ids", flat=True)]
    return Held(sum(found), len(found))


def accounts_owned_by(member_id: int) -> QuerySet[Any]:
    """The ids of the accounts that a member owns, for `account_id__in=`."""
    return Account.objects.filter(owner_id=member_id).order_by().values("pk")


def named_in(evidence: Any, page: str) -> int | None:
    """The id of what a signal's evidence links to by a page such as "incident"; None without."""
    for row in evidence if isinstance(evidence, list) else []:
        args = row.get("args") if isinstance(row, dict) and row.get("page") == page else None
        if isinstance(args, list) and args and isinstance(args[0], int):
            return args[0]
    return None
