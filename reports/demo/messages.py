"""What the demo company wrote to its customers and advised them; none of it has left the machine.

The mails are rows that ended long ago, so that nothing sends them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.audit.actor import Actor
from csworkspace.mail.models import Audience, MailState, OutgoingMail, SuppressionReason
from csworkspace.mail.suppressions import suppress_address
from csworkspace.tenancy.clock import today
from csworkspace.webhooks.actions import create_endpoint
from csworkspace.webhooks.models import DeliveryState, WebhookDelivery
from playbooks.messages.actions import compose_for, parsed_of
from playbooks.messages.library import LIBRARY
from playbooks.messages.models import EmailTemplate, Message
from playbooks.messages.people import contacts_of, has_address
from playbooks.messages.templates import ensure_templates
from playbooks.messages.values import Letter
from playbooks.recommendations.actions import Advice, make_recommendation
from playbooks.recommendations.models import Recommendation, RecommendationState

STATE = RecommendationState
BRIGHTWELL = "Brightwell Energy"
# Account, template, days ago, the contact's place in the list, what became of it, and why.
WRITTEN = (
    (BRIGHTWELL, "welcome", 410, 0, MailState.SENT, ""),
    (BRIGHTWELL, "qbr-invitation", 47, 0, MailState.SENT, ""),
    (BRIGHTWELL, "advocate", 9, 1, MailState.SENT, ""),
    ("Atelier Thermique", "qbr-invitation", 44, 0, MailState.SENT, ""),
    ("Atelier Thermique", "new-team", 20, 1, MailState.BOUNCED,
     "The recipient was refused: 550 5.1.1 no such user here"),
    ("Northgate Facilities", "adoption-drop", 12, 0, MailState.SENT, ""),
    ("Northgate Facilities", "renewal-ahead", 3, 1, MailState.UNCERTAIN,
     "The connection broke while the mail was being sent (Connection unexpectedly closed)."),
    ("Meridian Lifts", "incident-follow-up", 6, 0, MailState.SENT, ""),
    ("Meridian Lifts", "renewal-ahead", 2, 1, MailState.SUPPRESSED,
     "The address gets no e-mails of this kind any more."),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A recommendation of the demo: shared and answered so many days ago."""

    account: str
    advice: Advice
    state: RecommendationState
    shared: int
    due: int
    seen: int | None = None
    answered: int | None = None
    by: str = ""
    note: str = ""


ADVICE = (
    Told(
        BRIGHTWELL,
        Advice(
            "Hand finished jobs over to your ERP by themselves",
            "Your IT connects the two systems once; we bring a ready-made mapping. Half a day together, and "
            "two weeks side by side with the old way.",
            "Your planners type about 40 jobs a day a second time. That is an hour that nobody needs.",
            ["integrations.erp", "api.sync"],
        ),
        STATE.OPEN, shared=8, due=-22, seen=6,
    ),
    Told(
        BRIGHTWELL,
        Advice(
            "Half a day on site in the two northern depots",
            "We sit beside the dispatchers for a morning and set the board up with them.",
            "Four of six depots close their jobs in the app; these two still phone.",
        ),
        STATE.ACCEPTED, shared=25, due=-10, seen=24, answered=21, by="Ruth Kessler",
        note="Good idea. Please bring somebody who speaks Swedish.",
    ),
    Told(
        BRIGHTWELL,
        Advice(
            "Let rules plan the recurring visits", "", "A third of all visits recurs.", ["automation.rules"]
        ),
        STATE.TAKEN_UP, shared=120, due=90, seen=119, answered=118, by="Ruth Kessler",
    ),
    Told(
        BRIGHTWELL,
        Advice("Photos with every job", "", "Proof of the visit for the auditors.", ["jobs.photos"]),
        STATE.DECLINED, shared=200, due=170, seen=199, answered=190, by="Ruth Kessler",
        note="Our works council has not agreed to it yet.",
    ),
    Told(
        "Northgate Facilities",
        Advice("Look at the utilisation report every Monday", "", "Two of your depots are half empty."),
        STATE.OPEN, shared=31, due=1,
    ),
    Told(
        "Meridian Lifts",
        Advice("Make a second administrator", "", "Everything hangs on one person."),
        STATE.EXPIRED, shared=80, due=50, seen=70,
    ),
)  # fmt: skip


