"""A look at a template as one recipient would get it, with what is wrong with it."""

from dataclasses import dataclass
from datetime import date

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.mail.queries import suppressed_among
from csworkspace.people.models import Membership
from playbooks.messages.people import has_address, sender_for
from playbooks.messages.placeholders import holes, names_in, preview
from playbooks.messages.templates import Parsed
from playbooks.messages.values import Letter, contact_values, shared_values


@dataclass(frozen=True)
class Look:
    """The mail as it would be, who signs it, and warnings; stops: it could not be sent like this."""

    account: Account
    contact: Contact
    sender: Membership
    subject: str
    text: str
    warnings: list[str]
    stops: bool


def look_at(
    parsed: Parsed, account: Account, contact: Contact, me: Membership, today: date, *, by_hand: bool = False
) -> Look:
    """What `contact` would get from a playbook: signed by the account's owner, else by a manager.

    by_hand: `me` writes it.
    """
    sender = None if by_hand else sender_for(account)
    letter = Letter(account, sender.member if sender else me, today)
    pieces = [*parsed.subject, *parsed.body]
    names = names_in(pieces)
    values = {**shared_values(names, letter), **contact_values(contact, names)}
    missing, replaced = holes(pieces, values)
    warnings = [hole_words(name) for name in missing] + _about(contact)
    if sender and sender.note:
        warnings.append(sender.note)
    if replaced:
        shown = ", ".join("{{" + name + "}}" for name in replaced)
        warnings.append(f"No value for {shown}: your words for that case are used.")
    return Look(
        account, contact, letter.sender, preview(parsed.subject, values), preview(parsed.body, values),
        warnings, bool(missing),
    )  # fmt: skip


def hole_words(name: str) -> str:
    """Why a value is missing, and what helps."""
    why = {
        "account.renewal_on": "the account has no renewal date",
        "plan.title": "no plan is shared with this customer",
        "plan.progress": "no plan with targets is shared with this customer",
        "portal.link": "this person cannot sign in to the portal",
    }.get(name, "it has no value here")
    return f"Would not be sent: {{{{{name}}}}} is empty, because {why}. Write words for that case after |."


def _about(contact: Contact) -> list[str]:
    found = []
    if not has_address(contact):
        found.append(f"{contact.name} has no e-mail address.")
    for address, why in suppressed_among([contact.email]).items():
        found.append(f"{address} gets no e-mails ({why}): this one would not be sent.")
    if contact.left_on:
        found.append(f"{contact.name} has left.")
    return found
