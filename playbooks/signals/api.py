"""`POST /api/v1/signals`: signals from programs, such as a billing system or a support desk."""

from typing import Annotated, Any, Literal

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.accounts.naming import accounts_named
from csworkspace.api.rows import (
    MOST_ROWS,
    RowAnswer,
    RowRefused,
    answer_call,
    clean_text,
    needed_line,
    rejected,
)
from csworkspace.api.rows_schema import responses
from csworkspace.audit.actor import Actor
from csworkspace.web.texts import clean_line
from playbooks.indicators.models import Severity, SignalKind
from playbooks.signals.incoming import Incoming, take_signals

FORM = '{"signals": [{"account": …, "kind": …, "title": …, "external_id": …}, …]}'
MOST_NUMBERS = 20
SEVERITIES = {member.name.lower(): member.value for member in Severity}


class Number(msgspec.Struct, forbid_unknown_fields=True):
    """A number behind a signal."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    value: Annotated[str, msgspec.Meta(max_length=120)] | int | float
    unit: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """One signal as it is sent."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    kind: Literal["risk", "opportunity", "incident", "people", "buying", "milestone"]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    external_id: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    severity: Literal["low", "medium", "high"] = "medium"
    note: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    evidence: Annotated[list[Number], msgspec.Meta(max_length=MOST_NUMBERS)] = []


ROW = msgspec.json.Decoder(Row)


class NumberForm(serializers.Serializer[Any]):
    """A number behind a signal."""

    label = serializers.CharField(max_length=120)  # type: ignore[assignment]
    value = serializers.CharField(max_length=120, help_text="A text or a number.")
    unit = serializers.CharField(max_length=40, required=False)


class SignalRowForm(serializers.Serializer[Any]):
    """One signal."""

    account = serializers.CharField(
        max_length=253, help_text="Your id of the account, or one of its domains."
    )
    kind = serializers.ChoiceField(choices=SignalKind.choices)
    title = serializers.CharField(max_length=300, help_text="One sentence that people read.")
    external_id = serializers.CharField(
        max_length=120,
        help_text="Yours, unique in the workspace for ever: sent again, also after it was resolved, it "
        "changes nothing.",
    )
    severity = serializers.ChoiceField(choices=list(SEVERITIES), required=False, default="medium")
    note = serializers.CharField(max_length=4000, required=False)
    evidence = NumberForm(many=True, required=False)


class SignalsCallForm(serializers.Serializer[Any]):
    """A call's body."""

    signals = serializers.ListField(child=SignalRowForm(), max_length=MOST_ROWS)


class SignalsView(APIView):
    """Takes batches of signals."""

    @extend_schema(
        operation_id="send_signals",
        summary="Raise signals",
        description=f"Takes up to {MOST_ROWS} signals; sending one again changes nothing. The owner of the "
        "account is told, and playbooks that wait for such a signal may start.",
        tags=["Signals"],
        request=SignalsCallForm,
        responses=responses("rows"),
    )
    def post(self, request: Request) -> Any:
        """Raise a call's signals, and say of each what became of it."""
        return answer_call(request, "signals", FORM, ROW, take)


def take(rows: list[Row], *, by: Actor) -> list[RowAnswer]:
    """Raise the good ones together; one answer for each, in order."""
    accounts = accounts_named(row.account for row in rows)
    read: list[Incoming | RowRefused] = []
    for row in rows:
        try:
            read.append(incoming_of(row, accounts))
        except RowRefused as refused:
            read.append(refused)
    took = iter(take_signals([one for one in read if isinstance(one, Incoming)], by=by))
    return [rejected(one) if isinstance(one, RowRefused) else next(took) for one in read]


def incoming_of(row: Row, accounts: dict[str, int]) -> Incoming:
    """A row as a signal of an account. Raises RowRefused."""
    account_id = accounts.get(row.account.strip())
    if account_id is None:
        raise RowRefused("account", "No account has this external id or domain.")
    return Incoming(
        account_id=account_id,
        external_id=needed_line("external_id", row.external_id),
        kind=row.kind,
        severity=SEVERITIES[row.severity],
        title=needed_line("title", row.title),
        note=clean_text(row.note),
        evidence=[
            {
                "label": clean_line(one.label),
                "value": clean_line(str(one.value)),
                "unit": clean_line(one.unit),
            }
            for one in row.evidence
        ],
    )
