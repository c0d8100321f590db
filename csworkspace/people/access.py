"""Who may do what: each route names its need, each role covers some needs."""

from collections.abc import Callable
from enum import Enum

from csworkspace.people.models import Membership, Role


class Needs(Enum):
    """What a route asks of the person; `csworkspace.web.routes.route` demands one."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    API_KEY = "api key"
    PORTAL = "portal"
    READ = "read"
    WORK = "work"
    MANAGE = "manage"
    ADMIN = "admin"


COVERED: dict[str, frozenset[Needs]] = {
    Role.ADMIN: frozenset({Needs.PORTAL, Needs.READ, Needs.WORK, Needs.MANAGE, Needs.ADMIN}),
    Role.MANAGER: frozenset({Needs.PORTAL, Needs.READ, Needs.WORK, Needs.MANAGE}),
    Role.CSM: frozenset({Needs.PORTAL, Needs.READ, Needs.WORK}),
    Role.EXECUTIVE: frozenset({Needs.PORTAL, Needs.READ}),
    Role.VIEWER: frozenset({Needs.PORTAL}),
}


def may(role: str, needs: Needs) -> bool:
    """Whether a role covers a need inside its workspace."""
    return needs in COVERED.get(role, frozenset())


Confinement = Callable[[Membership], list[int]]
_confinement: list[Confinement] = []


def register_confinement(find_accounts: Confinement) -> None:
    """Tell the ground how to find the accounts a customer may see (called by accounts)."""
    _confinement[:] = [find_accounts]


def accounts_of(membership: Membership) -> list[int]:
    """The accounts a customer is bound to; none if nothing says otherwise."""
    return _confinement[0](membership) if _confinement else []
