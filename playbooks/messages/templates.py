"""Templates of e-mails: making, changing and retiring them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.mail.addresses import MailRefused, one_line
from csworkspace.web.texts import plain_lines
from csworkspace.web.versions import check_version
from playbooks.messages.models import EmailTemplate
from playbooks.messages.placeholders import Piece, TemplateRefused, parse
from playbooks.messages.values import metric_keys

FIELDS = ("name", "purpose", "subject", "body")


class TemplateConflict(ValueError):
    """A field of a template that cannot be as it is; `field` of the form. others: fields wrong as well."""

    def __init__(
        self, field: str, complaints: list[str], others: Sequence[tuple[str, list[str]]] = ()
    ) -> None:
        super().__init__(" ".join(complaints))
        self.field, self.complaints = field, complaints
        self.all = [(field, complaints), *others]


@dataclass(frozen=True)
class Draft:
    """A ready-made template, or what a form holds."""

    name: str
    subject: str
    body: str
    purpose: str = ""
    key: str = ""


@dataclass(frozen=True)
class Parsed:
    """Subject and body as pieces."""

    subject: list[Piece]
    body: list[Piece]


def check_texts(subject: str, body: str, metrics: Iterable[str] | None = None) -> Parsed:
    """Read both texts. Raises TemplateConflict with sentences for the field that is wrong."""
    keys = metric_keys() if metrics is None else list(metrics)
    found: dict[str, list[Piece]] = {}
    wrong: list[tuple[str, list[str]]] = []
    for field, text in (("subject", subject), ("body", body)):
        try:
            if field == "subject":
                one_line(text, "subject")
            found[field] = parse(text, keys)
        except TemplateRefused as error:
            wrong.append((field, error.complaints))
        except MailRefused as error:
            wrong.append((field, [str(error)]))
    if wrong:
        raise TemplateConflict(*wrong[0], wrong[1:])
    return Parsed(found["subject"], found["body"])


@transaction.atomic
def create_template(draft: Draft, *, by: Actor) -> EmailTemplate:
    """Make a template. Raises TemplateConflict."""
    check_texts(draft.subject, draft.body)
    template = EmailTemplate(
        key=_free_key(draft.key or slugify(draft.name)[:50] or "e-mail"),
        name=draft.name.strip(),
        purpose=draft.purpose.strip(),
        subject=draft.subject.strip(),
        body=plain_lines(draft.body),
        actor=by.label[:160],
    )
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise TemplateConflict("name", ["A template of this name was made just now."]) from None
    record("created", template, by=by, after=values_of(template, FIELDS))
    return template


def _free_key(wanted: str) -> str:
    taken = set(EmailTemplate.objects.filter(key__startswith=wanted[:50]).values_list("key", flat=True))
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted[:50]}-{number}"
    return key


@transaction.atomic
def edit_template(
    template: EmailTemplate, draft: Draft, *, by: Actor, seen: int | None = None
) -> EmailTemplate:
    """Change a template; what it was stays in the audit log. Raises TemplateConflict, Conflict."""
    locked = EmailTemplate.objects.select_for_update().get(pk=template.pk)
    check_version(locked, seen)
    check_texts(draft.subject, draft.body)
    before = values_of(locked, FIELDS)
    locked.name, locked.purpose = draft.name.strip(), draft.purpose.strip()
    locked.subject, locked.body = draft.subject.strip(), plain_lines(draft.body)
    after = values_of(locked, FIELDS)
    if before != after:
        locked.version += 1
        locked.save()
        record("changed", locked, by=by, before=before, after=after)
    return locked


@transaction.atomic
def retire_template(template: EmailTemplate, *, by: Actor, back: bool = False) -> EmailTemplate:
    """Offer a template no more, or again; what it wrote stays."""
    locked = EmailTemplate.objects.select_for_update().get(pk=template.pk)
    if bool(locked.retired_at) == back:
        locked.retired_at = None if back else timezone.now()
        locked.version += 1
        locked.save()
        record("brought back" if back else "retired", locked, by=by)
    return locked


@transaction.atomic
def ensure_templates(drafts: Iterable[Draft], *, by: Actor) -> list[EmailTemplate]:
    """The templates with these keys, in order; those that are missing are made."""
    wanted = list(drafts)
    there = {one.key: one for one in EmailTemplate.objects.filter(key__in=[draft.key for draft in wanted])}
    return [there.get(draft.key) or create_template(draft, by=by) for draft in wanted]
