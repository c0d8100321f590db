"""Endpoints of other systems, and what is delivered to them."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import UNFINISHED, Job
from csworkspace.web.versions import Conflict
from csworkspace.webhooks.addresses import AddressRefused, read_url
from csworkspace.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from csworkspace.webhooks.transport import Reply

JOB = "webhooks.deliver"
TITLE = "Tell another system"
LOST = "The program stopped before it had been delivered."
# What may be sent again.
OVER = (DeliveryState.FAILED, DeliveryState.CANCELLED)


class EndpointRefused(ValueError):
    """An endpoint that cannot be made or changed as asked; `field` of the form."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class NewSecret:
    """An endpoint, and its secret, which is shown once."""

    endpoint: WebhookEndpoint
    secret: str


def _check_url(url: str) -> str:
    try:
        read_url(url)
    except AddressRefused as error:
        raise EndpointRefused(str(error), "url") from None
    return url


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


@transaction.atomic
def create_endpoint(name: str, url: str, *, by: Actor) -> NewSecret:
    """Make an endpoint. Raises EndpointRefused."""
    endpoint = WebhookEndpoint(name=name, url=_check_url(url), secret=_new_secret(), actor=by.label[:160])
    _save(endpoint)
    record("created", endpoint, by=by, after={"name": name, "url": url})
    return NewSecret(endpoint, endpoint.secret)


@transaction.atomic
def edit_endpoint(
    endpoint: WebhookEndpoint, *, by: Actor, name: str, url: str, is_active: bool
) -> WebhookEndpoint:
    """Change name, address, or whether it is told anything. Raises EndpointRefused."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    before = {"name": locked.name, "url": locked.url, "is_active": locked.is_active}
    locked.name, locked.url, locked.is_active = name, _check_url(url), is_active
    _save(locked)
    after = {"name": name, "url": url, "is_active": is_active}
    if before != after:
        record("changed", locked, by=by, before=before, after=after)
    return locked


def _save(endpoint: WebhookEndpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError:
        raise EndpointRefused(f"Another webhook is called “{endpoint.name}”.", "name") from None


@transaction.atomic
def renew_secret(endpoint: WebhookEndpoint, *, by: Actor) -> NewSecret:
    """A new secret; what leaves from now on is signed with it, also what waited."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.secret = _new_secret()
    locked.save(update_fields=["secret"])
    record("renewed the secret of", locked, by=by)
    return NewSecret(locked, locked.secret)


@transaction.atomic
def send_webhook(endpoint_id: int, key: str, payload: dict[str, Any], by: Actor) -> WebhookDelivery:
    """Write a delivery beside the intent; it leaves after the commit. The same key makes it once."""
    delivery, is_new = WebhookDelivery.objects.get_or_create(
        key=key, defaults={"endpoint_id": endpoint_id, "payload": payload}
    )
    if is_new:
        start_job(JOB, TITLE, by=by, key=f"delivery {delivery.pk}", delivery_id=delivery.pk)
    return delivery


def _lock(delivery_id: int) -> WebhookDelivery:
    return WebhookDelivery.objects.select_for_update().get(pk=delivery_id)


@transaction.atomic
def retry_delivery(delivery: WebhookDelivery, *, by: Actor) -> None:
    """Deliver again what failed or was cancelled. Raises Conflict for any other."""
    locked = _lock(delivery.pk)
    if locked.state not in OVER:
        raise Conflict("Only a failed delivery can be sent again.")
    locked.state, locked.attempts = DeliveryState.WAITING, 0
    locked.save(update_fields=["state", "attempts"])
    # A key of its own: the job that gave up may not have ended yet, and would be taken for this one.
    key = f"delivery {locked.pk} again {secrets.token_hex(4)}"
    start_job(JOB, TITLE, by=by, key=key, delivery_id=locked.pk)


@transaction.atomic
def cancel_delivery(key: str, *, reason: str) -> bool:
    """Do not deliver what waits; False if there is no such delivery or it has ended."""
    locked = WebhookDelivery.objects.select_for_update().filter(key=key, state=DeliveryState.WAITING).first()
    if locked is None:
        return False
    locked.state, locked.answer = DeliveryState.CANCELLED, reason[:500]
    locked.save(update_fields=["state", "answer"])
    return True


@transaction.atomic
def fail_abandoned(*, by: Actor) -> int:
    """Deliveries that wait though no job is at them any more have failed; how many.

    The lock keeps a job that is at work from settling one between the two looks.
    """
    waiting = WebhookDelivery.objects.filter(state=DeliveryState.WAITING).select_for_update(skip_locked=True)
    found = list(waiting.order_by("pk")[:500])
    jobs = Job.objects.filter(kind=JOB, status__in=UNFINISHED) if found else Job.objects.none()
    at_work = set(jobs.values_list("args__delivery_id", flat=True))
    left = [delivery for delivery in found if delivery.pk not in at_work]
    for delivery in left:
        delivery.state, delivery.answer = DeliveryState.FAILED, delivery.answer or LOST
        delivery.save(update_fields=["state", "answer"])
        announce("webhooks.ended", by=by, delivery_id=delivery.pk)
    return len(left)


@transaction.atomic
def settle_delivery(delivery_id: int, reply: Reply, *, is_last: bool, by: Actor) -> WebhookDelivery:
    """Keep what came of an attempt; after the last one the delivery has failed.

    One that was cancelled during the attempt, and taken all the same, has been delivered.
    """
    locked = _lock(delivery_id)
    was_cancelled = locked.state == DeliveryState.CANCELLED and reply.is_taken
    if locked.state != DeliveryState.WAITING and not was_cancelled:
        return locked
    locked.attempts, locked.answer = locked.attempts + 1, reply.answer[:500]
    if reply.is_taken:
        locked.state, locked.delivered_at = DeliveryState.DELIVERED, timezone.now()
    elif is_last or reply.is_final:
        locked.state = DeliveryState.FAILED
    locked.save()
    if locked.state != DeliveryState.WAITING:
        announce("webhooks.ended", by=by, delivery_id=locked.pk)
    return locked
