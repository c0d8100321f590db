"""Attainment per CSM, tier, service: counted by the database, one statement for a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.tiers.models import Service, Tier
from csworkspace.people.models import Membership
from playbooks.services.filters import NOBODY, ServiceFilter, chosen
from playbooks.services.queries import counts
from playbooks.services.status import Attainment, OccurrenceStatus

COLUMNS = {"csm": "owner_id", "tier": "tier_id", "service": "service_id"}
UNKNOWN = {"csm": "Nobody", "tier": "Own terms only", "service": "Unknown"}


@dataclass(frozen=True)
class Names:
    """What the filters offer and the table prints, by id."""

    csm: Mapping[int, str]
    tier: Mapping[int, str]
    service: Mapping[int, str]

    def of(self, by: str, pk: int) -> str:
        """The name of one row of a table."""
        found: Mapping[int, str] = getattr(self, by)
        return found.get(pk, UNKNOWN[by])


def read_names() -> Names:
    """Everybody and everything that services can be of, retired ones too; three queries."""
    people = Membership.objects.select_related("user").exclude(role="viewer")
    return Names(
        {member.pk: str(member) for member in sorted(people, key=lambda one: str(one).casefold())},
        dict(Tier.objects.order_by("position").values_list("pk", "name")),
        dict(Service.objects.order_by("name").values_list("pk", "name")),
    )


def attainment_by(view: ServiceFilter, today: date, now: datetime) -> dict[int, Attainment]:
    """Attainment of each CSM, tier or service of the view, by id (0: none); one query."""
    column, states = COLUMNS[view.by], OccurrenceStatus.values
    rows = chosen(view, today, now).order_by().values(column).annotate(**counts())
    found = rows.values_list(column, *states)
    return {row[0] or NOBODY: Attainment(**dict(zip(states, row[1:], strict=True))) for row in found}


def total_of(parts: Mapping[int, Attainment]) -> Attainment:
    """All of them together."""
    states = OccurrenceStatus.values
    return Attainment(**{name: sum(getattr(part, name) for part in parts.values()) for name in states})
