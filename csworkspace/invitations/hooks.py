"""How the floor that knows accounts binds invited customers to theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership


@dataclass(frozen=True)
class AccountBinding:
    """What the ground must be told about accounts.

    find(names): name as typed → account ids with that name (none: unknown, two: ambiguous).
    label(ids): account id → name. bind(member, ids, by): let the customer see these accounts.
    """

    find: Callable[[Sequence[str]], dict[str, list[int]]]
    label: Callable[[Sequence[int]], dict[int, str]]
    bind: Callable[[Membership, Sequence[int], Actor], None]


_binding: list[AccountBinding] = []


def register_account_binding(binding: AccountBinding) -> None:
    """Called once at start by the floor that knows accounts."""
    _binding[:] = [binding]


def account_binding() -> AccountBinding | None:
    """The registered binding; None while no floor knows accounts."""
    return _binding[0] if _binding else None
