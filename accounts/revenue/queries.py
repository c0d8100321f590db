"""Reads about currencies, as their page prints them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from accounts.accounts.models import Account
from accounts.revenue.models import CurrencyRate
from csworkspace.web import times
from csworkspace.web.formats import number


@dataclass(frozen=True)
class RateLine:
    """A stated rate, ready to print."""

    pk: int
    currency: str
    rate: str
    since: str
    by: str
    state: str


@dataclass(frozen=True)
class CurrencyLine:
    """A currency that accounts pay in: how many do, and whether it can be compared."""

    currency: str
    accounts: str
    rate: str
    is_missing: bool


def rate_lines(own: str, today: date) -> list[RateLine]:
    """The rates into the workspace's currency, by currency, the newest first; one query."""
    seen: set[str] = set()
    lines = []
    for stated in _rates(own):
        state = "Planned" if stated.since > today else "Earlier" if stated.currency in seen else "In effect"
        if stated.since <= today:
            seen.add(stated.currency)
        rate = f"{stated.rate.normalize():f}"
        lines.append(RateLine(stated.pk, stated.currency, rate, times.day(stated.since), stated.actor, state))
    return lines


def _rates(own: str) -> QuerySet[CurrencyRate]:
    return CurrencyRate.objects.filter(into_currency=own).order_by("currency", "-since")


def currency_lines(own: str, today: date) -> list[CurrencyLine]:
    """The currencies that accounts with ARR pay in, the most used first; two queries."""
    newest = _rates(own).filter(since__lte=today).distinct("currency")
    rates = {stated.currency: f"{stated.rate.normalize():f}" for stated in newest} | {own: "1"}
    used = Account.objects.filter(arr__gt=0).values("currency").annotate(count=Count("pk"))
    return [
        CurrencyLine(
            row["currency"],
            number(row["count"]),
            rates.get(row["currency"], ""),
            row["currency"] not in rates,
        )
        for row in used.order_by("-count", "currency")
    ]
