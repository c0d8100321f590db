"""What may stand in the headers of a mail."""

import pytest

from csworkspace.mail.actions import queue_mail
from csworkspace.mail.addresses import MailRefused, check_address, one_line
from csworkspace.mail.models import OutgoingMail
from tests.kit import BY

GOOD = ["ada@acme.example", "ada+csw@acme.example", "o'neil@acme.example", "csworkspace@localhost"]
BAD = [
    "ada@acme.example\nBcc: all@acme.example",
    "ada@acme.example\r\nSubject: x",
    "ada@acme.example\x00",
    "ada\u2028@acme.example",
    "ada@acme.example\x0b",
    '"ada\x01"@acme.example',
    "Ada <ada@acme.example>",
    "ada@acme.example, eve@acme.example",
    "ada@acme.example;eve@acme.example",
    "ada@",
    "@acme.example",
    "ada acme.example",
    "",
    f"{'a' * 260}@acme.example",
]


@pytest.mark.parametrize("text", GOOD)
def test_addresses_that_are_some(text):
    assert check_address(f" {text} ") == text


@pytest.mark.parametrize("text", BAD)
def test_addresses_that_are_none(text):
    with pytest.raises(MailRefused):
        check_address(text)


def test_the_refusal_shows_what_is_wrong_on_one_line():
    with pytest.raises(MailRefused) as caught:
        check_address("ada@acme.example\nBcc: all@acme.example")
    assert str(caught.value) == (
        "The address has a line break or another control character in it: "
        "“ada@acme.example␤Bcc: all@acme.example”."
    )


def test_names_and_subjects_stay_on_their_line():
    assert one_line(" Zoë Ångström ", "name") == "Zoë Ångström"
    assert one_line("Anna\u00a0Müller\u202e \U0001f469\u200d\U0001f52c", "name") == (
        "Anna Müller \U0001f469\u200d\U0001f52c"
    )
    for bad in ("a\nb", "a\rb", "a\tb", "a\x7fb", "a\x85b", "a\u2028b"):
        with pytest.raises(MailRefused):
            one_line(bad, "name")
    with pytest.raises(MailRefused, match="longer than 200"):
        one_line("x" * 201, "subject")


@pytest.mark.parametrize("field", ["to", "subject", "to_name", "from_name", "reply_to"])
def test_nothing_is_queued_with_a_line_break_in_a_header(here, field):
    values = {"to": "ada@acme.example", "subject": "s", "text": "t", field: "x@y.example\r\nBcc: e@e.example"}
    with pytest.raises(MailRefused):
        queue_mail("k", values.pop("to"), values.pop("subject"), values.pop("text"), by=BY, **values)
    assert OutgoingMail.objects.count() == 0
