"""The fields of accounts that can be changed for many at once, as JSON and as columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.accounts.models import Stage
from accounts.tiers.models import Tier
from csworkspace.people.models import Membership
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


def check_values(changes: Iterable[Change]) -> None:
    """Raise ChangeRefused for a value that its field cannot have."""
    after: dict[str, set[Any]] = {}
    for change in changes:
        if change.field not in FIELDS:
            raise ChangeRefused(f"{change.field} cannot be changed this way.")
        if change.field != "tags":
            after.setdefault(change.field, set()).add(change.after)
    for name, table, advice in (
        ("tier", Tier.objects.filter(retired_at=None), "Choose a tier that is in use."),
        ("owner", Membership.objects.filter(is_active=True).exclude(role="viewer"), "Choose a colleague."),
    ):
        wanted = after.get(name, set()) - {None}
        if wanted and len(set(table.filter(pk__in=wanted).values_list("pk", flat=True))) < len(wanted):
            raise ChangeRefused(f"That {name} does not exist any more. {advice}")
    if after.get("stage", set()) - set(Stage.values):
        raise ChangeRefused("That stage does not exist. Choose one of the list.")


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
