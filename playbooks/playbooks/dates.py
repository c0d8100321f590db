"""The dates of an account that triggers count from: two of its own, and whatever its attributes name."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.accounts.models import Account
from playbooks.playbooks.shapes import Trigger

ATTRIBUTE = "attribute"
NAMELESS = "Name the attribute that has the date."
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class TriggerDate:
    """A date: how it is called in a sentence, and the field of Account that has it."""

    name: str
    words: str
    field: str


DATES = {
    date.name: date
    for date in (
        TriggerDate("renewal", "the renewal date", "renewal_on"),
        TriggerDate("onboarding", "the day they became a customer", "customer_since"),
        TriggerDate(ATTRIBUTE, "a date among the attributes", ""),
    )
}


def date_name(trigger: Trigger) -> str:
    """What the trigger's date is called in a sentence."""
    return f"the date “{trigger.attribute}”" if trigger.date == ATTRIBUTE else DATES[trigger.date].words


def days_between(
    accounts: QuerySet[Account], trigger: Trigger, first: date, last: date
) -> list[tuple[int, date]]:
    """(account id, day) where the trigger's date lies between two days, both included, in order; one query.

    An attribute counts if it is written as 2027-03-31.
    """
    if trigger.date != ATTRIBUTE:
        name = DATES[trigger.date].field
        found = accounts.filter(**{f"{name}__range": (first, last)})
        return list(found.order_by(name, "pk").values_list("pk", name))
    # Days so written are in order as texts.
    told = accounts.annotate(told=KeyTextTransform(trigger.attribute, "attributes"))
    rows = told.filter(told__gte=first.isoformat(), told__lte=last.isoformat()).order_by("told", "pk")
    days = [(pk, _day(text)) for pk, text in rows.values_list("pk", "told")]
    return [(pk, day) for pk, day in days if day is not None]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None
