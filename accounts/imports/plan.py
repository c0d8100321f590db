"""What an import would do, decided row by row and written later: the same for dry and real runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts.imports.rows import Row, RowError


class Rejected(ValueError):
    """A row that cannot be used; `field` is the one to look at."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass
class Change:
    """An object to make (pk None) or to change.

    `before` and `after` are its columns; `keys` are what it is found by: an
    account's domains, a contact's identities. parent: the change that makes the
    account that this one belongs to.
    """

    pk: int | None
    before: dict[str, Any]
    after: dict[str, Any]
    keys_before: list[str]
    keys_after: list[str]
    parent: "Change | None" = None

    @property
    def is_new(self) -> bool:
        """Whether the object is to be made (also after its id was drawn)."""
        return not self.before

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return self.before == self.after and self.keys_before == self.keys_after


@dataclass
class Plan:
    """What an import would do."""

    creates: list[Change] = field(default_factory=list)
    updates: list[Change] = field(default_factory=list)
    unchanged: int = 0
    read: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """Everything that is to be written."""
        return [*self.creates, *self.updates]


def make_plan(rows: Iterable[Row], decide: Callable[[Row], Change]) -> Plan:
    """Ask `decide` about each readable row; it raises Rejected for those that cannot be used."""
    plan = Plan()
    for row in rows:
        plan.read += 1
        change = None
        if not row.errors:
            try:
                change = decide(row)
            except Rejected as error:
                row.reject(error.field, str(error))
        if change is None:
            plan.rejected += 1
            plan.errors += row.errors
        elif change.is_new:
            plan.creates.append(change)
        elif change.is_empty:
            plan.unchanged += 1
        else:
            plan.updates.append(change)
    return plan
