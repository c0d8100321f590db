"""`POST /api/v1/mail/bounces`: what a mail provider reports after a mail has left."""

from typing import Any, Literal

import msgspec
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.request import Request
from rest_framework.views import APIView

from csworkspace.api.bodies import decode_body, json_answer, read_body
from csworkspace.mail.actions import note_bounce
from csworkspace.mail.addresses import MailRefused
from csworkspace.mail.queries import mail_for_bounce

FORM = '{"message_id": "<…>" or "address": "ada@acme.example", "kind": "bounce" or "complaint"}'


class Report(msgspec.Struct):
    """The body of a call."""

    kind: Literal["bounce", "complaint"]
    message_id: str = ""
    address: str = ""
    detail: str = ""


class Answer(msgspec.Struct):
    """Which mail was marked, if one was named, and which address gets no more customer mails, if any."""

    mail: int | None
    address: str | None


DECODER = msgspec.json.Decoder(Report)


class MailReportForm(serializers.Serializer[Any]):
    """A bounce or a complaint. One of message_id and address is needed."""

    kind = serializers.ChoiceField(
        choices=["bounce", "complaint"],
        help_text="bounce: it cannot be delivered for good. complaint: reported as spam.",
    )
    message_id = serializers.CharField(
        required=False, max_length=200, help_text="The mail's Message-ID, with or without < and >."
    )
    address = serializers.CharField(required=False, max_length=254, help_text="Whose mail it was.")
    detail = serializers.CharField(required=False, help_text="The words of the other server; kept and shown.")


class MailReportAnswerForm(serializers.Serializer[Any]):
    """What was done."""

    mail = serializers.IntegerField(allow_null=True, help_text="The mail that was marked.")
    address = serializers.CharField(
        allow_null=True,
        help_text="Gets no customer mails from now on; null if the mail was one to the team, which goes on.",
    )


class MailProblemForm(serializers.Serializer[Any]):
    """Why nothing was done."""

    detail = serializers.CharField()


class BouncesView(APIView):
    """Takes one report a call."""

    @extend_schema(
        operation_id="report_bounce",
        summary="Report a bounce or a complaint",
        description="Marks the mail, and stops customer mails to the address. Twice changes nothing more.",
        tags=["Mail"],
        request=MailReportForm,
        responses={
            200: MailReportAnswerForm,
            400: OpenApiResponse(MailProblemForm, "The body is not of this form, or names no address."),
            401: OpenApiResponse(MailProblemForm, "No key, or an unknown or revoked one."),
            404: OpenApiResponse(MailProblemForm, "No mail of this workspace has this Message-ID."),
        },
        examples=[
            OpenApiExample(
                "A bounce",
                request_only=True,
                value={
                    "message_id": "<csw.1.42.1790000000@tidewater.example>",
                    "kind": "bounce",
                    "detail": "550 5.1.1 user unknown",
                },
            )
        ],
    )
    def post(self, request: Request) -> Any:
        """Note it."""
        report: Report = decode_body(DECODER, read_body(request), FORM)
        mail = mail_for_bounce(report.message_id)
        if report.message_id and mail is None:
            raise NotFound("No mail of this workspace has this Message-ID.")
        if mail is None and not report.address:
            raise ParseError(f"Name the mail or the address. Send {FORM}.")
        by = request._request.actor  # type: ignore[attr-defined]
        detail = " ".join(report.detail.replace("\x00", "").split())[:300]
        try:
            address = note_bounce(mail, report.address, report.kind, by=by, detail=detail)
        except MailRefused as error:
            raise ParseError(str(error)) from None
        return json_answer(Answer(mail.pk if mail else None, address))
