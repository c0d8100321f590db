"""Reading request bodies, and problems in one form."""

from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request


class TooBig(APIException):
    """The request is larger than what is taken at once."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_big"


def read_body(request: Request) -> bytes:
    """The raw body. Raises TooBig (413)."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    try:
        return request.body
    except RequestDataTooBig:
        raise TooBig(f"The request is larger than {limit:,} bytes; send it in parts.") from None


def decode_body(decoder: msgspec.json.Decoder[Any], body: bytes, form: str) -> Any:
    """The decoded body. Raises ParseError (400) that says what form is expected."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"{error or 'The body is nested too deeply'}. Send {form}.") from None


def json_answer(value: Any) -> HttpResponse:
    """200 with a value that msgspec can encode."""
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")
