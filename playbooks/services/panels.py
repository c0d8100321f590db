"""Services in the margin of an account's overview."""

from typing import Any

from django.db.models import Q

from csworkspace.web.urls import workspace_url
from playbooks.services.account_pages import kept_words
from playbooks.services.clock import clock_of
from playbooks.services.lists import RELATED, row_of
from playbooks.services.models import ServiceOccurrence
from playbooks.services.pages import percent_text
from playbooks.services.queries import with_status
from playbooks.services.status import DELIVERED, TO_DO, Attainment, OccurrenceStatus
from playbooks.services.windows import Window, four_quarters

SHOWN, MOST = 3, 1000


def services_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """What is late and next, what was kept of four quarters, and the latest deliveries; one query."""
    clock = clock_of(request.workspace)
    window = four_quarters(clock.today)
    rows = ServiceOccurrence.objects.filter(account_id=account.pk)
    rows = rows.filter(Q(due_on__gte=window.since) | Q(delivered_on=None, waived_at=None))
    standing = with_status(clock.today, clock.now, rows).select_related(*RELATED)
    found: list[Any] = list(standing.order_by("due_on", "pk")[:MOST])
    if not found:
        return None
    kept = _kept(found, window)
    to_do = [one for one in found if one.status in TO_DO]
    delivered = sorted((one for one in found if one.status in DELIVERED), key=lambda one: one.delivered_on)
    return {
        "to_do": [row_of(one, clock) for one in to_do[:SHOWN]],
        "late": sum(one.status == OccurrenceStatus.LATE for one in to_do),
        "percent": percent_text(kept.percent),
        "kept": kept_words(kept),
        "delivered": [row_of(one, clock) for one in delivered[: -SHOWN - 1 : -1]],
        "url": workspace_url(request, "account_services", account.pk),
    }


def _kept(found: list[Any], window: Window) -> Attainment:
    counted = dict.fromkeys(OccurrenceStatus.values, 0)
    for one in found:
        if window.since <= one.due_on <= window.until:
            counted[one.status] += 1
    return Attainment(**counted)
