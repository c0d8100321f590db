"""The steps that write e-mails and tell other systems."""

import pytest

from csworkspace.jobs.models import Job
from csworkspace.mail.models import OutgoingMail
from csworkspace.mail.sending import claim_mail, settle_mail
from csworkspace.mail.suppressions import suppress_address
from csworkspace.mail.transport import Fate, Outcome
from csworkspace.notifications.models import Notification
from csworkspace.tenancy.database import open_workspace
from csworkspace.webhooks.actions import create_endpoint
from csworkspace.webhooks.models import WebhookDelivery
from playbooks.messages import jobs
from playbooks.messages.models import Message
from playbooks.messages.steps import EMAIL, settled
from playbooks.messages.webhook_steps import WEBHOOK
from playbooks.playbooks.steps import Ended, Failed, Waits, step_kind
from tests.kit import BY
from tests.playbooks.messages.kit import make_contact, make_step, make_template


@pytest.fixture
def told(monkeypatch):
    """What the engine is told of ended steps."""
    found = []
    monkeypatch.setattr(
        jobs,
        "announce",
        lambda event, *, by, **args: found.append((event, args["step_id"], args["outcome"], args["error"])),
    )
    return found


def mails() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("id").values_list("to", "state"))


def test_both_kinds_are_offered():
    assert (step_kind("email"), step_kind("webhook")) == (EMAIL, WEBHOOK)


def test_one_mail_per_recipient_and_the_step_ends_when_all_have(here, elsewhere, run, told):
    make_template()
    with open_workspace(elsewhere.workspace.pk):
        make_contact(elsewhere.account, "Eve Other")
        make_template(body="theirs")
    make_contact(here.account)
    make_contact(here.account, "Ada Low", "user")
    make_contact(here.account, "Gone Lang", "user", left_on="2020-01-01")
    make_contact(here.account, "No Address", "user", email="")
    step = make_step(here.account, template="hello", to_role="all", fallback="main")
    progress = run(EMAIL.begin, step)
    assert isinstance(progress, Waits)
    assert (progress.note, progress.result["without_address"]) == (
        "Without an address: No Address.",
        ["No Address"],
    )
    assert mails() == [("ruth@customer.example", "sent"), ("ada@customer.example", "sent")]
    message = Message.objects.order_by("id").first()
    assert message.text == "Hello Ruth,\n\nhow is Acme Industries?\n\nCsm of Northwind"
    assert (message.mail.from_name, message.mail.reply_to) == ("Csm of Northwind", "csm@northwind.example")
    assert told[-1] == ("plays.step_ended", step.step.pk, "sent", "")


def test_the_successor_is_written_to_and_nobody_who_was_there_before(here, elsewhere, run):
    make_template()
    make_contact(here.account, "Old Champion", "champion")
    make_contact(here.account, "Sponsor", "sponsor")
    make_contact(here.account, "Gone", "champion", left_on="2020-01-01")
    params = {"template": "hello", "to_role": "successor", "fallback": ""}
    assert isinstance(run(EMAIL.begin, make_step(here.account, **params)), Failed)
    make_contact(here.account, "New One", "champion")
    make_contact(here.account, "New User", "user")
    step = make_step(here.account, **params)
    run(EMAIL.begin, step)
    assert [message.contact.name for message in Message.objects.all()] == ["New One"]


def test_a_repetition_sends_nothing_twice(here, run, told):
    make_template()
    make_contact(here.account)
    step = make_step(here.account, template="hello", to_role="champion")
    assert isinstance(run(EMAIL.begin, step), Waits)
    again = run(EMAIL.begin, step)
    note = "1 sent. Written to a file; no mail server is set up."
    assert again == Ended("sent", note, {"messages": [Message.objects.get().pk], "without_address": []})
    assert mails() == [("ruth@customer.example", "sent")]


def test_the_same_mailbox_gets_one_mail(here, run, told):
    make_template()
    make_contact(here.account, email="team@customer.example")
    make_contact(here.account, "Ada Low", "user", email="Team@customer.example")
    run(EMAIL.begin, make_step(here.account, template="hello", to_role="all"))
    assert mails() == [("team@customer.example", "sent")]


