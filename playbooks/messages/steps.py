"""The steps of playbooks that write e-mails."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction

from accounts.contacts.models import Contact
from csworkspace.mail.addresses import MailRefused
from csworkspace.mail.models import CAME_TO_NOTHING, ENDED, MailState
from csworkspace.mail.queries import suppressed_among
from csworkspace.mail.transport import why_no_server
from csworkspace.notifications.actions import notify
from csworkspace.people.models import Membership
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import lock_in_workspace
from csworkspace.web.formats import plural
from playbooks.messages.actions import compose_for, parsed_of, send_message
from playbooks.messages.models import EmailTemplate, Message
from playbooks.messages.people import Recipients, To, recipients_of, sender_for
from playbooks.messages.placeholders import ValueMissing, names_in, preview
from playbooks.messages.templates import TemplateConflict
from playbooks.messages.timing import leaving_times
from playbooks.messages.values import Letter, contact_values, shared_values
from playbooks.messages.waiting import cancel, pause, resume
from playbooks.playbooks.once import once
from playbooks.playbooks.steps import Ended, Failed, Params, Progress, StepForm, StepKind, StepRun, Waits
from playbooks.plays.flow import asks_how, planned_steps
from playbooks.plays.models import PlayStep
from playbooks.plays.owners import whom_to_tell

MAIN = "main"
TO_REVIEW, FEW = "email_to_review", 5
SENT, NONE_SENT = "sent", "none_sent"
PUT_RIGHT = "Put the address right, or lift it from the suppression list; then try again, or skip this step."
OUTCOMES = ((SENT, "At least one was sent"), (NONE_SENT, "None was sent"))


class EmailForm(StepForm):
    """Which template, to whom."""

    template = forms.ModelChoiceField(
        EmailTemplate.objects.none(),
        label="Template",
        to_field_name="key",
        empty_label="Choose one",
        help_text="Every play sends the template as it is when its turn comes, also plays that run already.",
    )
    to_role = forms.ChoiceField(
        label="To", choices=To.choices, help_text="The account's people who have not left."
    )
    review = forms.BooleanField(
        label="Somebody looks at the e-mails before they are sent",
        required=False,
        initial=True,
        help_text="The play waits, and whoever leads it is told. Without it they leave unseen.",
    )
    fallback = forms.ChoiceField(
        label="If nobody in that role can be written to",
        required=False,
        choices=((MAIN, "Write to the main contact"), ("", "Stop, and wait for a person")),
        help_text="The main contact is the first with an address: sponsor, champion, administrator, others.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["template"]
        field.queryset = EmailTemplate.objects.filter(retired_at=None).order_by("name")
        found = sorted(templates_by_key().values(), key=lambda one: one.name)
        field.choices = [("", "Choose one"), *((one.key, str(one)) for one in found if not one.retired_at)]

    def params(self) -> Params:
        """The template by its key: ready-made playbooks name it so, too."""
        return {**super().params(), "template": self.cleaned_data["template"].key}


def template_of(params: Params) -> EmailTemplate | None:
    """The chosen template, if it is there."""
    return templates_by_key().get(str(params.get("template") or ""))


def templates_by_key() -> dict[str, EmailTemplate]:
    """All of them; a page with many steps reads them once."""
    return once("email templates", lambda: {one.key: one for one in EmailTemplate.objects.all()})


def words(params: Params) -> str:
    """ "E-mail “Renewal is coming up” to the champion"."""
    template = template_of(params)
    to = dict(To.choices).get(str(params.get("to_role")), "nobody").lower()
    return f"E-mail “{template}” to {to}" if template else f"E-mail to {to}, template missing"


def check(params: Params) -> Sequence[str]:
    """What is wrong with the parameters by now."""
    template = template_of(params)
    if template is None:
        return ["The e-mail template does not exist any more; choose another."]
    if template.retired_at:
        return [f"The e-mail template “{template}” is retired; choose another, or bring it back."]
    try:
        parsed_of(template)
    except TemplateConflict as error:
        return [f"The e-mail template “{template}” cannot be sent: {error}"]
    return []


def is_reviewed(params: Params) -> bool:
    """Whether a person looks at the e-mails first; versions that do not say so mean it."""
    return bool(params.get("review", True))


def addressed(account: Any, signal: Any, params: Params) -> Recipients:
    """Whom the step writes to, as things are now."""
    instead = params.get("fallback") == MAIN
    return recipients_of(account.pk, str(params.get("to_role")), main_instead=instead, signal=signal)


def begin(run: StepRun) -> Progress:
    """Ask for a look at the e-mails, or write them at once if the step says so."""
    complaints, found = check(run.params), addressed(run.play.account, run.play.signal, run.params)
    if complaints:
        return Failed(complaints[0])
    if not found.contacts:
        return Failed(_nobody(run.params))
    if sender_for(run.play.account, run.play.owner) is None:
        return Failed("Nobody can sign the e-mail: give the account an owner who is active, then try again.")
    has_written = Message.objects.filter(step=run.step).exclude(mail__state__in=CAME_TO_NOTHING).exists()
    if is_reviewed(run.params) and not has_written:
        return ask_for_look(run, len(found.contacts))
    return write(run, found)


def ask_for_look(run: StepRun, mails: int) -> Progress:
    """Tell whoever leads the play that e-mails wait for a look."""
    words = plural(mails, "e-mail")
    notify(
        whom_to_tell(run.play),
        TO_REVIEW,
        f"{words} to {run.play.account.name} for your look",
        key=f"step {run.step.pk} review",
        text=f"“{run.step.title}” of {run.play}: nothing is sent before you say so.",
        page="step_review",
        page_args=[run.step.pk],
    )
    return Waits(note=f"Waits for your look at {words}", result={"review": run.step.pk})


def hand_look(run: StepRun, before: Membership | None) -> None:
    """Whoever leads the play now is asked for the look that nobody has taken yet."""
    if run.step.result.get("review"):
        ask_for_look(run, len(addressed(run.play.account, run.play.signal, run.params).contacts))


def write(run: StepRun, found: Recipients) -> Progress:
    """Write to everybody found: all of the mails, or none if one of them would have a hole."""
    template, sender = template_of(run.params), sender_for(run.play.account, run.play.owner)
    if template is None or sender is None:
        return Failed("The e-mail cannot be written any more: its template or whoever signs it is gone.")
    letter = Letter(run.play.account, sender.member, run.today)
    try:
        sent = _send_all(run, letter, found, template)
    except (ValueMissing, MailRefused) as error:
        return Failed(str(error)[:500])
    return _so_far(run, sent, found, sender.note)


# A savepoint: what was queued before one of them is refused is not sent either.
@transaction.atomic
def _send_all(run: StepRun, letter: Letter, found: Recipients, template: EmailTemplate) -> list[Message]:
    # Two plays that write to one person at the same moment must see each other.
    lock_in_workspace("e-mails of plays")
    leaving = leaving_times([one.pk for one in found.contacts], run.step.pk)
    lost = Message.objects.filter(step=run.step, mail__state__in=CAME_TO_NOTHING)
    tries = Counter(lost.values_list("contact_id", flat=True))
    return [
        send_message(
            one,
            letter,
            by=run.by,
            key=_key(run, one.contact.pk, tries[one.contact.pk]),
            template=template,
            step=run.step,
            leaving=leaving[one.contact.pk],
        )
        for one in compose_for(found.contacts, parsed_of(template), letter)
    ]


def _key(run: StepRun, contact_id: int, tries: int) -> str:
    """What a step writes to somebody is written once, and again only after it came to nothing."""
    key = f"step {run.step.pk} contact {contact_id}"
    return f"{key} again {tries}" if tries else key


def _so_far(run: StepRun, sent: list[Message], found: Recipients, note: str) -> Progress:
    notes = [note]
    if found.instead:
        notes.append(f"Nobody has that role: written to {found.contacts[0].name} instead.")
    if found.without_address:
        notes.append(f"Without an address: {', '.join(found.without_address)}.")
    late = [
        message.mail for message in sent if message.mail.state == MailState.WAITING and message.mail.trail
    ]
    if late:
        notes.append(str(late[0].trail[-1]["what"]) + (f" And {len(late) - 1} more." if late[1:] else ""))
    result = {"messages": [message.pk for message in sent], "without_address": found.without_address}
    over = ending(run.step, [message.mail.state for message in sent])
    text = " ".join(part for part in notes if part)[:500]
    if over is None:
        return Waits(note=text, result=result)
    if isinstance(over, Failed):
        return over
    return Ended(over.outcome, f"{text} {over.note}".strip()[:500], result)


def _nobody(params: Params) -> str:
    to = dict(To.choices).get(str(params.get("to_role")), "nobody").lower()
    whom = (
        "the successor, with the role of the contact before,"
        if params.get("to_role") == To.SUCCESSOR
        else "one"
    )
    return (
        f"Nobody can be written to: the account has no contact with an e-mail address for “{to}”. "
        f"Add {whom} on the account's page under People, then try again, or skip this step."
    )


def settled(states: list[str]) -> tuple[str, str] | None:
    """(outcome, words) once all mails have ended; None while one waits, also for a person's decision."""
    if any(state not in ENDED for state in states):
        return None
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    how = ", ".join(f"{count} {MailState(state).label.lower()}" for state, count in counts.items())
    if MailState.SENT not in states:
        return NONE_SENT, f"{how}."
    # Without a server nobody has got anything, and the play must not look as if they had.
    return SENT, f"{how}. {why_no_server(to_files=False)}".strip()