def write_messages(by: Actor) -> None:
    """Templates, mails, recommendations and a webhook, once."""
    if EmailTemplate.objects.exists():
        return
    templates = {one.key: one for one in ensure_templates(LIBRARY.values(), by=by)}
    accounts = {one.name: one for one in Account.objects.select_related("owner__user")}
    for number, (name, key, days, place, state, why) in enumerate(sorted(WRITTEN, key=lambda one: -one[2])):
        if name in accounts:
            _write(accounts[name], templates[key], days, place, MailState(state), why, number, by)
    for told in ADVICE:
        if told.account in accounts:
            _advise(accounts[told.account], told, by)
    _tell_other_systems(by)


def _write(
    account: Account,
    template: EmailTemplate,
    days: int,
    place: int,
    state: MailState,
    why: str,
    number: int,
    by: Actor,
) -> None:
    people = [one for one in contacts_of(account.pk) if has_address(one)]
    if not people or account.owner is None:
        return
    contact, when = people[place % len(people)], _ago(days)
    if state in (MailState.SUPPRESSED, MailState.BOUNCED):
        reason = (
            SuppressionReason.UNSUBSCRIBED if state == MailState.SUPPRESSED else SuppressionReason.BOUNCED
        )
        suppress_address(contact.email, reason, by=by, detail=why)
    mail = _mail(account, contact, template, when, state, why, number)
    message = Message.objects.create(
        account=account,
        contact=contact,
        mail=mail,
        template=template,
        sender=account.owner,
        recipient=f"{contact.name} <{contact.email}>",
        subject=mail.subject,
        text=mail.text,
    )
    Message.objects.filter(pk=message.pk).update(created_at=when)


def _mail(
    account: Account,
    contact: Contact,
    template: EmailTemplate,
    when: datetime,
    state: MailState,
    why: str,
    number: int,
) -> OutgoingMail:
    assert account.owner is not None
    letter = Letter(account, account.owner, today())
    [written] = compose_for([contact], parsed_of(template), letter)
    line = why or "Sent: the mail server took it."
    mail = OutgoingMail.objects.create(
        key=f"demo {number}",
        audience=Audience.CUSTOMER,
        to=contact.email,
        to_name=contact.name,
        from_name=str(account.owner),
        reply_to=account.owner.user.email,
        subject=written.subject,
        text=written.text,
        state=state,
        attempts=0 if state == MailState.SUPPRESSED else 1,
        error=why,
        actor=str(account.owner),
        send_after=when,
        sent_at=when if state == MailState.SENT else None,
        trail=[{"at": when.isoformat(timespec="seconds"), "what": line}],
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(created_at=when)
    return mail


def _advise(account: Account, told: Told, by: Actor) -> None:
    made = make_recommendation(account, told.advice, by=by)
    changes = {
        "state": told.state,
        "shared_at": _ago(told.shared),
        "due_on": today() - timedelta(days=told.due),
        "seen_at": None if told.seen is None else _ago(told.seen),
        "answered_at": None if told.answered is None else _ago(told.answered),
        "answered_by": told.by,
        "answer_note": told.note,
        "actor": str(account.owner or by.label),
    }
    if told.state == STATE.TAKEN_UP:
        words = f"{told.advice.features[0]} was used, by 5 people so far"
        changes |= {"taken_up_on": today() - timedelta(days=110), "taken_up_by": words}
    if told.state in (STATE.TAKEN_UP, STATE.DECLINED, STATE.EXPIRED):
        changes["closed_at"] = _ago(told.answered or told.due)
    Recommendation.objects.filter(pk=made.pk).update(**changes)


def _tell_other_systems(by: Actor) -> None:
    endpoint = create_endpoint("Ticket system", "https://tickets.tidewater.example/hooks/csw", by=by).endpoint
    for days, state, answer in (
        (16, DeliveryState.DELIVERED, "200 OK: ticket 4711 opened"),
        (5, DeliveryState.FAILED, "503 Service Unavailable: maintenance until Monday"),
    ):
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            key=f"demo {days}",
            payload={"event": "playbook.step"},
            state=state,
            attempts=1 if state == DeliveryState.DELIVERED else 8,
            answer=answer,
            delivered_at=_ago(days) if state == DeliveryState.DELIVERED else None,
        )
        WebhookDelivery.objects.filter(pk=delivery.pk).update(created_at=_ago(days))


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