def test_the_main_contact_stands_in_if_wished(here, run, told):
    make_template()
    make_contact(here.account, "Sue Sponsor", "sponsor")
    step = make_step(here.account, template="hello", to_role="champion", fallback="main")
    assert run(EMAIL.begin, step).note == "Nobody has that role: written to Sue Sponsor instead."
    strict = make_step(here.account, template="hello", to_role="champion", fallback="")
    assert run(EMAIL.begin, strict) == Failed(
        "Nobody can be written to: the account has no contact with an e-mail address for “the champion”. "
        "Add one on the account's page under People, then try again, or skip this step."
    )


def test_nothing_is_sent_if_one_of_the_mails_would_have_a_hole(here, run):
    make_template(body="{{contact.name}}: {{account.renewal_on}}")
    make_contact(here.account)
    progress = run(EMAIL.begin, make_step(here.account, template="hello", to_role="all"))
    assert progress == Failed(
        "The e-mail to Ruth Kessler was not sent: {{account.renewal_on}} has no value here. Fill it in, or "
        "write words for that case: {{account.renewal_on|…}}."
    )
    assert mails() == []


def test_one_impossible_recipient_stops_all_of_them(here, run):
    make_template()
    make_contact(here.account, "Ada Low", "champion")
    make_contact(here.account, "Bob\nBcc: x@y.example", "user")
    progress = run(EMAIL.begin, make_step(here.account, template="hello", to_role="all"))
    assert isinstance(progress, Failed)
    assert "line break" in progress.error
    assert (mails(), Message.objects.count(), Job.objects.filter(kind="mail.send").count()) == ([], 0, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"retired_at": "2026-01-01T00:00:00Z"}, "is retired; choose another"),
        ({"body": "{{contact.email}}"}, "There is no placeholder “contact.email”"),
        ({"key": "another"}, "does not exist any more"),
    ],
)
def test_a_template_that_is_not_right_any_more_says_so(here, change, said):
    template = make_template()
    make_contact(here.account)
    type(template).objects.update(**change)
    step = make_step(here.account, template="hello", to_role="champion")
    assert said in EMAIL.check(step.params)[0]
    assert said in EMAIL.begin(step).error


def test_suppressed_recipients_are_recorded_and_never_mailed(here, run, told):
    make_template()
    make_contact(here.account)
    suppress_address("ruth@customer.example", "unsubscribed", by=BY)
    progress = run(EMAIL.begin, make_step(here.account, template="hello", to_role="champion"))
    assert isinstance(progress, Failed)
    assert progress.error.startswith("None of its e-mails was sent: 1 not sent: suppressed. Put the address")
    assert mails() == [("ruth@customer.example", "suppressed")]


def test_an_owner_who_left_is_stood_in_for_and_it_is_said(here, run, told):
    make_template()
    make_contact(here.account)
    here.account.owner.is_active = False
    here.account.owner.save()
    here.account.refresh_from_db()
    progress = run(EMAIL.begin, make_step(here.account, template="hello", to_role="champion"))
    assert progress.note == "Signed by Manager of Northwind, because Csm of Northwind is not active any more."
    assert Message.objects.get().mail.from_name == "Manager of Northwind"


def test_an_uncertain_mail_keeps_the_step_waiting_until_a_person_decides(here, run, told):
    from csworkspace.jobs.runner import run_job
    from csworkspace.mail.actions import say_sent
    from csworkspace.mail.sending import claim_mail

    make_template()
    make_contact(here.account)
    step = make_step(here.account, template="hello", to_role="champion")
    EMAIL.begin(step)
    mail = OutgoingMail.objects.get()
    claim_mail(mail.pk)
    run(run_job, here.workspace.pk, Job.objects.get(kind="mail.send").pk)
    mail.refresh_from_db()
    assert (mail.state, told) == ("uncertain", [])
    assert list(Notification.objects.values_list("member__role", "title", "page")) == [
        (
            "csm",
            "Your e-mail to Ruth Kessler <ruth@customer.example> may not have arrived: "
            "decide whether to send it again",
            "message",
        )
    ]
    run(say_sent, mail, by=BY)
    assert told == [("plays.step_ended", step.step.pk, "sent", "")]


def test_how_a_step_ends(settings):
    settings.MAIL_CONFIGURED = True
    assert settled(["sent", "waiting"]) is None
    assert settled(["sent", "uncertain"]) is None
    assert settled(["sent", "bounced", "sent"]) == ("sent", "2 sent, 1 bounced.")
    assert settled(["suppressed", "failed"]) == ("none_sent", "1 not sent: suppressed, 1 failed.")