def ending(step: PlayStep, states: list[str]) -> Ended | Failed | None:
    """How a step ends whose e-mails stand so; None while it waits.

    That nobody got anything stops the play, unless a step behind it asks how this one ended.
    """
    over = settled(states)
    if over is None:
        return None
    outcome, how = over
    if outcome == SENT or asks_how(planned_steps(step.play.playbook_version.steps), step.key):
        return Ended(outcome, how)
    return Failed(f"None of its e-mails was sent: {how} {PUT_RIGHT}")


def look(run: StepRun) -> Progress:
    """How the step's e-mails stand, should the news of them have been lost."""
    states = Message.objects.filter(step=run.step).values_list("mail__state", flat=True)
    if run.step.result.get("review") or not states:
        return Waits()
    return ending(run.step, list(states)) or Waits()


def foresee(account: Any, signal: Any, params: Params) -> Sequence[str]:
    """Who would get which e-mail, and who would not."""
    template, found = template_of(params), addressed(account, signal, params)
    if template is None or check(params):
        return ()
    if not found.contacts:
        return [_nobody(params)]
    names = [one.name for one in found.contacts]
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    said = [f"To {', '.join(names[:FEW])}{more}: “{_subject(template, account, found.contacts[0])}”."]
    if not is_reviewed(params):
        said.append("It leaves unseen: nobody is asked first.")
    stopped = suppressed_among([one.email for one in found.contacts])
    said += [f"{address} gets no e-mails ({why})." for address, why in stopped.items()]
    return said


def _subject(template: EmailTemplate, account: Any, contact: Contact) -> str:
    """The subject as one recipient reads it; the bare one if nobody can sign it so far."""
    sender, pieces = sender_for(account), parsed_of(template).subject
    if sender is None:
        return template.subject
    letter, names = Letter(account, sender.member, today()), names_in(pieces)
    return preview(pieces, {**shared_values(names, letter), **contact_values(contact, names)})


def follows(play: Any, params: Params) -> str:
    """What the step does when its turn comes, as the end of a sentence about its play."""
    mails = plural(len(addressed(play.account, play.signal, params).contacts), "e-mail")
    return f"waits for your look at {mails}" if is_reviewed(params) else f"writes {mails} to the customer"


EMAIL = StepKind(
    "email", "E-mail", EmailForm, words, begin,
    look=look, cancel=cancel, paused=pause, resumed=resume, handed=hand_look,
    outcomes=lambda params: OUTCOMES, check=check, order=20,
    foresee=foresee, follows=follows, tells_leader=is_reviewed,
)  # fmt: skip
