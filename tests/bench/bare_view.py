"""The product's application with one more address: a view that decodes and COPYs, and nothing else."""

import io
from typing import Any

import msgspec
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from csworkspace.wsgi import application as product

FIELDS = ["event_id", "occurred_at", "received_at", "user_email", "user_name", "feature", "quantity"]
Event = msgspec.defstruct("Event", [(name, int if name == "quantity" else str) for name in FIELDS])
Body = msgspec.defstruct("Body", [("events", list[Event])])  # type: ignore[valid-type]
COPY = (
    "copy bench_event (workspace_id, batch_id, account_id, account_key, event_id, user_key, user_name, "
    "feature, quantity, occurred_at, received_at, recorded_at) from stdin"
)
DECODER: Any = msgspec.json.Decoder(Body)


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """COPY the events and their keys; commit before the answer."""
    workspace = int(request.headers["Authorization"].split("_")[1])
    keys, events = [], []
    for event in DECODER.decode(request.body).events:
        domain = event.user_email.partition("@")[2]
        account = int(domain[1:].split(".")[0]) + 1 if domain != "free.example" else "\\N"
        keys.append(f"{workspace}\t{event.event_id}")
        events.append(
            f"{workspace}\t1\t{account}\tdomain:{domain}\t{event.event_id}\t{event.user_email}\t{event.user_name}"
            f"\t{event.feature}\t{event.quantity}\t{event.occurred_at}\t{event.received_at}\t{event.received_at}"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            "copy bench_key (workspace_id, event_id) from stdin", io.StringIO("\n".join(keys))
        )
        cursor.cursor.copy_expert(COPY, io.StringIO("\n".join(events)))
    return HttpResponse(msgspec.json.encode({"accepted": len(events)}), content_type="application/json")


def _add_route() -> None:
    from csworkspace import urls

    urls.urlpatterns.append(path("bare", bare))


_add_route()
application = product
