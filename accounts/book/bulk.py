"""Bulk actions: what each would change, account by account, and what it passes over."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.accounts.models import Account
from accounts.accounts.tags import MOST
from accounts.book.values import as_json
from accounts.changes.fields import FIELDS, Change, words_of
from accounts.changes.models import ALREADY_SO, CHANGED_SINCE

Params = Mapping[str, Any]
PINNED = "pinned to the tier"


@dataclass(frozen=True)
class Subject:
    """An account as a bulk action sees it: the value is JSON."""

    pk: int
    name: str
    value: Any
    is_pinned: bool


class PassedOver(Exception):
    """The account stays as it is; the text says why."""


@dataclass(frozen=True)
class BulkAction:
    """One thing to do to many accounts.

    name: in addresses; field: what it changes; after(subject, params): the new value, or raises
    PassedOver; title(params, word): what was done, where word is the new value's.
    """

    name: str
    label: str
    field: str
    after: Callable[[Subject, Params], Any]
    title: Callable[[Params], str]


@dataclass
class Plan:
    """What would be changed, and who is passed over for which reason (names).

    names and marks are by account; a mark is the same for the same value (`mark_of`).
    """

    changes: list[Change] = field(default_factory=list)
    passed: dict[str, list[str]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for the same changes: which accounts, and from which values."""
        return mark_of(sorted((change.account_id, self.marks[change.account_id]) for change in self.changes))


def set_to(name: str) -> Callable[[Subject, Params], Any]:
    """The value of a parameter, whatever was there."""
    return lambda subject, params: params[name]


def move(subject: Subject, params: Params) -> Any:
    """The tier, unless the account is pinned to its own."""
    if subject.is_pinned and subject.value != params["tier"]:
        raise PassedOver(PINNED)
    return params["tier"]


def add_tag(subject: Subject, params: Params) -> list[str]:
    """The tags with one more, whatever its case."""
    tags: list[str] = subject.value
    if params["tag"].casefold() in map(str.casefold, tags):
        return tags
    if len(tags) >= MOST:
        raise PassedOver(f"with {MOST} tags already")
    return [*tags, params["tag"]]


def remove_tag(subject: Subject, params: Params) -> list[str]:
    """The tags without one, whatever its case."""
    return [tag for tag in subject.value if tag.casefold() != params["tag"].casefold()]


ACTIONS = {
    action.name: action
    for action in (
        BulkAction("assign", "Assign to a colleague", "owner", set_to("owner"), lambda p: said("owner", p)),
        BulkAction("tier", "Move to a tier", "tier", move, lambda p: said("tier", p)),
        BulkAction("stage", "Set the stage", "stage", set_to("stage"), lambda p: said("stage", p)),
        BulkAction("add_tag", "Add a tag", "tags", add_tag, lambda p: f"Tag “{p['tag']}” added"),
        BulkAction("remove_tag", "Remove a tag", "tags", remove_tag, lambda p: f"Tag “{p['tag']}” removed"),
    )
}


def said(name: str, params: Params) -> str:
    """What was set, in words: "Owner set to Priya Raman"."""
    return f"{FIELDS[name].label.capitalize()} set to {words_of([name])[name](params[name])}"


def plan_changes(
    action: BulkAction, ids: Sequence[int], params: Params, seen: Mapping[int, str] | None = None
) -> Plan:
    """What the action would change of these accounts as they are now, by name; one query.

    `seen`: marks by account; one whose value has another mark by now is passed over.
    """
    plan = Plan()
    for subject in subjects(action.field, ids):
        plan.names[subject.pk], plan.marks[subject.pk] = subject.name, mark_of(subject.value)
        try:
            if seen is not None and seen.get(subject.pk) != plan.marks[subject.pk]:
                raise PassedOver(CHANGED_SINCE)
            after = action.after(subject, params)
        except PassedOver as reason:
            plan.passed.setdefault(str(reason), []).append(subject.name)
            continue
        if after == subject.value:
            plan.passed.setdefault(ALREADY_SO, []).append(subject.name)
        else:
            plan.changes.append(Change(subject.pk, action.field, subject.value, after))
    return plan


def mark_of(value: Any) -> str:
    """A short word that stands for a JSON value, the same for the same value."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def subjects(name: str, ids: Sequence[int]) -> list[Subject]:
    """The accounts that are there, by name, with the value of a field; one query."""
    rows = Account.objects.filter(pk__in=ids).order_by("name", "pk")
    found = rows.values_list("pk", "name", FIELDS[name].column, "tier_pinned")
    return [Subject(pk, label, as_json(value), pinned) for pk, label, value, pinned in found]
