"""Whether the parts answer, for load balancers and for start-up."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, JsonResponse

from csworkspace.jobs.pulse import seconds_since_pulse

PULSE_LIMIT = 60


def database_answers() -> bool:
    """Whether PostgreSQL answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def worker_answers() -> bool:
    """Whether a worker has consumed a message, or worked on a long job, within the last minute."""
    return seconds_since_pulse() < PULSE_LIMIT


def healthz(request: HttpRequest) -> JsonResponse:
    """200 if database, broker and worker answer, otherwise 503 and which does not."""
    parts: dict[str, Any] = {"web": True}
    for name, answers in (("database", database_answers), ("worker", worker_answers)):
        try:
            parts[name] = answers()
        except Exception as error:
            parts[name] = f"{type(error).__name__}"
    healthy = all(value is True for value in parts.values())
    return JsonResponse(parts, status=200 if healthy else 503)