def test_the_writer_learns_of_what_came_back(here, run, told):
    from csworkspace.mail.actions import note_bounce

    make_template()
    make_contact(here.account)
    run(EMAIL.begin, make_step(here.account, template="hello", to_role="champion"))
    mail = OutgoingMail.objects.get()
    for _ in range(2):
        run(note_bounce, mail, "", "bounce", by=BY)
    mail.refresh_from_db()
    assert [line["what"] for line in mail.trail][1:] == ["Bounced: returned by the recipient's server"]
    told_to = Notification.objects.filter(kind="message_came_back").values_list("member__role", "title")
    assert list(told_to) == [("csm", "Your e-mail to Ruth Kessler <ruth@customer.example> did not arrive")]


def test_a_stopped_step_takes_back_what_waits(here):
    make_template()
    make_contact(here.account)
    step = make_step(here.account, template="hello", to_role="champion")
    EMAIL.begin(step)
    EMAIL.cancel(step)
    assert mails() == [("ruth@customer.example", "cancelled")]


@pytest.mark.parametrize(("fate", "state"), [(Fate.HELD, "cancelled"), (Fate.UNCERTAIN, "uncertain")])
def test_a_mail_that_is_leaving_when_its_step_is_stopped_gets_no_other_attempt(here, fate, state):
    make_template()
    make_contact(here.account)
    step = make_step(here.account, template="hello", to_role="champion")
    EMAIL.begin(step)
    mail = OutgoingMail.objects.get()
    claim_mail(mail.pk)
    EMAIL.cancel(step)
    assert settle_mail(mail.pk, Outcome(fate, "down"), by=BY).state == state
    EMAIL.cancel(step)
    assert mails() == [("ruth@customer.example", state)]


def test_the_form_stores_the_template_by_its_key(here):
    make_template()
    stored = {"template": "hello", "to_role": "sponsor", "fallback": "main", "review": True}
    form = EMAIL.form(stored)
    assert form.is_valid()
    assert form.params() == stored
    assert EMAIL.words(form.params()) == "E-mail “Hello” to the executive sponsor"
    assert EMAIL.check(form.params()) == []


def test_another_system_is_told_and_the_step_waits_for_it(here, elsewhere, run, told, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    endpoint = create_endpoint("Tickets", "http://127.0.0.1:9/", by=BY).endpoint
    step = make_step(here.account, "webhook", endpoint=endpoint.pk, message="Hello")
    progress = run(WEBHOOK.begin, step)
    delivery = WebhookDelivery.objects.get()
    assert progress == Waits(result={"delivery": delivery.pk})
    assert (delivery.payload["account"]["name"], delivery.payload["message"]) == ("Acme Industries", "Hello")
    [(event, step_id, outcome, error)] = told
    assert (event, step_id, outcome) == ("plays.step_ended", step.step.pk, "")
    assert error.startswith("Tickets did not take it: 127.0.0.1 is an address inside a private network")
    with open_workspace(elsewhere.workspace.pk):
        assert WEBHOOK.check({"endpoint": endpoint.pk}) == [
            "The webhook does not exist any more; choose another."
        ]


def test_a_webhook_that_is_off_or_gone_stops_the_step(here):
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    type(endpoint).objects.update(is_active=False)
    assert WEBHOOK.begin(make_step(here.account, "webhook", endpoint=endpoint.pk)) == Failed(
        "The webhook “Tickets” is switched off."
    )
    assert WEBHOOK.words({}) == "Tell another system, webhook missing"


def test_trying_a_webhook_again_sends_it_again(here):
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    step = make_step(here.account, "webhook", endpoint=endpoint.pk)
    waits = WEBHOOK.begin(step)
    queued = Job.objects.filter(kind="webhooks.deliver", status="queued")
    for state in ("failed", "cancelled"):
        WebhookDelivery.objects.update(state=state)
        Job.objects.filter(kind="webhooks.deliver").update(status="succeeded")
        assert (WEBHOOK.begin(step), queued.count()) == (waits, 1)
    WebhookDelivery.objects.update(state="delivered")
    assert WEBHOOK.begin(step) == Ended("delivered", result=waits.result)


def test_a_stopped_step_takes_its_webhook_back(here):
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    step = make_step(here.account, "webhook", endpoint=endpoint.pk)
    WEBHOOK.begin(step)
    WEBHOOK.cancel(step)
    assert WebhookDelivery.objects.get().state == "cancelled"
