"""`create_workspace NAME --slug SLUG --admin EMAIL`: a workspace and its first admin."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from csworkspace.audit.actions import record
from csworkspace.audit.actor import SHELL
from csworkspace.people.models import Role
from csworkspace.people.persons import add_member, ensure_person, password_link, sign_in_link
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.zones import CURRENCY_FORM, is_zone

SLUG_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Command(BaseCommand):
    """Creates a workspace; a new admin gets a link to set a password, valid once."""

    help = "Create a workspace with its first admin."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, slug, admin; time zone and currency; --json."""
        parser.add_argument("name", metavar="NAME", help='what the workspace is called, such as "Northwind"')
        parser.add_argument("--slug", required=True, help="its part of the address: a-z, 0-9 and hyphens")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="the first admin")
        parser.add_argument("--timezone", default="UTC", help="such as Europe/Berlin (default UTC)")
        parser.add_argument("--currency", default="USD", help="three letters, such as EUR (default USD)")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, create, and say how to go on."""
        try:
            figures = self._create(checked(options))
        except CommandError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}))
            raise
        self._report(figures, as_json=options["json"])

    def _create(self, values: Mapping[str, str]) -> dict[str, Any]:
        try:
            with transaction.atomic():
                return create(values)
        except IntegrityError as error:
            if "slug" in str(error):
                raise CommandError(
                    f"The slug {values['slug']!r} is taken. Choose another with --slug."
                ) from error
            raise

    def _report(self, figures: Mapping[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(f"Workspace {figures['slug']} is ready.")
        way = "sets a password here, once" if figures["new_person"] else "signs in here"
        self.stdout.write(f"{figures['admin']} {way}:\n{figures['link']}")


def checked(options: Mapping[str, Any]) -> dict[str, str]:
    """The options, trimmed. Raises CommandError that names the option and what it should be."""
    values = {key: str(options[key]).strip() for key in ("name", "slug", "admin", "timezone", "currency")}
    values["currency"] = values["currency"].upper()
    for value, good, text in (
        (values["name"], 0 < len(values["name"]) <= 120, "NAME must have 1 to 120 characters."),
        (
            values["slug"],
            SLUG_FORM.fullmatch(values["slug"]) and len(values["slug"]) <= 60,
            "--slug {!r} is not usable: small letters, digits and single hyphens, at most 60 characters.",
        ),
        (values["admin"], is_email(values["admin"]), "--admin {!r} is not an e-mail address."),
        (values["timezone"], is_zone(values["timezone"]), "--timezone {!r} is unknown; try Europe/Berlin."),
        (
            values["currency"],
            CURRENCY_FORM.fullmatch(values["currency"]),
            "--currency {!r} must be three letters, such as EUR.",
        ),
    ):
        if not good or "\x00" in value:
            raise CommandError(text.format(value))
    return values


def is_email(text: str) -> bool:
    """Whether the text has the form of an e-mail address that fits our column."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def create(values: Mapping[str, str]) -> dict[str, Any]:
    """The workspace, its admin, and the link the admin needs next; one transaction around it."""
    workspace = create_workspace(
        values["name"], values["slug"], timezone=values["timezone"], currency=values["currency"]
    )
    record("created", workspace, by=SHELL, after={k: values[k] for k in ("name", "timezone", "currency")})
    user, _ = ensure_person(values["admin"], verified=True)
    add_member(user, Role.ADMIN, by=SHELL)
    new = not user.has_usable_password()
    return {
        "id": workspace.pk,
        "slug": workspace.slug,
        "admin": user.email,
        "new_person": new,
        "link": password_link(user) if new else sign_in_link(),
    }
