"""E-mails of a play that wait: with the play, with their contact, and after none of them was sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.contacts.actions import create_contact, edit_contact, remove_contact
from csworkspace.mail.actions import note_bounce
from csworkspace.mail.models import OutgoingMail
from csworkspace.mail.suppressions import suppress_address
from csworkspace.mail.tasks import sweep
from csworkspace.tenancy.database import open_workspace
from playbooks.messages.models import Message
from playbooks.messages.steps import EMAIL
from playbooks.playbooks.steps import Waits
from playbooks.plays.actions import pause_play, resume_play, retry_step
from playbooks.plays.advancing import advance_once, run_of
from playbooks.plays.models import Play, PlayStep
from tests.kit import BY, client_of
from tests.playbooks.messages.kit import make_contact, make_template
from tests.playbooks.plays.kit import make_playbook, start, step

LETTER = {"template": "hello", "to_role": "champion", "review": False}


@pytest.fixture
def tomorrow(monkeypatch):
    """E-mails of plays may leave tomorrow."""
    morning = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("playbooks.messages.timing.next_working_moment", lambda at, week, zone: morning)
    return morning


@pytest.fixture
def champion(here):
    make_template()
    return create_contact(
        here.account, by=BY, name="Ruth Kessler", role="champion", email="ruth@customer.example"
    )


def begin(here, run, *more) -> Play:
    """A play whose first step writes an e-mail."""
    playbook = make_playbook(steps=[step("mail", "email", **LETTER), *(more or [step("next", "hold")])])
    play = run(start, playbook, here.account)
    run(advance_once, play.pk)
    return Play.objects.get()


def the_step() -> PlayStep:
    return PlayStep.objects.get(key="mail")


def written() -> list[OutgoingMail]:
    """What was written to customers."""
    return list(OutgoingMail.objects.filter(audience="customer").order_by("pk"))


def mail_now() -> OutgoingMail:
    return written()[-1]


def let_time_pass(here, run):
    """The moment of the waiting mails comes, and the clock looks."""
    OutgoingMail.objects.update(send_after=timezone.now() - timedelta(minutes=1))
    run(sweep)
    here.open()


def test_a_paused_plays_mail_waits_and_leaves_when_the_play_goes_on(
    here, elsewhere, run, champion, tomorrow, monkeypatch
):
    play = begin(here, run)
    assert mail_now().state == "waiting"
    run(pause_play, play, by=BY)
    let_time_pass(here, run)
    assert (mail_now().state, mail_now().state_label) == ("waiting", "Paused")
    play.refresh_from_db()
    run(resume_play, play, by=BY)
    # As if it were written now: in the next working hours.
    assert (mail_now().state, mail_now().send_after) == ("waiting", tomorrow)
    let_time_pass(here, run)
    assert mail_now().state == "sent"
    assert the_step().outcome == "sent"
    with open_workspace(elsewhere.workspace.pk):
        assert OutgoingMail.objects.count() == 0


def test_a_contact_who_leaves_gets_nothing_that_waits_and_the_play_asks(here, run, champion, tomorrow):
    begin(here, run)
    run(edit_contact, champion, by=BY, left_on=timezone.now().date())
    assert (mail_now().state, mail_now().error) == ("cancelled", "Ruth Kessler left before it was sent.")
    assert the_step().state == "failed"
    assert the_step().error.startswith("None of its e-mails was sent: 1 cancelled.")


def test_a_contact_who_is_removed_gets_nothing_that_waits(here, run, champion, tomorrow):
    begin(here, run)
    run(remove_contact, champion, by=BY)
    assert mail_now().error == "The contact was removed before it was sent."


def test_a_corrected_address_gets_what_waits(here, elsewhere, run, champion, tomorrow):
    with open_workspace(elsewhere.workspace.pk):
        make_contact(elsewhere.account)
    begin(here, run)
    run(edit_contact, champion, by=BY, name="Ruth K.", email="kessler@customer.example")
    message = Message.objects.get()
    assert (mail_now().state, mail_now().to) == ("waiting", "kessler@customer.example")
    assert message.recipient == "Ruth Kessler <kessler@customer.example>"
    run(edit_contact, champion, by=BY, title="COO")
    assert mail_now().trail[-1]["what"].startswith("It goes to kessler@customer.example now")
    run(edit_contact, champion, by=BY, email="")
    assert mail_now().error == "Ruth K. has no address any more that can be written to."


def test_a_bounced_step_is_written_again_to_the_corrected_address(here, run, champion):
    play = begin(here, run)
    assert the_step().state == "done"
    run(note_bounce, mail_now(), "", "bounce", by=BY)
    PlayStep.objects.update(state="pending", ended_at=None)
    run(advance_once, play.pk)
    assert [(one.to, one.state) for one in written()] == [
        ("ruth@customer.example", "bounced"),
        ("ruth@customer.example", "suppressed"),
    ]
    assert the_step().state == "failed"
    run(edit_contact, champion, by=BY, email="kessler@customer.example")
    play.refresh_from_db()
    run(retry_step, play, the_step().pk, by=BY)
    assert (mail_now().to, mail_now().state) == ("kessler@customer.example", "sent")
    assert the_step().outcome == "sent"
    # What has arrived is not written again.
    play.refresh_from_db()
    assert run(EMAIL.begin, run_of(play, the_step())).outcome == "sent"
    assert len(written()) == 3


def test_a_branch_that_asks_decides_what_follows_when_nobody_got_it(here, run, champion):
    asked = {"condition": {"kind": "outcome", "step": "mail", "is": "none_sent"}, "yes": "call", "no": ""}
    suppress_address(champion.email, "bounced", by=BY)
    begin(here, run, step("part", "branch", **asked), step("other", "wait"), step("call", "wait", days=3))
    assert (the_step().state, the_step().outcome) == ("done", "none_sent")
    assert list(PlayStep.objects.order_by("position").values_list("key", "state"))[1:] == [
        ("part", "done"),
        ("other", "cancelled"),
        ("call", "active"),
    ]


def test_news_that_was_lost_is_found_by_looking(here, run, champion, tomorrow):
    play = begin(here, run)
    look = run_of(play, the_step())
    assert EMAIL.look(look) == Waits()
    OutgoingMail.objects.update(state="sent", sent_at=timezone.now())
    assert advance_once(play.pk, look=True) is True
    assert the_step().outcome == "sent"


def test_a_bounced_message_offers_to_be_written_again_with_its_words(here, elsewhere, run, champion):
    begin(here, run)
    message, csm = Message.objects.get(), client_of(here.members["csm"])
    page = here.url(f"messages/{message.pk}/")
    assert "Write again" not in csm.get(page).text
    run(note_bounce, message.mail, "", "bounce", by=BY)
    link = here.url(f"accounts/{here.account.pk}/messages/new/?again={message.pk}")
    assert link in csm.get(page).text
    form = csm.get(link).text
    assert "Hello Ruth,\n\nhow is Acme Industries?" in form
    assert link not in client_of(here.members["executive"]).get(page).text
    theirs = elsewhere.url(f"accounts/{elsewhere.account.pk}/messages/new/?again={message.pk}")
    assert "how is Acme" not in client_of(elsewhere.members["csm"]).get(theirs).text
