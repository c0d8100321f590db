"""Contacts, templates and plays for the tests of messages."""

from typing import Any

from django.utils import timezone

from accounts.contacts.models import Contact
from playbooks.messages.models import EmailTemplate
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.steps import StepRun
from playbooks.plays.models import Play, PlayStep
from tests.kit import BY
from tests.playbooks.kit import TODAY

BODY = "Hello {{contact.first_name|there}},\n\nhow is {{account.name}}?\n\n{{sender.name}}"


def make_contact(account: Any, name: str = "Ruth Kessler", role: str = "champion", **fields: Any) -> Contact:
    email = fields.pop("email", f"{name.split()[0].lower()}@customer.example")
    return Contact.objects.create(account=account, name=name, role=role, email=email, **fields)


def make_template(key: str = "hello", **fields: Any) -> EmailTemplate:
    values = {
        "name": key.title(),
        "subject": "Hello {{account.name}}",
        "body": BODY,
        "actor": "Test",
        **fields,
    }
    return EmailTemplate.objects.create(key=key, **values)


def make_step(account: Any, kind: str = "email", key: str = "s1", **params: Any) -> StepRun:
    """An active step of a running play, as the engine gives it to its kind."""
    if kind == "email":
        params.setdefault("review", False)
    playbook, _ = Playbook.objects.get_or_create(name="Renewal", defaults={"actor": "Test"})
    version, _ = PlaybookVersion.objects.get_or_create(
        playbook=playbook, number=1, defaults={"actor": "Test"}
    )
    play = Play.objects.create(
        account=account,
        playbook=playbook,
        playbook_version=version,
        cause=f"by hand {Play.objects.count()}",
        cause_words="Started by hand",
        is_parallel=True,
        started_at=timezone.now(),
        started_on=TODAY,
        actor="Test",
    )
    step = PlayStep.objects.create(
        account=account, play=play, key=key, position=1, kind=kind, title="Step", state="active"
    )
    return StepRun(play, step, params, BY, TODAY)
