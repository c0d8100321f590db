"""`POST /api/v1/incidents`: incidents from programs, such as a status page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.incidents.actions import Facts, IncidentRefused, put_incident, tell
from accounts.incidents.forms import LONGEST_FEATURE, MOST_FEATURES, features_of
from accounts.incidents.models import IncidentImpact
from csworkspace.api.rows import (
    MOST_ROWS,
    RowAnswer,
    RowRefused,
    answer_call,
    needed_line,
    rejected,
    web_link,
)
from csworkspace.api.rows_schema import responses
from csworkspace.audit.actor import Actor
from csworkspace.web.texts import clean_line, clean_text

FORM = '{"incidents": [{"title": …, "impact": …, "started_at": …, "external_id": …}, …]}'
# With an offset: a moment without one could be any of two dozen.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """One incident as it is sent."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    impact: Literal["minor", "major", "outage"]
    started_at: Moment
    external_id: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    ended_at: Moment | None = None
    features: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_FEATURE)]],
        msgspec.Meta(max_length=MOST_FEATURES),
    ] = []
    note: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    link: Annotated[str, msgspec.Meta(max_length=500)] = ""


ROW = msgspec.json.Decoder(Row)


class IncidentRowForm(serializers.Serializer[Any]):
    """One incident."""

    title = serializers.CharField(max_length=200)
    impact = serializers.ChoiceField(choices=IncidentImpact.choices)
    started_at = serializers.DateTimeField(help_text="ISO 8601 with an offset.")
    ended_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Left out while it goes on."
    )
    features = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_FEATURE),
        max_length=MOST_FEATURES,
        required=False,
        help_text="Affected features: names, or prefixes ending in .*; none means the whole product.",
    )
    external_id = serializers.CharField(
        max_length=120, help_text="Yours, unique in the workspace; sent again, the incident is updated."
    )
    note = serializers.CharField(max_length=4000, required=False)
    link = serializers.URLField(max_length=500, required=False)


class IncidentsCallForm(serializers.Serializer[Any]):
    """A call's body."""

    incidents = serializers.ListField(child=IncidentRowForm(), max_length=MOST_ROWS)


class IncidentsView(APIView):
    """Takes batches of incidents."""

    @extend_schema(
        operation_id="send_incidents",
        summary="Send incidents of the service",
        description=f"Takes up to {MOST_ROWS} incidents. One with a known external_id is updated, so that it "
        "can be sent when it begins and again when it has ended.",
        tags=["Signals"],
        request=IncidentsCallForm,
        responses=responses("rows"),
    )
    def post(self, request: Request) -> Any:
        """Store a call's incidents, and say of each what became of it."""
        return answer_call(request, "incidents", FORM, ROW, take)


@transaction.atomic
def take(rows: Sequence[Row], *, by: Actor) -> list[RowAnswer]:
    """Enter or update a call's incidents, and tell of them once."""
    answers = [_take(row, by=by) for row in rows]
    tell(sorted({one.id for one in answers if one.status in ("accepted", "updated") and one.id}), by=by)
    return answers


def _take(row: Row, *, by: Actor) -> RowAnswer:
    try:
        made, status = put_incident(facts_of(row), needed_line("external_id", row.external_id), by=by)
        return RowAnswer(0, status, id=made.pk)
    except IncidentRefused as error:
        return rejected(RowRefused(error.field, str(error)))
    except RowRefused as error:
        return rejected(error)


def facts_of(row: Row) -> Facts:
    """A row as an incident. Raises RowRefused."""
    try:
        # A line break in a name would make two of it.
        features = features_of("\n".join(map(clean_line, row.features)))
    except ValueError as error:
        raise RowRefused("features", str(error)) from None
    return Facts(
        title=needed_line("title", row.title),
        impact=row.impact,
        started_at=row.started_at,
        ended_at=row.ended_at,
        features=features,
        note=clean_text(row.note),
        link=web_link("link", row.link),
    )
