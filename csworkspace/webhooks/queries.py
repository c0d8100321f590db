"""What the pages of webhooks print."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from csworkspace.web.times import moment, relative_moment
from csworkspace.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint

PAGE = 50
MARKS = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.DELIVERED: "done",
    DeliveryState.FAILED: "failed",
    DeliveryState.CANCELLED: "closed",
}


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery as the page of its endpoint prints it."""

    id: int
    key: str
    state: str
    mark: str
    answer: str
    attempts: int
    age: str
    when: str
    is_failed: bool


def endpoints() -> QuerySet[Any]:
    """All endpoints by name, with how many deliveries failed and how the last one ended; one query."""
    last = WebhookDelivery.objects.filter(endpoint=OuterRef("pk")).order_by("-id").values("state")[:1]
    failed = Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED))
    return WebhookEndpoint.objects.annotate(failed=failed, last=Subquery(last)).order_by("name")


def deliveries_of(endpoint_id: int, zone: str, before: int | None) -> tuple[list[DeliveryRow], int | None]:
    """A page of an endpoint's deliveries, newest first, and the id to go on from; one query."""
    found = WebhookDelivery.objects.filter(endpoint_id=endpoint_id).order_by("-id").defer("payload")
    if before is not None:
        found = found.filter(id__lt=before)
    chosen = list(found[: PAGE + 1])
    rows = [_row(one, zone) for one in chosen[:PAGE]]
    return rows, rows[-1].id if len(chosen) > PAGE else None


def _row(one: WebhookDelivery, zone: str) -> DeliveryRow:
    when = one.delivered_at or one.created_at
    return DeliveryRow(
        id=one.pk,
        key=one.key,
        state=one.get_state_display(),
        mark=MARKS[DeliveryState(one.state)],
        answer=one.answer,
        attempts=one.attempts,
        age=relative_moment(when, timezone.now()),
        when=moment(when, zone),
        is_failed=one.state == DeliveryState.FAILED,
    )
