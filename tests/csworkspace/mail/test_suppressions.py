"""Unsubscribing, bounces that come later, and the list of addresses that get nothing."""

import json

import pytest
from django.core import signing
from django.test import Client

from csworkspace.api.actions import create_key
from csworkspace.audit.models import AuditEntry
from csworkspace.mail.models import Suppression
from csworkspace.mail.tokens import SALT, mail_in, unsubscribe_link
from csworkspace.tenancy.database import open_workspace
from tests.kit import BY, WalledClient, client_of

ADDRESS = "ruth@customer.example"


def suppressed() -> list[tuple[str, str]]:
    return list(Suppression.objects.order_by("id").values_list("address", "reason"))


def path_of(mail) -> str:
    return unsubscribe_link(mail.workspace_id, mail.pk).removeprefix("http://localhost:8000")


def test_looking_changes_nothing_and_the_button_unsubscribes(here, elsewhere, send):
    mail = send()
    page = WalledClient().get(path_of(mail))
    assert (page.status_code, "No more e-mails from Northwind?" in page.text, suppressed()) == (200, True, [])
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    done = WalledClient().post(path_of(mail))
    assert (done.status_code, "You are unsubscribed" in done.text) == (200, True)
    assert suppressed() == [(ADDRESS, "unsubscribed")]
    assert AuditEntry.objects.get(verb="suppressed").actor == ADDRESS
    with open_workspace(elsewhere.workspace.pk):
        assert suppressed() == []
    assert send("k2").state == "suppressed"


def test_a_mail_program_unsubscribes_with_one_click_and_no_cookie(here, send):
    mail = send()
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = client.post(
            path_of(mail), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
    assert suppressed() == [(ADDRESS, "unsubscribed")]


def test_tokens_that_are_not_ours_open_nothing(here, send):
    mail = send()
    team = send("k2", "csm@northwind.example", audience="team")
    good = path_of(mail).rpartition("/")[2]
    hostile = [
        "x",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good + "x",
        signing.dumps([mail.workspace_id, mail.pk], salt="another"),
        signing.dumps([mail.workspace_id + 1, mail.pk], salt=SALT),
        signing.dumps([mail.workspace_id, 987654], salt=SALT),
        signing.dumps([mail.workspace_id, team.pk], salt=SALT),
        signing.dumps({"w": 1}, salt=SALT),
        signing.dumps("1,2", salt=SALT),
        signing.dumps(["a", None], salt=SALT),
        "%00",
        "a" * 5000,
    ]
    for token in hostile:
        for method in ("get", "post"):
            answer = getattr(WalledClient(), method)(f"/unsubscribe/{token}")
            assert (answer.status_code, "This link does not work" in answer.text) == (404, True), token
    assert suppressed() == []
    assert mail_in(good) == (mail.workspace_id, mail.pk)


@pytest.fixture
def api(here):
    key = create_key("Mail provider", by=BY).text

    def call(key=key, **body):
        return WalledClient().post(
            "/api/v1/mail/bounces",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )

    return call


def test_a_bounce_marks_its_mail_and_stops_the_address(here, api, send):
    mail = send()
    for _ in range(2):
        answer = api(message_id=mail.message_id.strip("<>"), kind="bounce", detail="550\nuser unknown")
        assert (answer.status_code, answer.json()) == (200, {"mail": mail.pk, "address": ADDRESS})
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("bounced", "Bounced: 550 user unknown")
    assert [line["what"] for line in mail.trail][1:] == ["Bounced: 550 user unknown"]
    assert suppressed() == [(ADDRESS, "bounced")]


def test_a_complaint_leaves_the_mail_sent(here, api, send):
    mail = send()
    for _ in range(2):
        assert api(message_id=mail.message_id, kind="complaint").status_code == 200
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert [line["what"] for line in mail.trail][1:] == ["Complaint: reported as spam"]
    assert suppressed() == [(ADDRESS, "complained")]


def test_an_address_alone_is_stopped(here, api):
    assert api(address="New@customer.example", kind="bounce").json() == {
        "mail": None,
        "address": "new@customer.example",
    }
    assert suppressed() == [("new@customer.example", "bounced")]


def test_a_bounce_of_a_colleagues_mail_stops_nobody(here, api, send):
    mail = send(to="csm@northwind.example", audience="team")
    assert api(message_id=mail.message_id, kind="bounce").json() == {"mail": mail.pk, "address": None}
    assert suppressed() == []


def test_reports_that_cannot_be_are_refused(here, elsewhere, api, send):
    mail = send()
    with open_workspace(elsewhere.workspace.pk):
        theirs = create_key("Theirs", by=BY).text
    assert api(key=theirs, message_id=mail.message_id, kind="bounce").status_code == 404
    for strange in ("<nothing>", "a\0b", "ü@x.example"):
        assert api(message_id=strange, kind="bounce").status_code == 404
    assert api(message_id=mail.message_id, address="b@customer.example", kind="bounce").status_code == 400
    for body in (
        {"kind": "bounce"},
        {"kind": "soft", "address": ADDRESS},
        {"address": "a\nb", "kind": "bounce"},
    ):
        assert api(**body).status_code == 400, body
    assert api(key="nonsense", kind="bounce", address=ADDRESS).status_code == 401
    assert suppressed() == []


def test_the_list_stops_by_hand_and_lifts_with_a_reason(here, elsewhere):
    client, url = client_of(here.members["manager"]), here.url("settings/suppressions/")
    refused = client.post(url, {"address": "ruth@customer.example\nBcc: x@y.example", "detail": "phone"})
    assert (refused.status_code, suppressed()) == (422, [])
    client.post(url, {"address": "Ruth@customer.example", "detail": "asked on the phone"})
    assert suppressed() == [(ADDRESS, "by_hand")]
    page = client.get(url)
    assert [row["one"].address for row in page.context["rows"]] == [ADDRESS]
    lifting = f"{url}{Suppression.objects.get().pk}/liftings/"
    assert client.post(lifting, {"reason": " "}).status_code == 422
    answer = client.post(lifting, {"reason": "They asked for it"})
    assert (answer.status_code, answer["Location"], suppressed()) == (302, url, [])
    assert AuditEntry.objects.get(verb="lifted").after == {"why": "They asked for it"}
