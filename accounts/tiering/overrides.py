"""Other terms of one service for one account: adding and ending them."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.accounts.models import Account
from accounts.accounts.settling import settle_accounts
from accounts.changes.actions import lock_accounts
from accounts.tiering.models import ServiceOverride
from accounts.tiers.models import Service, ServiceKind
from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from csworkspace.web import times

FIELDS = (
    "service",
    "is_owed",
    "times",
    "per",
    "hours",
    "delivered_by",
    "grace_days",
    "response_hours",
    "starts_on",
    "ends_on",
    "reason",
)


class OverrideRefused(ValueError):
    """Terms that cannot be; the text says why and what to do."""


@transaction.atomic
def add_override(
    account: Account, *, by: Actor, service: Service, starts_on: date, ends_on: date | None, **terms: Any
) -> ServiceOverride:
    """Give an account its own terms of a service, for some time or until they are ended.

    `terms` are the other names of FIELDS; only a response time keeps its response hours.
    Raises OverrideRefused if the service has its own terms then.
    """
    if service.kind != ServiceKind.RESPONSE:
        terms["response_hours"] = None
    lock_accounts([account.pk])
    refuse_overlap(account, service, starts_on, ends_on)
    override = ServiceOverride.objects.create(
        account=account,
        service=service,
        starts_on=starts_on,
        ends_on=ends_on,
        actor=by.label[:160],
        **terms,
    )
    after = {**values_of(override, FIELDS), "service": service.name}
    record("agreed other terms", account, by=by, after=after)
    settle_accounts([account.pk], by=by)
    return override


def refuse_overlap(account: Account, service: Service, starts_on: date, ends_on: date | None) -> None:
    """Raise OverrideRefused if terms of the same service are in effect on one of the days."""
    others = ServiceOverride.objects.filter(account=account, service=service)
    others = others.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on:
        others = others.filter(starts_on__lte=ends_on)
    other = others.order_by("starts_on").first()
    if other:
        raise OverrideRefused(
            f"{service.name} has its own terms {span_in_words(other)} already. End those first, or choose "
            "other days."
        )


def span_in_words(override: ServiceOverride) -> str:
    """ "from 1 Mar 2026" or "from 1 Mar to 31 May 2026"."""
    if override.ends_on is None:
        return f"from {times.day(override.starts_on)}"
    return f"from {times.day(override.starts_on)} to {times.day(override.ends_on)}"


def check_end(override: ServiceOverride, on: date, today: date) -> None:
    """Raise OverrideRefused when terms that have begun would end before yesterday."""
    yesterday = today - timedelta(days=1)
    if override.starts_on <= today and on < yesterday:
        raise OverrideRefused(
            f"These terms hold since {times.day(override.starts_on)}, and what was owed stays as it was. "
            f"Choose {times.day(yesterday)} or a later day."
        )


@transaction.atomic
def end_override(override: ServiceOverride, *, by: Actor, on: date) -> bool:
    """Let terms hold until a day. False: they end earlier already.

    What has not begun by today is removed if it would end before it begins. What has begun ends yesterday
    at the earliest: what was owed before stays as it was. Raises OverrideRefused.
    """
    lock_accounts([override.account_id])
    current = ServiceOverride.objects.select_related("service", "account").filter(pk=override.pk).first()
    if current is None or (current.ends_on and current.ends_on <= on):
        return False
    check_end(current, on, today())
    before = {"service": current.service.name, "ends": times.day(current.ends_on)}
    after = {"service": current.service.name, "ends": times.day(on)}
    if current.starts_on > on:
        current.delete()
    else:
        current.ends_on = on
        current.save(update_fields=["ends_on"])
    record("ended other terms", current.account, by=by, before=before, after=after)
    settle_accounts([current.account_id], by=by)
    return True
