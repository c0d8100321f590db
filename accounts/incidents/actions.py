"""Entering incidents, correcting them, saying when they ended."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.incidents.models import LONGEST, Incident
from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.web.versions import Conflict, check_version

OLDEST = timedelta(days=366 * 30)
FIELDS = ("title", "impact", "features", "started_at", "ended_at", "note", "link")


class IncidentRefused(ValueError):
    """Something that cannot be; the text says why. `field`: of the form."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Facts:
    """What is known of an incident; see `models.Incident`."""

    title: str
    impact: str
    started_at: datetime
    ended_at: datetime | None = None
    features: Sequence[str] = field(default_factory=list)
    note: str = ""
    link: str = ""


def check_times(
    started_at: datetime, ended_at: datetime | None, now: datetime, since: datetime | None = None
) -> None:
    """Raise IncidentRefused for times that cannot be. since: when a known one began; it may have gone on."""
    if started_at > now:
        raise IncidentRefused("That moment is still to come.", "started_at")
    if started_at < now - OLDEST:
        raise IncidentRefused("That is too long ago.", "started_at")
    if ended_at is not None and ended_at > now:
        raise IncidentRefused("That moment is still to come. Leave it empty while it goes on.", "ended_at")
    if ended_at is not None and ended_at <= started_at:
        raise IncidentRefused("It has to end after it began.", "ended_at")
    if started_at != since and (ended_at or started_at) - started_at > LONGEST:
        raise IncidentRefused(
            "An incident lasts three months at most. Enter a longer one in parts.", "ended_at"
        )


@transaction.atomic
def create_incident(facts: Facts, *, by: Actor, external_id: str | None = None) -> Incident:
    """Enter an incident. Raises IncidentRefused for times that cannot be, IntegrityError for a known id."""
    made = _enter(facts, external_id, by)
    tell([made.pk], by=by)
    return made


def _enter(facts: Facts, external_id: str | None, by: Actor) -> Incident:
    check_times(facts.started_at, facts.ended_at, timezone.now())
    made = Incident.objects.create(**_values(facts), external_id=external_id, actor=by.label[:160])
    told = {name: value for name, value in values_of(made, FIELDS).items() if value and name != "title"}
    record("entered", made, by=by, after=told)
    return made


@transaction.atomic
def edit_incident(incident: Incident, facts: Facts, *, by: Actor, version: int | None = None) -> bool:
    """Correct an incident; False if that changes nothing. Raises IncidentRefused, Conflict."""
    differs = _correct(incident, facts, version, by)
    if differs:
        tell([incident.pk], by=by)
    return differs


def _correct(incident: Incident, facts: Facts, version: int | None, by: Actor) -> bool:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    check_times(facts.started_at, facts.ended_at, timezone.now(), locked.started_at)
    check_version(locked, version)
    before = values_of(locked, FIELDS)
    for name, value in _values(facts).items():
        setattr(locked, name, value)
    after = values_of(locked, FIELDS)
    if before == after:
        return False
    locked.version += 1
    locked.save()
    record("changed", locked, by=by, before=before, after=after)
    return True


@transaction.atomic
def end_incident(
    incident: Incident, *, by: Actor, ended_at: datetime, version: int | None = None
) -> Incident:
    """Say when it ended. Raises IncidentRefused, and Conflict if it has ended already."""
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    check_version(locked, version)
    if locked.ended_at is not None:
        raise Conflict("Somebody has said already when this ended. Edit it to correct that.")
    check_times(locked.started_at, ended_at, timezone.now(), locked.started_at)
    locked.ended_at, locked.version = ended_at, locked.version + 1
    locked.save()
    record("ended", locked, by=by, after={"ended_at": ended_at})
    tell([locked.pk], by=by)
    return locked


@transaction.atomic
def put_incident(facts: Facts, external_id: str, *, by: Actor) -> tuple[Incident, str]:
    """Enter an incident of a program, or change the one it sent before: "accepted", "updated", "duplicate".

    A program sends many in a call: what was not a duplicate is to be told with `tell`, once for all, in the
    same transaction. Raises IncidentRefused.
    """
    found = Incident.objects.filter(external_id=external_id).first()
    if found is None:
        try:
            with transaction.atomic():
                return _enter(facts, external_id, by), "accepted"
        except IntegrityError:
            # Sent twice at the same time.
            found = Incident.objects.get(external_id=external_id)
    return found, "updated" if _correct(found, facts, None, by) else "duplicate"


def _values(facts: Facts) -> dict[str, Any]:
    return {**asdict(facts), "features": list(facts.features)}


def tell(incident_ids: Sequence[int], *, by: Actor) -> None:
    """Announce "incidents.changed": who listens looks at all accounts, so once for many incidents."""
    if incident_ids:
        announce("incidents.changed", by=by, incident_ids=list(incident_ids))
