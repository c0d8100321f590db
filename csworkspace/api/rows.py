"""Calls that bring rows: each is read by itself, so that one bad row is one, and gets its own answer."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from csworkspace.api.bodies import TooBig, decode_body, json_answer, read_body
from csworkspace.audit.actor import Actor
from csworkspace.web.texts import clean_line as clean_line
from csworkspace.web.texts import clean_text as clean_text

MOST_ROWS = 500
PLACE = re.compile(r" - at `\$\.(\w+)[^`]*`$")
NAMED = re.compile(r"(?:required|unknown) field `(\w+)`")
ENVELOPE = msgspec.json.Decoder(dict[str, list[msgspec.Raw]])
LINK = forms.URLField(required=False, assume_scheme="https")
T = TypeVar("T", bound=msgspec.Struct)


class RowRefused(ValueError):
    """Why a row is not taken. `field`: what is wrong in it; "" for the whole row."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class RowAnswer(msgspec.Struct, omit_defaults=True):
    """What became of one row; `index` is its place in the call."""

    index: int
    status: str
    id: int | None = None
    field: str = ""
    reason: str = ""


class RowsAnswer(msgspec.Struct):
    """What became of a call: how many rows had which status, and each of them."""

    read: int
    accepted: int
    updated: int
    duplicates: int
    rejected: int
    results: list[RowAnswer]


def answer_call(
    request: Request,
    name: str,
    form: str,
    decoder: msgspec.json.Decoder[T],
    take: Callable[..., list[RowAnswer]],
) -> HttpResponse:
    """The answer to a body {name: [...]}; the good rows go to `take(rows, by=…)`, see `answer_rows`."""
    by: Actor = request._request.actor  # type: ignore[attr-defined]
    rows = read_rows(request, name, form)
    return json_answer(answer_rows(rows, decoder, lambda good: take(good, by=by)))


def read_rows(request: Request, name: str, form: str) -> list[msgspec.Raw]:
    """The rows of a body {name: [...]}. Raises ParseError (400) or TooBig (413); nothing is stored then."""
    body = decode_body(ENVELOPE, read_body(request), form)
    if set(body) != {name}:
        raise ParseError(f"The body has to have the one field “{name}”. Send {form}.")
    rows: list[msgspec.Raw] = body[name]
    if len(rows) > MOST_ROWS:
        raise TooBig(f"{len(rows):,} rows are too many at once; send at most {MOST_ROWS:,}.")
    return rows


def read_row(decoder: msgspec.json.Decoder[T], raw: msgspec.Raw) -> T:
    """One row. Raises RowRefused that names the field."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        text = str(error)
        place = PLACE.search(text) or NAMED.search(text)
        field = place[1] if place else ""
        raise RowRefused(field, PLACE.sub("", text).replace("`", "") + ".") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RowRefused("", f"The row cannot be read: {error}.") from None


def answer_rows(
    raws: Sequence[msgspec.Raw], decoder: msgspec.json.Decoder[T], take: Callable[[list[T]], list[RowAnswer]]
) -> RowsAnswer:
    """Read all rows, give the good ones to `take`, and put the answers together in the order of the call.

    `take` answers each row that it gets, in order; their indexes are set here.
    """
    results: list[RowAnswer] = []
    good: list[tuple[int, T]] = []
    for index, raw in enumerate(raws):
        try:
            good.append((index, read_row(decoder, raw)))
        except RowRefused as refused:
            results.append(rejected(refused, index))
    for (index, _), answer in zip(good, take([row for _, row in good]), strict=True):
        answer.index = index
        results.append(answer)
    results.sort(key=lambda one: one.index)
    return counted(results)


def rejected(refused: RowRefused, index: int = 0) -> RowAnswer:
    """The answer to a row that is not taken."""
    return RowAnswer(index, "rejected", field=refused.field, reason=str(refused))


def counted(results: list[RowAnswer]) -> RowsAnswer:
    """The answers with their counts."""
    by_status = {status: sum(one.status == status for one in results) for status in STATUSES}
    return RowsAnswer(
        read=len(results),
        accepted=by_status["accepted"],
        updated=by_status["updated"],
        duplicates=by_status["duplicate"],
        rejected=by_status["rejected"],
        results=results,
    )


STATUSES = ("accepted", "updated", "duplicate", "rejected")


def web_link(field: str, text: str) -> str:
    """The address of a web page, checked as the forms do; may be empty. Raises RowRefused."""
    try:
        link: str = LINK.clean(text)
    except ValidationError:
        link = "no address"
    if link and not link.lower().startswith(("http://", "https://")):
        raise RowRefused(field, "It is no address of a web page, beginning with https://.")
    return link


def needed_line(field: str, text: str) -> str:
    """One line that says something. Raises RowRefused."""
    line = clean_line(text)
    if not line:
        raise RowRefused(field, "It is empty.")
    return line
