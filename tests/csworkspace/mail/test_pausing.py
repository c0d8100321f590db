"""Mails that are kept from leaving, and mails that go to another address than they were written to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from csworkspace.audit.models import AuditEntry
from csworkspace.mail.actions import cancel_mail, pause_mail, readdress_mail, resume_mail, retry_mail
from csworkspace.mail.addresses import MailRefused
from csworkspace.mail.models import OutgoingMail
from csworkspace.mail.sending import claim_mail, due_mails, settle_mail
from csworkspace.mail.suppressions import suppress_address
from csworkspace.mail.tasks import sweep
from csworkspace.mail.transport import Fate, Outcome
from csworkspace.tenancy.database import open_workspace
from tests.kit import BY

LATER = {"send_after": timezone.now() + timedelta(hours=1)}


def make_due(mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(send_after=timezone.now() - timedelta(minutes=1))


def test_a_paused_mail_does_not_leave_when_its_moment_comes(here, elsewhere, smtp, send, run):
    server = smtp()
    mail = send(**LATER)
    with open_workspace(elsewhere.workspace.pk):
        assert OutgoingMail.objects.count() == 0
    assert pause_mail(mail, by=BY, reason="The play is paused.")
    make_due(mail)
    run(sweep)
    here.open()
    mail.refresh_from_db()
    assert (server.mails, due_mails(9), mail.state) == ([], [], "waiting")
    assert (mail.state_label, mail.trouble) == ("Paused", "The play is paused.")
    assert run(resume_mail, mail, by=BY, send_after=timezone.now())
    mail.refresh_from_db()
    assert (len(server.mails), mail.state, mail.trouble) == (1, "sent", "")
    assert [line["what"] for line in mail.trail] == [
        "Test: The play is paused.",
        "Test: it may leave again.",
        "Sent: the mail server took it.",
    ]


def test_resuming_keeps_to_the_moment_that_is_given(here, smtp, send, run):
    server, until = smtp(), timezone.now() + timedelta(hours=5)
    mail = send(**LATER)
    pause_mail(mail, by=BY, reason="Paused.")
    assert run(resume_mail, mail, by=BY, send_after=until, why="Waits until the morning.")
    assert not run(resume_mail, mail, by=BY, send_after=timezone.now())
    mail.refresh_from_db()
    assert (server.mails, mail.send_after, mail.trail[-1]["what"]) == ([], until, "Waits until the morning.")


def test_whoever_asks_for_a_paused_mail_now_gets_it_sent(here, smtp, send, run):
    server = smtp()
    mail = send(**LATER)
    pause_mail(mail, by=BY, reason="Paused.")
    run(retry_mail, mail, by=BY)
    mail.refresh_from_db()
    assert (len(server.mails), mail.state, mail.pause_reason) == (1, "sent", "")
    assert not pause_mail(mail, by=BY, reason="Too late.")


def test_a_mail_that_is_being_sent_when_it_is_paused_gets_no_further_attempt(here, smtp, send):
    smtp()
    mail = send(**LATER)
    make_due(mail)
    claim_mail(mail.pk)
    pause_mail(mail, by=BY, reason="Paused.")
    settle_mail(mail.pk, Outcome(Fate.HELD, "down"), by=BY)
    make_due(mail)
    assert (claim_mail(mail.pk), due_mails(9)) == (None, [])
    assert cancel_mail(mail, by=BY)
    mail.refresh_from_db()
    assert (mail.state_label, mail.pause_reason) == ("Cancelled", "")


def test_a_waiting_mail_goes_to_the_corrected_address(here, smtp, send, run):
    server = smtp()
    mail = send(to="rut@customer.example", **LATER)
    assert readdress_mail(mail, "ruth@customer.example", by=BY)
    run(retry_mail, mail, by=BY)
    assert ("ruth@customer.example" in server.mails[0], "rut@" in server.mails[0]) == (True, False)
    entry = AuditEntry.objects.get(verb="readdressed")
    assert (entry.before, entry.after) == ({"to": "rut@customer.example"}, {"to": "ruth@customer.example"})
    assert not readdress_mail(mail, "other@customer.example", by=BY)


def test_the_corrected_address_may_be_suppressed_or_be_none(here, smtp, send, run):
    server = smtp()
    suppress_address("ruth@customer.example", "unsubscribed", by=BY)
    mail = send(to="rut@customer.example", **LATER)
    with pytest.raises(MailRefused):
        readdress_mail(mail, "ruth@customer.example\nBcc: all@customer.example", by=BY)
    readdress_mail(mail, "ruth@customer.example", by=BY)
    run(retry_mail, mail, by=BY)
    mail.refresh_from_db()
    assert (server.mails, mail.state) == ([], "suppressed")


def test_a_mail_that_is_leaving_is_not_sent_to_the_old_address_again(here, smtp, send):
    smtp()
    mail = send(to="rut@customer.example", **LATER)
    make_due(mail)
    claim_mail(mail.pk)
    assert not readdress_mail(mail, "ruth@customer.example", by=BY)
    settled = settle_mail(mail.pk, Outcome(Fate.HELD, "down"), by=BY)
    assert (settled.state, settled.to) == ("cancelled", "rut@customer.example")
    assert "corrected to ruth@customer.example" in settled.error
