"""Stating and withdrawing rates between currencies; the book is brought up to date with each change."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.book.actions import refresh_book
from accounts.revenue.models import CurrencyRate
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.models import Workspace
from csworkspace.web import times


class RateRefused(ValueError):
    """A rate that cannot be; the text says why and what to do."""


@transaction.atomic
def state_rate(*, by: Actor, currency: str, since: date, rate: Decimal) -> CurrencyRate:
    """State what one unit of a currency is worth in the workspace's, from a day on. Raises RateRefused."""
    own = Workspace.objects.values_list("currency", flat=True).get()
    if currency == own:
        raise RateRefused(f"{own} is the workspace's own currency: its rate is always 1.")
    try:
        with transaction.atomic():
            stated = CurrencyRate.objects.create(
                currency=currency, into_currency=own, since=since, rate=rate, actor=by.label[:160]
            )
    except IntegrityError as error:
        raise RateRefused(
            f"A rate of {currency} from {times.day(since)} is stated already. "
            "Remove it first, or choose another day."
        ) from error
    record("stated", stated, by=by, after=_values(stated))
    refresh_book()
    return stated


@transaction.atomic
def remove_rate(stated: CurrencyRate, *, by: Actor) -> None:
    """Withdraw a rate: an earlier one holds again, or amounts in the currency are not compared any more."""
    record("removed", stated, by=by, before=_values(stated))
    stated.delete()
    refresh_book()


def _values(stated: CurrencyRate) -> dict[str, str]:
    rate = f"1 {stated.currency} = {stated.rate.normalize():f} {stated.into_currency}"
    return {"rate": rate, "since": times.day(stated.since)}
