"""The first command of anybody."""

import io
import json

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import Membership, User
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import across_workspaces
from csworkspace.tenancy.models import Workspace
from tests.kit import PASSWORD, WalledClient

pytestmark = pytest.mark.django_db


def create(*args: str, **options: object) -> dict:
    out = io.StringIO()
    arguments = {"slug": "acme", "admin": "Ada@Acme.example", **options}
    call_command("create_workspace", *(args or ("Acme",)), "--json", stdout=out, **arguments)
    return json.loads(out.getvalue().splitlines()[-1])


def test_a_workspace_with_an_admin_and_a_link():
    figures = create(timezone="Europe/Berlin", currency="eur")
    assert sorted(figures) == ["admin", "id", "link", "new_person", "slug"]
    assert (figures["slug"], figures["admin"], figures["new_person"]) == ("acme", "ada@acme.example", True)
    with open_workspace(figures["id"]):
        workspace = Workspace.objects.get()
        assert (workspace.name, workspace.timezone, workspace.currency) == ("Acme", "Europe/Berlin", "EUR")
        assert list(Membership.objects.values_list("user__email", "role")) == [("ada@acme.example", "admin")]
        assert sorted(AuditEntry.objects.values_list("verb", "actor")) == [
            ("created", "Command line"),
            ("joined", "Command line"),
        ]
    assert EmailAddress.objects.get().verified
    path = figures["link"].removeprefix("http://localhost:8000")
    client = WalledClient()
    page = client.get(path, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert client.get("/")["Location"] == "/w/acme/book/"


def test_somebody_who_signs_in_already_keeps_the_password():
    User.objects.create_user("ada@acme.example", PASSWORD)
    figures = create()
    assert (figures["new_person"], figures["link"]) == (False, "http://localhost:8000/sign-in/login/")
    assert User.objects.get().check_password(PASSWORD)
    second = create("Acme again", slug="acme-2")
    assert User.objects.count() == 1
    assert [ref.slug for ref in across_workspaces("test")] == ["acme", "acme-2"]
    assert second["id"] != figures["id"]


def test_a_taken_slug_changes_nothing():
    create()
    with pytest.raises(CommandError, match="The slug 'acme' is taken"):
        create("Other", admin="eve@x.example")
    assert list(User.objects.values_list("email", flat=True)) == ["ada@acme.example"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"slug": "Acme"}, "--slug 'Acme' is not usable"),
        ({"slug": "a--b"}, "is not usable"),
        ({"slug": "a/b"}, "is not usable"),
        ({"slug": "x" * 61}, "is not usable"),
        ({"slug": ""}, "is not usable"),
        ({"admin": "ada"}, "--admin 'ada' is not an e-mail address."),
        ({"admin": "a" * 250 + "@x.example"}, "is not an e-mail address"),
        ({"timezone": "Mars/Base"}, "--timezone 'Mars/Base' is unknown"),
        ({"currency": "EURO"}, "--currency 'EURO' must be three letters"),
    ],
)
def test_bad_options_are_named(options, complaint):
    with pytest.raises(CommandError, match=complaint):
        create(**options)
    assert across_workspaces("test") == []


@pytest.mark.parametrize("name", ["", "x" * 121, "a\x00b"])
def test_bad_names(name):
    with pytest.raises(CommandError, match="NAME must have"):
        create(name)
