"""Service tiers and the catalogue of services: every change to them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from accounts.tiers.checks import (
    FIELDS,
    SERVICE_FIELDS,
    TermsRefused,
    TierInUse,
    TierRefused,
    check_start,
    clean_fields,
    fitted,
)
from accounts.tiers.models import Service, ServiceKind, Tier, TierVersion
from accounts.tiers.ordering import arrange, lock_catalogue, lock_service, lock_tiers, place_for
from accounts.tiers.queries import (
    coming_accounts,
    is_promised,
    levels_of,
    newest_version,
    own_terms_of,
    users_of,
)
from accounts.tiers.starting import Planned, coming_order, find_template, plan_template
from accounts.tiers.templates import ReadyLevel
from accounts.tiers.terms import Terms, words_by_service
from accounts.tiers.writing import write_levels, write_version
from csworkspace.audit import actions as audit
from csworkspace.audit.actor import SYSTEM, Actor
from csworkspace.events.registry import announce
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.versions import check_version


@transaction.atomic
def add_tier(*, by: Actor, name: str, description: str = "", **fields: Any) -> Tier:
    """Add a tier below the others; a retired one of that name comes back. Raises TierRefused.

    A tier that takes everybody else stays below it: nobody would be left for the new one.
    `fields` are further ones of FIELDS.
    """
    in_use = lock_tiers()
    tier = Tier.objects.filter(name__iexact=name).first() or Tier(name=name)
    if tier.pk and tier.retired_at is None:
        raise TierRefused(f"There is a tier {tier.name} already.", "name")
    verb = "brought back" if tier.pk else "added"
    for field, value in clean_fields(tier, {"description": description, **fields}).items():
        setattr(tier, field, value)
    tier.retired_at = None
    tier.version += 1 if tier.pk else 0
    tier.position = (Tier.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    tier.save()
    in_use.insert(place_for(tier.entry, in_use), tier)
    arrange([other.pk for other in in_use])
    tier.refresh_from_db(fields=["position"])
    audit.record(verb, tier, by=by, after=audit.values_of(tier, ["name", "position", *FIELDS[1:]]))
    return tier


@transaction.atomic
def edit_tier(tier: Tier, *, by: Actor, version: int | None = None, **fields: Any) -> Tier:
    """Change what a tier is: any of FIELDS. Raises TierRefused, and Conflict if it is not at `version`."""
    lock_tiers()
    tier = _lock_tier(tier, version)
    before = audit.values_of(tier, FIELDS)
    for field, value in clean_fields(tier, fields).items():
        setattr(tier, field, value)
    if Tier.objects.filter(name__iexact=tier.name).exclude(pk=tier.pk).exists():
        raise TierRefused(f"There is, or was, another tier {tier.name}. Choose another name.", "name")
    after = audit.values_of(tier, FIELDS)
    if before != after:
        tier.version += 1
        tier.save()
        audit.record("edited", tier, by=by, before=before, after=after)
    return tier


def _lock_tier(tier: Tier, version: int | None = None) -> Tier:
    locked = Tier.objects.select_for_update().get(pk=tier.pk)
    check_version(locked, version)
    if locked.retired_at:
        raise TierRefused(f"{locked.name} is retired. Add it again to bring it back.")
    return locked


def _lock_services(ids: Sequence[int]) -> dict[int, Service]:
    # So that none of them is retired meanwhile.
    return Service.objects.order_by("pk").select_for_update(no_key=True).in_bulk(ids)


@transaction.atomic
def move_tier(tier: Tier, *, by: Actor, up: bool) -> bool:
    """Swap a tier with the one above or below it; False at the end of the list."""
    order = [other.pk for other in lock_tiers()]
    at = order.index(tier.pk) if tier.pk in order else -1
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(order):
        return False
    order[at], order[to] = order[to], order[at]
    arrange(order)
    audit.record("moved", tier, by=by, before={"position": at + 1}, after={"position": to + 1})
    return True


@transaction.atomic
def remove_tier(tier: Tier, *, by: Actor, version: int | None = None) -> bool:
    """Delete a tier that was never used, retire one that has a history; whether it was deleted.

    Raises TierInUse while accounts are in it, or are planned to come into it, and Conflict if it is
    not at `version`.
    """
    others = [other.pk for other in lock_tiers() if other.pk != tier.pk]
    tier = _lock_tier(tier, version)
    if count := tier.accounts.count():
        raise TierInUse(f"{tier.name} has {plural(count, 'account')}. Move them to another tier first.")
    if count := coming_accounts(tier, today()):
        raise TierInUse(
            f"{plural(count, 'account')} will move into {tier.name} later. Cancel these moves first."
        )
    pk, deleted = tier.pk, True
    try:
        tier.delete()
        tier.pk = pk
    except ProtectedError:
        # Placements and services owed keep its name; it is only hidden from choices.
        deleted = False
        tier.retired_at = timezone.now()
        tier.version += 1
        tier.save()
    arrange(others)
    audit.record("deleted" if deleted else "retired", tier, by=by)
    return deleted


@transaction.atomic
def set_terms(
    tier: Tier,
    *,
    by: Actor,
    starts_on: date,
    terms: Sequence[Terms],
    note: str = "",
    version: int | None = None,
) -> TierVersion:
    """Promise other terms from a day on, as a new version of the tier.

    On the day on which the newest version begins, if that is today or later, its terms are
    replaced. Terms that differ in nothing from the newest change nothing, and it is returned.
    Raises TermsRefused, and Conflict if the tier is not at `version`.
    """
    locked = _lock_tier(tier, version)
    newest = newest_version(locked)
    terms = fitted(terms, _lock_services([one.service_id for one in terms]))
    check_start(newest, starts_on, today())
    if newest is None and not terms:
        raise TermsRefused("Promise at least one service.")
    before = levels_of(newest) if newest else []
    keeps_note = newest is None or newest.starts_on != starts_on or newest.note == note[:300]
    if newest and keeps_note and words_by_service(before) == words_by_service(terms):
        return newest
    made = write_version(locked, newest, by, starts_on, note)
    write_levels(made, terms)
    locked.version += 1
    locked.save(update_fields=["version"])
    tier.version = locked.version
    after = {"From": times.day(starts_on), **words_by_service(terms)}
    audit.record("changed the service levels of", locked, by=by, before=words_by_service(before), after=after)
    announce("tiers.changed", by=by, tier_id=locked.pk)
    return made


@transaction.atomic
def remove_version(version: TierVersion, *, by: Actor) -> None:
    """Give up a planned change of terms. Raises TermsRefused once it has begun."""
    tier = _lock_tier(version.tier)
    if version.starts_on <= today():
        raise TermsRefused(
            f"Version {version.number} holds since {times.day(version.starts_on)}, and what was owed "
            f"stays as it was. Set other service levels from a later day on."
        )
    planned = {"From": times.day(version.starts_on), **words_by_service(levels_of(version))}
    version.delete()
    tier.version += 1
    tier.save(update_fields=["version"])
    audit.record("gave up planned service levels of", tier, by=by, before=planned)
    announce("tiers.changed", by=by, tier_id=tier.pk)


@transaction.atomic
def add_service(*, by: Actor, name: str, kind: str = ServiceKind.OTHER, description: str = "") -> Service:
    """Add a service to the catalogue; a retired one of that name comes back. Raises TierRefused."""
    lock_catalogue()
    service = Service.objects.filter(name__iexact=name).first() or Service(name=name)
    if service.pk and service.retired_at is None:
        raise TierRefused(f"There is a service {service.name} already.", "name")
    verb = "brought back" if service.pk else "added"
    service.kind, service.description, service.retired_at = kind, description, None
    service.save()
    audit.record(verb, service, by=by, after=audit.values_of(service, SERVICE_FIELDS))
    return service


@transaction.atomic
def edit_service(
    service: Service, *, by: Actor, name: str, kind: str, description: str = "",
    seen: Sequence[str] | None = None,
) -> Service:  # fmt: skip
    """Change a service's name, kind and description, wherever it is promised.

    Raises TierRefused, and Conflict if its values are not the `seen` ones any more.
    """
    service = lock_service(service, seen)
    if Service.objects.filter(name__iexact=name).exclude(pk=service.pk).exists():
        raise TierRefused(f"There is, or was, another service {name}. Choose another name.", "name")
    if (
        kind != service.kind
        and ServiceKind.RESPONSE in (kind, service.kind)
        and is_promised(service, today())
    ):
        raise TierRefused("Response times are counted otherwise: add a new service instead.", "kind")
    before = audit.values_of(service, SERVICE_FIELDS)
    service.name, service.kind, service.description = name, kind, description
    service.save(update_fields=SERVICE_FIELDS)
    after = audit.values_of(service, SERVICE_FIELDS)
    if before != after:
        audit.record("edited", service, by=by, before=before, after=after)
    return service


@transaction.atomic
def retire_service(service: Service, *, by: Actor) -> None:
    """Take a service out of the choices; its history stays. Raises TierRefused while it is promised."""
    _lock_services([service.pk])
    users = users_of(today(), [service.pk]).get(service.pk, [])
    if own := own_terms_of(today()).get(service.pk):
        users.append(f"{plural(own, 'account')} with terms of {'its' if own == 1 else 'their'} own")
    if users:
        raise TierRefused(f"{service.name} is promised by {', '.join(users)}. Take it out there first.")
    service.retired_at = timezone.now()
    service.save(update_fields=["retired_at"])
    audit.record("retired", service, by=by)


def ensure_service(name: str, kind: str, *, by: Actor = SYSTEM) -> Service:
    """The service of this name, whatever its case; added, or brought back, when it is not in use."""
    found = Service.objects.filter(name__iexact=name, retired_at=None).first()
    return found or add_service(by=by, name=name, kind=kind)


@transaction.atomic
def apply_template(key: str, *, by: Actor, starts_on: date) -> list[Tier]:
    """Make the tiers, services and first versions of a ready set; the tiers that were made or completed.

    A tier of the same name that promises nothing yet gets the service levels; one that does stays
    as it is, so that a second time changes nothing. Raises TierRefused, TermsRefused.
    """
    # Both at once, before single services are locked: so that nobody waits in a circle.
    in_use = lock_tiers()
    lock_catalogue()
    template = find_template(key)
    plan = plan_template(template)
    order = coming_order(in_use, plan)
    note = f"From the template “{template.name}”."
    placed = [(one, _start(one, by, starts_on, note)) for one in plan]
    made = {tier.name.casefold(): tier.pk for tier in lock_tiers()}
    arrange([made[one.name.casefold()] for one in order])
    return [tier for one, tier in placed if one.is_new or not one.is_kept]


def _start(planned: Planned, by: Actor, starts_on: date, note: str) -> Tier:
    """One tier of a template. What nobody edited since it was made gets the template's looks too."""
    ready, tier = planned.ready, planned.tier
    looks = {name: getattr(ready, name) for name in FIELDS[1:]}
    if tier is None or planned.is_new:
        tier = add_tier(by=by, name=ready.name, **looks)
    elif planned.takes_looks:
        tier = edit_tier(tier, by=by, **{**looks, "description": tier.description or ready.description})
    if not planned.is_kept:
        set_terms(
            tier, by=by, starts_on=starts_on, terms=[_terms(one, by) for one in ready.levels], note=note
        )
    return tier


def _terms(level: ReadyLevel, by: Actor) -> Terms:
    service = ensure_service(level.service, level.kind, by=by)
    values = {name: value for name, value in vars(level).items() if name not in ("service", "kind")}
    return Terms(service_id=service.pk, service=service.name, kind=service.kind, **values)
