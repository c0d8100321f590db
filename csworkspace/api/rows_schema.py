"""How calls that bring rows appear in the OpenAPI description."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from csworkspace.api.rows import STATUSES


class RowResultForm(serializers.Serializer[Any]):
    """What became of one row."""

    index = serializers.IntegerField(help_text="The row's place in the call, from 0.")
    status = serializers.ChoiceField(choices=list(STATUSES))
    id = serializers.IntegerField(required=False, help_text="Ours, of what was stored.")
    field = serializers.CharField(required=False, help_text="Of a rejected row; empty for the whole row.")
    reason = serializers.CharField(required=False, help_text="Why the row was rejected.")


class RowsAnswerForm(serializers.Serializer[Any]):
    """The answer: counts, and one result per row in the order of the call."""

    read = serializers.IntegerField()
    accepted = serializers.IntegerField()
    updated = serializers.IntegerField()
    duplicates = serializers.IntegerField(help_text="Rows whose external_id was sent before.")
    rejected = serializers.IntegerField()
    results = RowResultForm(many=True)


class RowsProblemForm(serializers.Serializer[Any]):
    """Why a call was refused as a whole."""

    detail = serializers.CharField()


def responses(what: str) -> dict[int, Any]:
    """The answers that all such calls share."""
    return {
        200: RowsAnswerForm,
        400: OpenApiResponse(RowsProblemForm, "The body is not JSON of this form; nothing was stored."),
        401: OpenApiResponse(RowsProblemForm, "No key, or an unknown or revoked one."),
        413: OpenApiResponse(RowsProblemForm, f"Too many {what} or bytes at once; nothing was stored."),
    }
