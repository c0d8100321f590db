"""The fields of accounts that can be changed for many at once, as JSON and as columns."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.accounts.models import Stage
from accounts.tiers.models import Tier
from accounts.tiers.queries import tiers_in_use
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.web import times

Words = Callable[[Any], str]


@dataclass(frozen=True)
class Field:
    """A field: its name for people, its column, the column's type, and how JSON becomes a value of it."""

    label: str
    column: str
    type: str
    read: Callable[[Any], Any] = lambda value: value


FIELDS = {
    "owner": Field("owner", "owner_id", "bigint"),
    "tier": Field("tier", "tier_id", "bigint"),
    "stage": Field("stage", "stage", "varchar"),
    "tags": Field("tags", "tags", "varchar[]"),
    "renewal_on": Field("renewal", "renewal_on", "date", lambda text: text and date.fromisoformat(text)),
    "tier_pinned": Field("tier pinned", "tier_pinned", "boolean"),
}


@dataclass(frozen=True)
class Change:
    """One field of one account from a value to another, both as JSON.

    owner and tier are ids or None, tags a list of words, renewal_on an ISO date or None.
    """

    account_id: int
    field: str
    before: Any
    after: Any


class ChangeRefused(ValueError):
    """A change that can never be made; the text says why and what to do."""


ADVICE = {
    "tier": "Choose a tier that is in use.",
    "owner": "Choose a colleague.",
    "stage": "Choose one of the list.",
}


def check_values(changes: Iterable[Change]) -> None:
    """Raise ChangeRefused for a value that its field cannot have."""
    for name in sorted(gone_values(changes)):
        raise ChangeRefused(f"That {name} does not exist any more. {ADVICE[name]}")


def gone_values(changes: Iterable[Change]) -> dict[str, set[Any]]:
    """Field → the values among `after` that it cannot have, or cannot any more; up to two queries.

    Raises ChangeRefused for another field.
    """
    after: dict[str, set[Any]] = {}
    for change in changes:
        if change.field not in FIELDS:
            raise ChangeRefused(f"{change.field} cannot be changed this way.")
        if change.field in ADVICE:
            after.setdefault(change.field, set()).add(change.after)
    possible: dict[str, Callable[[set[Any]], set[Any]]] = {
        "stage": lambda wanted: set(Stage.values),
        "tier": tiers_in_use,
        "owner": colleagues,
    }
    gone = {name: wanted - {None} - possible[name](wanted - {None}) for name, wanted in after.items()}
    return {name: values for name, values in gone.items() if values}


def colleagues(wanted: Collection[int]) -> set[int]:
    """Those of the memberships that are active members of the staff."""
    found = team().filter(pk__in=wanted).values_list("pk", flat=True)
    return set(found) if wanted else set()


def words_of(fields: Iterable[str]) -> dict[str, Words]:
    """For each of these fields how its values are said; at most two queries."""
    found: dict[str, Words] = {}
    for field in set(fields):
        found[field] = _words(field)
    return found


def _words(field: str) -> Words:
    if field == "tier":
        tiers = dict(Tier.objects.values_list("pk", "name"))
        return lambda value: tiers.get(value, "No tier")
    if field == "owner":
        people = {member.pk: str(member) for member in Membership.objects.select_related("user")}
        return lambda value: people.get(value, "Nobody")
    if field == "stage":
        return lambda value: dict(Stage.choices).get(value, str(value))
    if field == "tags":
        return lambda value: ", ".join(value or []) or "No tags"
    if field == "renewal_on":
        return lambda value: times.day(date.fromisoformat(value)) if value else "No date"
    return lambda value: "Yes" if value else "No"
