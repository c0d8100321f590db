"""The steps of playbooks that write e-mails."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction

from csworkspace.mail.actions import cancel_mail
from csworkspace.mail.addresses import MailRefused
from csworkspace.mail.models import ENDED, MailState
from csworkspace.mail.transport import why_no_server
from playbooks.messages.actions import compose_for, parsed_of, send_message
from playbooks.messages.models import EmailTemplate, Message
from playbooks.messages.people import Recipients, To, recipients_of, sender_for
from playbooks.messages.placeholders import ValueMissing
from playbooks.messages.templates import TemplateConflict
from playbooks.messages.values import Letter
from playbooks.playbooks.steps import Ended, Failed, Params, Progress, StepForm, StepKind, StepRun, Waits

MAIN = "main"
SENT, NONE_SENT = "sent", "none_sent"
OUTCOMES = ((SENT, "At least one was sent"), (NONE_SENT, "None was sent"))


class EmailForm(StepForm):
    """Which template, to whom."""

    template = forms.ModelChoiceField(
        EmailTemplate.objects.none(), label="Template", to_field_name="key", empty_label="Choose one"
    )
    to_role = forms.ChoiceField(
        label="To", choices=To.choices, help_text="The account's people who have not left."
    )
    fallback = forms.ChoiceField(
        label="If nobody in that role can be written to",
        required=False,
        choices=((MAIN, "Write to the main contact"), ("", "Stop, and wait for a person")),
        help_text="The main contact is the first with an address: sponsor, champion, administrator, others.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = EmailTemplate.objects.filter(retired_at=None).order_by("name")
        self.fields["template"].queryset = offered  # type: ignore[attr-defined]

    def params(self) -> Params:
        """The template by its key: ready-made playbooks name it so, too."""
        return {**super().params(), "template": self.cleaned_data["template"].key}


def template_of(params: Params) -> EmailTemplate | None:
    """The chosen template, if it is there."""
    return EmailTemplate.objects.filter(key=str(params.get("template") or "")).first()


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


def begin(run: StepRun) -> Progress:
    """Write to everybody in the role: all of the mails, or none if one of them would have a hole."""
    account, params = run.play.account, run.params
    complaints, template = check(params), template_of(params)
    if complaints or template is None:
        return Failed(complaints[0])
    found = recipients_of(account.pk, str(params.get("to_role")), main_instead=params.get("fallback") == MAIN)
    sender = sender_for(account)
    if not found.contacts:
        return Failed(_nobody(params))
    if sender is None:
        return Failed("Nobody can sign the e-mail: give the account an owner who is active, then try again.")
    letter = Letter(account, sender.member, run.today)
    try:
        sent = _send_all(run, letter, found, template)
    except (ValueMissing, MailRefused) as error:
        return Failed(str(error)[:500])
    return _so_far(sent, found, sender.note)


# A savepoint: what was queued before one of them is refused is not sent either.
@transaction.atomic
def _send_all(run: StepRun, letter: Letter, found: Recipients, template: EmailTemplate) -> list[Message]:
    return [
        send_message(
            one,
            letter,
            by=run.by,
            key=f"step {run.step.pk} contact {one.contact.pk}",
            template=template,
            step=run.step,
        )
        for one in compose_for(found.contacts, parsed_of(template), letter)
    ]


def _so_far(sent: list[Message], found: Recipients, note: str) -> Progress:
    notes = [note]
    if found.instead:
        notes.append(f"Nobody has that role: written to {found.contacts[0].name} instead.")
    if found.without_address:
        notes.append(f"Without an address: {', '.join(found.without_address)}.")
    result = {"messages": [message.pk for message in sent], "without_address": found.without_address}
    over = settled([message.mail.state for message in sent])
    text = " ".join(part for part in notes if part)[:500]
    if over is None:
        return Waits(note=text, result=result)
    outcome, how = over
    return Ended(outcome, f"{text} {how}".strip()[:500], result)


def _nobody(params: Params) -> str:
    to = dict(To.choices).get(str(params.get("to_role")), "nobody").lower()
    return (
        f"Nobody can be written to: the account has no contact with an e-mail address for “{to}”. "
        "Add one on the account's page under People, then try again, or skip this step."
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


def cancel(run: StepRun) -> None:
    """What waits is not sent any more; what has left, has left."""
    for message in Message.objects.filter(step=run.step).select_related("mail"):
        cancel_mail(message.mail, by=run.by, reason="The play was stopped, or the step skipped.")


EMAIL = StepKind(
    "email", "E-mail", EmailForm, words, begin,
    cancel=cancel, outcomes=lambda params: OUTCOMES, check=check, order=20,
)  # fmt: skip
