"""Which contacts of an account met an incident."""

from typing import Any

from django.db import connection

from accounts.incidents.models import Incident
from accounts.usage.features import matching

FOUND = """
select distinct identity.contact_id from accounts_event event
join accounts_contactidentity identity on identity.value = event.user_key
where event.account_id = %(account)s and event.occurred_at >= %(since)s
    and event.occurred_at < %(until)s{features}
"""


def exposed_contacts(incident: Incident, account_id: int) -> set[int]:
    """The contacts whose own use of the affected features fell into the incident; one query."""
    names = [str(name) for name in incident.features] if isinstance(incident.features, list) else []
    features, values = matching(names, "event.feature")
    given: dict[str, Any] = {
        **values,
        "account": account_id,
        "since": incident.started_at,
        "until": incident.counts_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(features=features), given)
        return {pk for (pk,) in cursor.fetchall()}
