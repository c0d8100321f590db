"""A person's look at the e-mails of a step before they leave."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.contacts.models import Contact
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.mail.queries import suppressed_among
from csworkspace.people.models import Membership
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import Conflict
from playbooks.messages.actions import parsed_of
from playbooks.messages.people import sender_for
from playbooks.messages.placeholders import holes, names_in, preview
from playbooks.messages.previews import hole_words
from playbooks.messages.steps import addressed, check, template_of, write
from playbooks.messages.timing import leaving_times
from playbooks.messages.values import Letter, contact_values, shared_values
from playbooks.playbooks.steps import Ended, Failed, StepRun, Waits
from playbooks.plays.actions import open_play
from playbooks.plays.advancing import run_of, settle
from playbooks.plays.models import Play, PlayState, PlayStep, StepState
from playbooks.plays.refusals import PlayRefused
from playbooks.plays.starting import advance_soon

CHANGED = "The texts or the recipients have changed since you looked. Look again, then send."


@dataclass(frozen=True)
class Sheet:
    """One e-mail as it would leave. stops: it has holes, so it cannot be sent; notes: what to know."""

    contact: Contact
    subject: str
    text: str
    stops: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True)
class Pile:
    """All e-mails of a step; seen: changes whenever one of them does. problem: none can be sent."""

    sheets: Sequence[Sheet]
    sender: Membership | None
    without_address: Sequence[str] = ()
    note: str = ""
    problem: str = ""

    @property
    def seen(self) -> str:
        """The same as long as recipients, texts and whoever signs are."""
        mails = [f"{one.contact.email}\0{one.subject}\0{one.text}" for one in self.sheets]
        told = "\0".join([str(self.sender.pk if self.sender else 0), *mails])
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def waits_for_look(step: PlayStep) -> bool:
    """Whether a step's e-mails wait for a person."""
    return step.kind == "email" and step.state == StepState.ACTIVE and bool(step.result.get("review"))


def pile_of(run: StepRun) -> Pile:
    """The e-mails as they would leave now."""
    account, sender = run.play.account, sender_for(run.play.account, run.play.owner)
    template, complaints = template_of(run.params), check(run.params)
    if complaints or template is None or sender is None:
        return Pile((), None, problem=complaints[0] if complaints else "Nobody can sign the e-mail.")
    found = addressed(account, run.play.signal, run.params)
    notes = [sender.note, "Nobody has that role: the main contact instead." if found.instead else ""]
    parsed, letter = parsed_of(template), Letter(account, sender.member, run.today)
    pieces = [*parsed.subject, *parsed.body]
    names = names_in(pieces)
    shared = shared_values(names, letter)
    stopped = suppressed_among([one.email for one in found.contacts])
    leaving = leaving_times([one.pk for one in found.contacts], run.step.pk)
    sheets = []
    for one in found.contacts:
        values = {**shared, **contact_values(one, names)}
        missing, replaced = holes(pieces, values)
        why = stopped.get(one.email.lower())
        said = [f"{one.email} gets no e-mails ({why}): this one would not be sent."] if why else []
        said += [leaving[one.pk].why] if leaving[one.pk].why and not why else []
        said += (
            [f"No value for {', '.join(replaced)}: your words for that case are used."] if replaced else []
        )
        texts = preview(parsed.subject, values), preview(parsed.body, values)
        sheets.append(Sheet(one, *texts, [hole_words(name) for name in missing], said))
    return Pile(sheets, sender.member, found.without_address, " ".join(filter(None, notes)))


@transaction.atomic
def send_reviewed(
    play: Play,
    step_id: int,
    contact_ids: Collection[int],
    *,
    by: Actor,
    seen: str,
    version: int | None = None,
) -> int:
    """Send the e-mails that a person has looked at to those that they chose; how many.

    Raises Conflict if they are not what was looked at, PlayRefused if they cannot be sent.
    """
    play = open_play(play, version, PlayState.RUNNING)
    steps = list(play.steps.all())
    step = next((one for one in steps if one.pk == step_id), None)
    if step is None or not waits_for_look(step):
        raise PlayRefused("These e-mails do not wait any more.")
    run = run_of(play, step)
    pile = pile_of(run)
    if pile.seen != seen:
        raise Conflict(CHANGED)
    found = addressed(play.account, play.signal, run.params)
    chosen = [one for one in found.contacts if one.pk in contact_ids]
    if not chosen:
        raise PlayRefused("Choose at least one person, or skip the step.")
    progress = write(replace(run, by=by, today=today()), replace(found, contacts=chosen))
    if isinstance(progress, Failed):
        raise PlayRefused(progress.error)
    assert isinstance(progress, Ended | Waits)
    record("sent after a look", play, by=by, after={"step": step.title, "to": [one.name for one in chosen]})
    step.result = {**step.result, "review": None}
    settle(play, step, steps, progress)
    advance_soon([play.pk], by=by)
    return len(chosen)
