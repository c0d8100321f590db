"""Usage events for the tests of evidence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from accounts.imports.models import Batch
from accounts.usage.models import Event

DAY = date(2026, 6, 30)


@pytest.fixture
def use(here):
    """Insert uses of a feature, so many days before DAY."""
    batch = Batch.objects.create(kind="events", source="test", actor="Test")
    with connection.cursor() as cursor:
        cursor.execute("select ensure_event_months(%s, %s)", [DAY - timedelta(days=200), DAY])

    def insert(account, days, feature="nova.api"):
        for number, at in enumerate(days):
            moment = datetime.combine(DAY - timedelta(days=at), datetime.min.time(), UTC) + timedelta(
                hours=12
            )
            Event.objects.create(
                batch_id=batch.pk,
                account=account,
                account_key="id:x",
                event_id=f"{account.pk}-{feature}-{number}",
                user_key="u",
                user_name="U",
                feature=feature,
                quantity=1,
                occurred_at=moment,
                received_at=moment,
                recorded_at=moment,
            )

    return insert
