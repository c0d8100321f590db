"""The rows of a version; which versions there may be is decided by the action."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils import timezone

from accounts.tiers.models import ServiceLevel, Tier, TierVersion
from accounts.tiers.terms import Terms
from csworkspace.audit.actor import Actor


def write_version(
    tier: Tier, newest: TierVersion | None, by: Actor, starts_on: date, note: str
) -> TierVersion:
    """A new version with the next number, or the newest one emptied when it begins on the same day."""
    if newest and newest.starts_on == starts_on:
        newest.levels.all().delete()
        newest.note, newest.actor, newest.created_at = note[:300], by.label[:160], timezone.now()
        newest.save(update_fields=["note", "actor", "created_at"])
        return newest
    number = (tier.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return TierVersion.objects.create(
        tier=tier, number=number, starts_on=starts_on, note=note[:300], actor=by.label[:160]
    )


def write_levels(version: TierVersion, terms: Sequence[Terms]) -> None:
    """The service levels of a version, in one statement."""
    ServiceLevel.objects.bulk_create(
        ServiceLevel(
            version=version,
            service_id=one.service_id,
            times=one.times,
            per=one.per,
            hours=one.hours,
            delivered_by=one.delivered_by,
            grace_days=one.grace_days,
            response_hours=one.response_hours,
        )
        for one in terms
    )
