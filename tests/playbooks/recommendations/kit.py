"""Recommendations and usage for their tests."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.usage.models import Event
from playbooks.recommendations.actions import Advice, make_recommendation
from playbooks.recommendations.models import Recommendation
from tests.kit import BY


def advise(account: Any, title: str = "Let rules plan visits", **fields: Any) -> Recommendation:
    """An open recommendation that was shared ten days ago."""
    made = make_recommendation(account, Advice(title, **fields), by=BY)
    Recommendation.objects.filter(pk=made.pk).update(shared_at=timezone.now() - timedelta(days=10))
    made.refresh_from_db()
    return made


def use(account: Any, feature: str, *, at: datetime, user: str = "ada@acme.example") -> None:
    """One usage event."""
    with connection.cursor() as cursor:
        cursor.execute("select ensure_event_months(%s, %s)", [at.date(), at.date()])
    Event.objects.create(
        batch_id=1,
        account=account,
        account_key="id:x",
        event_id=f"{feature} {at.isoformat()} {user}",
        user_key=user,
        user_name=user,
        feature=feature,
        quantity=1,
        occurred_at=at,
        received_at=at,
        recorded_at=at,
    )
