"""`POST /api/v1/events`: usage events from programs."""

from typing import Any

import msgspec
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.usage.actions import RowResult, figures_of, ingest_events
from csworkspace.api.bodies import TooBig, decode_body, json_answer, read_body
from csworkspace.audit.actor import Actor

MAX_EVENTS = 5_000
FORM = '{"events": [{"event_id": …, "occurred_at": …, "user_email": …, "feature": …}, …]}'


class Envelope(msgspec.Struct):
    """The body: each event stays text until it is decoded by itself, so that one bad row is one."""

    events: list[msgspec.Raw]


class Answer(msgspec.Struct):
    """What became of the call and of each of its rows."""

    batch: int
    read: int
    accepted: int
    duplicates: int
    rejected: int
    unresolved: int
    results: list[RowResult]


ENVELOPE = msgspec.json.Decoder(Envelope)


class EventForm(serializers.Serializer[Any]):
    """One usage event."""

    event_id = serializers.CharField(
        max_length=200,
        help_text="Yours, unique in the workspace for ever. The first version that is accepted counts.",
    )
    occurred_at = serializers.DateTimeField(
        help_text="ISO 8601, 2000-01-01 to two days ahead; without an offset it is UTC."
    )
    received_at = serializers.DateTimeField(
        required=False, help_text="When your system got it; now, if left out. Not compared with occurred_at."
    )
    account = serializers.CharField(
        max_length=253,
        required=False,
        help_text="Your id of the account, or one of its domains; it outweighs the e-mail's domain. If no "
        "account has it, the event waits until one does.",
    )
    user_email = serializers.CharField(
        max_length=254, help_text="E-mail address, or another id of the person; compared in lower case."
    )
    user_name = serializers.CharField(max_length=200, required=False)
    feature = serializers.CharField(max_length=200, help_text="What was used, such as reports.export.")
    quantity = serializers.DecimalField(
        max_digits=18,
        decimal_places=6,
        required=False,
        min_value=0,
        help_text="How much; 1 if left out. Kept to six decimal places, below 1,000,000,000,000.",
    )


class EventsForm(serializers.Serializer[Any]):
    """A call's body."""

    events = serializers.ListField(child=EventForm(), max_length=MAX_EVENTS)


class ResultForm(serializers.Serializer[Any]):
    """What became of one row."""

    index = serializers.IntegerField(help_text="The row's place in the call, from 0.")
    status = serializers.ChoiceField(
        choices=["accepted", "unresolved", "duplicate", "rejected"],
        help_text="unresolved: accepted, and waiting for its account to appear.",
    )
    field = serializers.CharField(required=False, help_text="Of a rejected row; empty for the whole row.")
    reason = serializers.CharField(required=False, help_text="Why the row was rejected.")


class AnswerForm(serializers.Serializer[Any]):
    """The answer: counts, and one result per row in the order of the call."""

    batch = serializers.IntegerField(help_text="The call, as the page of sources shows it.")
    read = serializers.IntegerField()
    accepted = serializers.IntegerField(help_text="New events, the unresolved among them.")
    duplicates = serializers.IntegerField()
    rejected = serializers.IntegerField()
    unresolved = serializers.IntegerField()
    results = ResultForm(many=True)


class ProblemForm(serializers.Serializer[Any]):
    """Why a call was refused as a whole."""

    detail = serializers.CharField()


EXAMPLES = [
    OpenApiExample(
        "Two events",
        request_only=True,
        value={
            "events": [
                {
                    "event_id": "evt-2026-03-14-0001",
                    "occurred_at": "2026-03-14T09:05:00Z",
                    "user_email": "ada@acme.example",
                    "user_name": "Ada Lovelace",
                    "feature": "reports.export",
                    "quantity": 3,
                },
                {
                    "event_id": "evt-2026-03-14-0002",
                    "occurred_at": "2026-03-14T10:07:12+01:00",
                    "account": "acme-42",
                    "user_email": "user-1138",
                    "feature": "reports.view",
                },
            ]
        },
    ),
    OpenApiExample(
        "One was sent before",
        response_only=True,
        status_codes=["200"],
        value={
            "batch": 17,
            "read": 3,
            "accepted": 1,
            "duplicates": 1,
            "rejected": 1,
            "unresolved": 0,
            "results": [
                {"index": 0, "status": "accepted"},
                {"index": 1, "status": "duplicate"},
                {"index": 2, "status": "rejected", "field": "quantity", "reason": "-4 is negative; …"},
            ],
        },
    ),
]


class EventsView(APIView):
    """Takes batches of usage events."""

    @extend_schema(
        operation_id="send_events",
        summary="Send usage events",
        description=(
            f"Takes up to {MAX_EVENTS:,} events. Every good row is stored durably before the answer comes, "
            "whatever the others are like; sending a row again changes nothing. "
            "Values are measured shortly after."
        ),
        tags=["Events"],
        request=EventsForm,
        responses={
            200: AnswerForm,
            400: OpenApiResponse(ProblemForm, "The body is not JSON of this form; nothing was stored."),
            401: OpenApiResponse(ProblemForm, "No key, or an unknown or revoked one."),
            413: OpenApiResponse(ProblemForm, "Too many events or bytes at once; nothing was stored."),
        },
        examples=EXAMPLES,
    )
    def post(self, request: Request) -> Any:
        """Store a call's events, and say of each what became of it."""
        rows = decode_body(ENVELOPE, read_body(request), FORM).events
        if len(rows) > MAX_EVENTS:
            raise TooBig(f"{len(rows):,} events are too many at once; send at most {MAX_EVENTS:,}.")
        batch, results = ingest_events([bytes(row) for row in rows], by=actor_of(request))
        return json_answer(Answer(batch.pk, **vars(figures_of(batch)), results=results))


def actor_of(request: Request) -> Actor:
    """The API key as an actor; authentication has put it there."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor
