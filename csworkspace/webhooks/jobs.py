"""Delivering one message: read, posted outside of a transaction, and marked."""

import json
from typing import Any

from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.models import Workspace
from csworkspace.webhooks.actions import JOB, settle_delivery
from csworkspace.webhooks.models import DeliveryState, WebhookDelivery
from csworkspace.webhooks.transport import Reply, post

# The job's own back-off lies between them: from seconds to nine hours, half a day in all.
ATTEMPTS = 8
STOPPED = Reply(False, "This webhook is switched off.", is_final=True)


class NotTaken(Exception):
    """The other system did not take it this time; the job is tried again later."""


@job(JOB, stepwise=True, background=True, max_attempts=ATTEMPTS)
def deliver(run: Run, delivery_id: int) -> dict[str, Any]:
    """Deliver at least once: the other side knows a repetition by its id."""
    with run.step():
        delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=delivery_id)
        body = body_of(delivery, Workspace.objects.get().slug)
    if delivery.state != DeliveryState.WAITING:
        return {"state": delivery.state}
    endpoint = delivery.endpoint
    headers = {"X-CSW-Delivery": str(delivery.pk)}
    reply = post(endpoint.url, endpoint.secret, body, headers) if endpoint.is_active else STOPPED
    with run.step():
        settled = settle_delivery(
            delivery_id, reply, is_last=run.job.attempts + 1 >= run.job.max_attempts, by=run.by
        )
    if settled.state == DeliveryState.WAITING:
        raise NotTaken(reply.answer)
    return {"state": settled.state}


def body_of(delivery: WebhookDelivery, slug: str) -> bytes:
    """The JSON that is signed and sent; the same at every attempt."""
    message = {
        "id": delivery.pk,
        "key": delivery.key,
        "workspace": slug,
        "made_at": delivery.created_at.isoformat(timespec="seconds"),
        "data": delivery.payload,
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode()
