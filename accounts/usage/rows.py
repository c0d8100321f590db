"""One usage event as it arrives: decoded, checked and brought into our form. No database here."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import msgspec

from accounts.accounts.domains import DomainError, normalise_domain
from accounts.usage.mapping import FIELDS

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=2)
BEYOND = 10**12  # what numeric(18, 6) cannot hold any more
MILLIONTH = Decimal("0.000001")
LIMITS = {
    "event_id": 200,
    "account": 253,
    "user_email": 254,
    "user_name": 200,
    "feature": 200,
}
NUMBER_OR_TEXT = str | int | None
TYPES: dict[str, Any] = {
    "event_id": NUMBER_OR_TEXT,
    "account": NUMBER_OR_TEXT,
    "user_email": NUMBER_OR_TEXT,
    "quantity": Any,
}


class BadRow(ValueError):
    """A row that is not accepted: which of our fields ("" for the whole row), and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}".strip())
        self.field, self.reason = field, reason


class Fact(NamedTuple):
    """A checked event, in the order of the columns of the incoming table.

    row: its number in the source. Times are ISO 8601 in UTC, year first; quantity is
    an int or a Decimal of at most six places.
    """

    row: int
    event_id: str
    account_key: str
    user_key: str
    user_name: str
    feature: str
    quantity: int | Decimal
    occurred_at: str
    received_at: str


def row_type(mapping: Mapping[str, str]) -> Any:
    """A struct with our field names, read from the source's names."""
    fields = [(name, TYPES.get(name, str | None), None) for name in FIELDS]
    return msgspec.defstruct("Row", fields, rename=dict(mapping), gc=False)


def json_decoder(mapping: Mapping[str, str]) -> Callable[[bytes], Any]:
    """A function from one JSON object's text to a row. It raises BadRow."""
    decode = msgspec.json.Decoder(row_type(mapping), float_hook=Decimal).decode
    ours = {theirs: name for name, theirs in mapping.items()}

    def decode_row(line: bytes) -> Any:
        try:
            return decode(line)
        except msgspec.ValidationError as error:
            raise _wrong_type(str(error), ours) from None
        except UnicodeDecodeError:
            raise BadRow("", "is not valid UTF-8; save the source as UTF-8") from None
        except RecursionError:
            raise BadRow("", "is nested too deeply; one flat JSON object a row is expected") from None
        except (msgspec.DecodeError, InvalidOperation) as error:
            raise BadRow("", f"is not JSON ({str(error)[:120]}); one object a line is expected") from None

    return decode_row


def _wrong_type(message: str, ours: Mapping[str, str]) -> BadRow:
    what, _, path = message.partition(" - at `$.")
    field = ours.get(path.rstrip("`"), "")
    what = what.replace("`", "").replace(" | null", "").replace("str", "text").replace("int | text", "text")
    what = what.replace("object", "one JSON object")
    return BadRow(field, f"has the wrong type ({what[:1].lower()}{what[1:120]})")


def check(row: Any, number: int, now: datetime) -> Fact:
    """Bring a row (any object with our fields as attributes) into our form. Raises BadRow."""
    event_id = _required(row.event_id, "event_id")
    occurred_at = _moment(row.occurred_at, "occurred_at", now)
    email = row.user_email
    # Lower case first: it can be longer, "İ" becomes two characters.
    user_key = _required(email.lower() if type(email) is str else email, "user_email")
    return Fact(
        number,
        event_id,
        _account_key(row.account, user_key),
        user_key,
        _text(row.user_name, "user_name"),
        _required(row.feature, "feature"),
        1 if row.quantity is None else _quantity(row.quantity),
        occurred_at,
        _received(row, occurred_at, now),
    )


def _required(value: Any, field: str) -> str:
    text = _text(value, field)
    if not text:
        raise BadRow(field, "is missing; every event needs one")
    return text


def _text(value: Any, field: str) -> str:
    if value is None:
        return ""
    text = (value if type(value) is str else str(value)).strip()
    if len(text) > LIMITS[field]:
        raise BadRow(field, f"has {len(text):,} characters; at most {LIMITS[field]} are kept")
    if "\x00" in text:
        raise BadRow(field, "contains a NUL byte; remove it")
    return text


def _moment(text: str | None, field: str, now: datetime) -> str:
    """A time in UTC; without an offset it is taken as UTC."""
    if not text:
        raise BadRow(field, "is missing; every event needs one")
    try:
        at = datetime.fromisoformat(text.strip())
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at if at.tzinfo is UTC else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(field, f"“{shown(text)}” is not a time; write 2026-03-14T09:05:00Z") from None
    if at < EARLIEST:
        raise BadRow(field, f"“{shown(text)}” is before the year 2000")
    if at > now + AHEAD:
        raise BadRow(field, f"“{shown(text)}” is more than two days in the future")
    # The common form is passed on as it is; writing a time costs more than reading it.
    return text if len(text) == 20 and _usual(text) else at.isoformat()


def _usual(text: str) -> bool:
    """Whether a valid time of 20 characters is written as 2026-03-14T09:05:00Z."""
    return text[4] == text[7] == "-" and text[10] == "T" and text[13] == text[16] == ":" and text[19] == "Z"


def _received(row: Any, occurred_at: str, now: datetime) -> str:
    """When the source got the event: what it says (clocks differ, so even before it happened), or now."""
    if not row.received_at:
        return now.isoformat()
    return occurred_at if row.received_at == row.occurred_at else _moment(row.received_at, "received_at", now)


def _account_key(account: Any, user_key: str) -> str:
    """What the event says of its account; an explicit account outweighs the e-mail address."""
    explicit = _text(account, "account")
    if explicit:
        return "id:" + explicit
    _, at, domain = user_key.rpartition("@")
    if not at or not domain:
        return "user:" + user_key
    return "domain:" + (domain if domain.isascii() else _plain_domain(domain))


def _plain_domain(domain: str) -> str:
    try:
        plain = normalise_domain(domain)
    except DomainError:
        return domain
    return plain if len(plain) <= LIMITS["user_email"] else domain


def _quantity(value: Any) -> int | Decimal:
    """How much, exact to six decimal places."""
    if type(value) is int:
        return value if 0 <= value < BEYOND else _out_of_range(value)
    if type(value) is str:
        if not value.strip():
            return 1
        value = _decimal(value)
    if type(value) is not Decimal or not value.is_finite():
        raise BadRow("quantity", f"“{shown(str(value))}” is not a number")
    if not 0 <= value < BEYOND:
        return _out_of_range(value)
    exact = value.quantize(MILLIONTH)
    return exact if exact < BEYOND else _out_of_range(value)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip() if len(text) <= 100 else "long")
    except InvalidOperation:
        raise BadRow("quantity", f"“{shown(text)}” is not a number; write it like 12.5") from None


def _out_of_range(value: int | Decimal) -> int:
    if value < 0:
        raise BadRow("quantity", f"{shown(str(value))} is negative; an event cannot be taken back")
    raise BadRow("quantity", f"{shown(str(value))} is too large; it must be below 1,000,000,000,000")


def shown(text: str) -> str:
    """A short, printable form of a hostile text for messages."""
    return re.sub(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\uffff]", "\ufffd", text[:60])
