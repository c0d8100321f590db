"""How indicators came out."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from playbooks.indicators.models import Indicator, Reading


def active_indicators() -> QuerySet[Indicator]:
    """The indicators that are evaluated, by name."""
    return Indicator.objects.filter(is_active=True, retired_at=None).order_by("name", "pk")


def current_readings(account_ids: Iterable[int]) -> dict[tuple[int, int], Reading]:
    """The present readings, by (account id, indicator id); one query."""
    rows = Reading.objects.filter(account_id__in=account_ids, superseded_at=None)
    return {(row.account_id, row.indicator_id): row for row in rows}


def readings_on(account_ids: Iterable[int], day: date) -> dict[tuple[int, int], Reading]:
    """The readings as they were kept at the end of a day, by (account id, indicator id); one query."""
    rows = (
        Reading.objects.filter(account_id__in=account_ids, day__lte=day)
        .order_by("account_id", "indicator_id", "-id")
        .distinct("account_id", "indicator_id")
    )
    return {(row.account_id, row.indicator_id): row for row in rows}
