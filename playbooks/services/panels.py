"""Services in the margin of an account's overview."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from playbooks.services.account_pages import kept_words
from playbooks.services.lists import row_of
from playbooks.services.models import ServiceOccurrence
from playbooks.services.pages import percent_text
from playbooks.services.queries import with_status
from playbooks.services.status import DELIVERED, TO_DO, Attainment, OccurrenceStatus
from playbooks.services.windows import Window, four_quarters

SHOWN, MOST = 3, 1000


def services_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """What is late and next, what was kept of four quarters, and the latest deliveries; one query."""
    today = today_of(request.workspace)
    window = four_quarters(today)
    rows = ServiceOccurrence.objects.filter(account_id=account.pk)
    rows = rows.filter(Q(due_on__gte=window.since) | Q(delivered_on=None, waived_at=None))
    related = ("account", "service", "tier", "owner__user")
    found: list[Any] = list(
        with_status(today, timezone.now(), rows).select_related(*related).order_by("due_on", "pk")[:MOST]
    )
    if not found:
        return None
    kept = _kept(found, window)
    to_do = [one for one in found if one.status in TO_DO]
    delivered = [one for one in reversed(found) if one.status in DELIVERED]
    return {
        "to_do": [row_of(one, today) for one in to_do[:SHOWN]],
        "late": sum(one.status == OccurrenceStatus.LATE for one in to_do),
        "percent": percent_text(kept.percent),
        "kept": kept_words(kept),
        "delivered": [row_of(one, today) for one in delivered[:SHOWN]],
        "url": workspace_url(request, "account_services", account.pk),
    }


def _kept(found: list[Any], window: Window) -> Attainment:
    counted = dict.fromkeys(OccurrenceStatus.values, 0)
    for one in found:
        if window.since <= one.due_on <= window.until:
            counted[one.status] += 1
    return Attainment(**counted)
