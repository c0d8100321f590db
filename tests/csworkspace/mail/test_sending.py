"""From the outbox to a mail server that accepts, refuses, hangs or hangs up."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.utils import timezone

from csworkspace.events import registry
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.mail import sending, tasks
from csworkspace.mail.actions import cancel_mail, queue_mail, retry_mail, say_sent
from csworkspace.mail.models import OutgoingMail, Suppression
from csworkspace.mail.sending import DELAYS, claim_mail, doubt_abandoned, due_mails
from csworkspace.web.versions import Conflict
from tests.csworkspace.mail.conftest import minutes_until
from tests.kit import BY


@pytest.fixture(autouse=True)
def ended(monkeypatch) -> list[tuple[str, int]]:
    """What was announced."""
    told: list[tuple[str, int]] = []
    real = registry.announce

    def announce(event, *, by, **args):
        told.append((event, args.get("mail_id")))
        real(event, by=by, **args)

    monkeypatch.setattr(sending, "announce", announce)
    return told


def test_a_customers_mail_arrives_with_all_its_headers(here, smtp, send, ended):
    server = smtp()
    mail = send(to_name="Ruth Kessler, Ops", reply_to="csm@northwind.example", subject="Grüße — hello")
    assert (mail.state, mail.attempts, mail.error) == ("sent", 1, "")
    assert ended == [("mail.ended", mail.pk)]
    [raw] = server.mails
    sent = email.message_from_string(raw, policy=email.policy.default)
    assert sent["Subject"] == "Grüße — hello"
    assert sent["From"] == "Priya Raman via Northwind <csworkspace@localhost>"
    assert sent["To"] == '"Ruth Kessler, Ops" <ruth@customer.example>'
    assert sent["Reply-To"] == "csm@northwind.example"
    assert sent["Message-ID"] == mail.message_id
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = "".join(sent["List-Unsubscribe"].split()).strip("<>")
    assert link.startswith("http://localhost:8000/unsubscribe/")
    body = sent.get_content().replace("\r\n", "\n")
    assert body.startswith("Good morning.\n\n--\nYou get this e-mail because you work with Northwind.")
    assert link in body


def test_a_mail_to_the_team_has_no_unsubscribe_link(here, smtp, send):
    server = smtp()
    send(audience="team", from_name="")
    sent = email.message_from_string(server.mails[0], policy=email.policy.default)
    assert (sent["List-Unsubscribe"], sent["From"]) == (None, "Northwind <csworkspace@localhost>")
    assert "unsubscribe" not in server.mails[0]


def test_the_same_intent_is_one_mail(here, smtp, send):
    server = smtp()
    first, second = send(), send()
    assert (first.pk, len(server.mails)) == (second.pk, 1)


def test_two_runs_of_the_job_send_once(here, smtp, send, run):
    server = smtp()
    mail = send()
    job = Job.objects.get(kind="mail.send")
    Job.objects.filter(pk=job.pk).update(status="queued", run_after=timezone.now())
    run(run_job, here.workspace.pk, job.pk)
    mail.refresh_from_db()
    assert (len(server.mails), mail.attempts) == (1, 1)


@pytest.mark.parametrize(
    ("answers", "state", "said"),
    [
        ({"RCPT": "550 no such user"}, "bounced", "The recipient was refused: 550 no such user"),
        ({"RCPT": "550 5.1.1 unknown"}, "bounced", "The recipient was refused: 550 5.1.1 unknown"),
        ({"RCPT": "550 5.2.1 disabled"}, "bounced", "The recipient was refused: 550 5.2.1 disabled"),
        ({"RCPT": "550 5.1.8 bad sender"}, "failed", "The recipient was refused: 550 5.1.8 bad sender"),
        ({"RCPT": "552 5.2.2 full"}, "failed", "The recipient was refused: 552 5.2.2 full"),
        ({"RCPT": "550 5.7.1 not wanted"}, "failed", "The recipient was refused: 550 5.7.1 not wanted"),
        ({"RCPT": "550 spam is blocked"}, "failed", "The recipient was refused: 550 spam is blocked"),
        ({"RCPT": "554 5.7.1 Relay access denied"}, "waiting", "The recipient was refused: 554 5.7.1 Relay"),
        ({"RCPT": "550 Client host on Spamhaus"}, "waiting", "The recipient was refused: 550 Client host"),
        ({"RCPT": "530 5.7.0 sign in"}, "waiting", "The recipient was refused: 530 5.7.0 sign in"),
        (
            {"RCPT": "550 5.1.1 <a@b>: User unknown in relay recipient table"},
            "bounced",
            "The recipient was refused: 550 5.1.1 <a@b>: User unknown in relay",
        ),
        (
            {"RCPT": "550 <ruth@relay-access-denied.example> no such user"},
            "bounced",
            "The recipient was refused",
        ),
        ({"RCPT": "550 unable to relay for us"}, "waiting", "The recipient was refused: 550 unable to relay"),
        ({"RCPT": "450 greylisted"}, "waiting", "The recipient was refused: 450 greylisted"),
        ({"END": "554 spam"}, "failed", "The mail was refused: 554 spam"),
        ({"END": "451 later"}, "waiting", "The mail was refused: 451 later"),
        ({"DATA": "421 busy"}, "waiting", "The mail was refused: 421 busy"),
        ({"MAIL": "530 sign in first"}, "waiting", "The mail server refused: 530 sign in first"),
        ({"EHLO": "drop"}, "waiting", "The mail server cannot be reached"),
        ({"MAIL": "hang"}, "waiting", "The mail server cannot be reached"),
        ({"END": "drop"}, "uncertain", "The connection broke while the mail was being sent"),
        ({"END": "hang"}, "uncertain", "The connection broke while the mail was being sent"),
        ({"QUIT": "drop"}, "sent", ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_the_server_says_decides(here, smtp, send, ended, answers, state, said):
    smtp(**answers)
    mail = send()
    assert (mail.state, mail.error[: len(said)]) == (state, said)
    over = state in ("bounced", "failed", "sent")
    doubted = [("mail.doubted", mail.pk)] if state == "uncertain" else []
    assert ended == ([("mail.ended", mail.pk)] if over else doubted)
    assert Suppression.objects.count() == (state == "bounced"), "only for a mailbox that is gone"
    assert Job.objects.filter(kind="mail.send").get().status == "succeeded"


def test_nobody_listens_and_the_mail_waits_longer_every_time(here, smtp, send, settings):
    smtp()
    settings.EMAIL_PORT = 1
    mail = send()
    assert (mail.state, mail.is_held, minutes_until(mail.send_after)) == ("waiting", True, 1)
    assert "cannot be reached" in mail.error
    waits = []
    for _ in DELAYS[1:]:
        attempt(mail)
        waits.append(minutes_until(mail.send_after))
    assert waits == [5, 15, 60, 180, 360, 720, 1440, 1440]
    attempt(mail)
    assert (mail.state, mail.attempts) == ("failed", 10)
    assert mail.error.startswith("Given up after 10 attempts. The mail server cannot be reached")
    assert len(mail.trail) == 10


def attempt(mail: OutgoingMail) -> None:
    """One attempt, as if its moment had come."""
    from csworkspace.mail.transport import Fate, Outcome

    OutgoingMail.objects.filter(pk=mail.pk).update(send_after=timezone.now())
    assert claim_mail(mail.pk) is not None
    sending.settle_mail(mail.pk, Outcome(Fate.HELD, "The mail server cannot be reached (x)."), by=BY)
    mail.refresh_from_db()


def test_while_the_server_is_down_the_others_wait_without_an_attempt(here, smtp, send, settings, run):
    server = smtp()
    settings.EMAIL_PORT = 1
    send()
    settings.EMAIL_PORT = server.port
    for number in range(3):
        queue_mail(f"more {number}", "more@customer.example", "s", "t", by=BY)
    assert len(due_mails(10)) == 1, "one asks for all of them"
    other = send("k2", "other@customer.example")
    assert (other.state, other.attempts, minutes_until(other.send_after)) == ("waiting", 0, 1)
    run(retry_mail, other, by=BY)
    other.refresh_from_db()
    assert other.state == "sent", "a person does not have to wait"
    assert len(due_mails(10)) == 3


def test_the_clock_sends_what_is_due_in_each_workspace(here, elsewhere, smtp, run):
    server = smtp()
    mine = queue_mail("k", "a@customer.example", "mine", "t", by=BY)
    later = queue_mail("k2", "b@customer.example", "later", "t", by=BY)
    OutgoingMail.objects.filter(pk=later.pk).update(send_after=timezone.now() + timedelta(hours=1))
    elsewhere.open()
    queue_mail("k", "c@customer.example", "theirs", "t", by=BY)
    Job.objects.all().delete()
    here.open()
    Job.objects.all().delete()
    assert due_mails(10) == [mine.pk]
    run(tasks.sweep)
    assert sorted(raw.split("Subject: ")[1].split("\n")[0].strip() for raw in server.mails) == [
        "mine",
        "theirs",
    ]


def test_a_worker_that_died_leaves_a_mail_that_is_never_sent_again_by_itself(here, smtp, run, ended):
    server = smtp()
    mail = queue_mail("k", "a@customer.example", "s", "t", by=BY)
    assert claim_mail(mail.pk) is not None
    # … and here the process is killed; the lease of its job runs out, and another worker takes it.
    job = Job.objects.get(kind="mail.send")
    run(run_job, here.workspace.pk, job.pk)
    mail.refresh_from_db()
    assert (mail.state, server.mails, ended) == ("uncertain", [], [("mail.doubted", mail.pk)])
    run(tasks.sweep)
    mail.refresh_from_db()
    assert (mail.state, server.mails) == ("uncertain", [])


def test_a_mail_without_a_job_is_found_after_a_while(here, smtp):
    mail = queue_mail("k", "a@customer.example", "s", "t", by=BY)
    claim_mail(mail.pk)
    assert doubt_abandoned() == 0, "a job is at it"
    Job.objects.all().delete()
    assert doubt_abandoned() == 0, "it has only just begun"
    OutgoingMail.objects.update(sending_since=timezone.now() - timedelta(minutes=10))
    assert doubt_abandoned() == 1
    mail.refresh_from_db()
    assert mail.state == "uncertain"


def test_a_person_decides_about_an_uncertain_mail(here, smtp, send, run, ended):
    smtp(END="drop")
    mail = send()
    assert not cancel_mail(mail, by=BY), "it may have arrived"
    say_sent(mail, by=BY)
    mail.refresh_from_db()
    assert (mail.state, ended) == ("sent", [("mail.doubted", mail.pk), ("mail.ended", mail.pk)])
    with pytest.raises(Conflict):
        say_sent(mail, by=BY)
    with pytest.raises(Conflict):
        retry_mail(mail, by=BY)
    server = smtp()
    other = send("k2", "b@customer.example")
    OutgoingMail.objects.filter(pk=other.pk).update(state="uncertain")
    first = other.message_id
    run(retry_mail, other, by=BY)
    other.refresh_from_db()
    assert (other.state, other.message_id, len(server.mails)) == ("sent", first, 2)


def test_a_refused_customer_is_not_written_to_again_but_a_colleague_is(here, elsewhere, smtp, send):
    smtp(RCPT="550 no such user")
    send("k", "Gone@customer.example")
    send("k2", "colleague@northwind.example", audience="team")
    assert list(Suppression.objects.values_list("address", "reason")) == [
        ("gone@customer.example", "bounced")
    ]
    server = smtp()
    again = send("k3", "gone@Customer.example")
    assert (again.state, server.mails) == ("suppressed", [])
    elsewhere.open()
    assert Suppression.objects.count() == 0
    here.open()


def test_an_address_that_is_suppressed_while_its_mail_waits_gets_nothing(here, smtp, run, ended):
    from csworkspace.mail.suppressions import suppress_address

    server = smtp()
    mail = queue_mail("k", "a@customer.example", "s", "t", by=BY, audience="customer")
    suppress_address("A@customer.example", "by_hand", by=BY)
    run(run_job, here.workspace.pk, Job.objects.get(kind="mail.send").pk)
    mail.refresh_from_db()
    assert (mail.state, server.mails, ended) == ("suppressed", [], [("mail.ended", mail.pk)])


def test_a_waiting_mail_can_be_taken_back_and_a_sent_one_cannot(here, smtp, send):
    smtp()
    sent = send()
    waiting = queue_mail("k2", "a@customer.example", "s", "t", by=BY)
    assert (cancel_mail(waiting, by=BY), cancel_mail(sent, by=BY)) == (True, False)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_server_may_think_about_the_text_for_longer(here, smtp, send, settings):
    server = smtp()
    settings.EMAIL_TIMEOUT, settings.EMAIL_DATA_TIMEOUT = 0.1, 5
    server.answers["END"] = "slow"
    assert send().state == "sent"


def test_without_a_server_a_mail_says_that_nobody_gets_it(here, send, settings):
    settings.MAIL_CONFIGURED = False
    assert [line["what"] for line in send().trail] == ["Written to a file; no mail server is set up."]


def test_a_demo_workspace_sends_to_files_only(here, smtp, send, settings, tmp_path):
    server = smtp()
    settings.STATE_DIR = tmp_path
    here.workspace.is_demo = True
    here.workspace.save()
    assert (send().state, server.mails) == ("sent", [])
    assert len(list((tmp_path / "mail").iterdir())) == 1
