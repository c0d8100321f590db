"""Signing in, through the real pages."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client, override_settings

from csworkspace.people.models import Membership, User
from csworkspace.people.persons import password_link
from tests.csworkspace.web.markup import blocked
from tests.kit import PASSWORD, WalledClient, make_person

LOGIN = "/sign-in/login/"
pytestmark = pytest.mark.usefixtures("clean_cache")


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_by_email_in_any_case(here):
    client = WalledClient()
    response = sign_in(client, "  CSM@Northwind.example ")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/w/northwind/book/"
    assert client.get("/w/northwind/")["Location"] == "/w/northwind/book/"


def test_the_root_page_by_number_of_workspaces(here, elsewhere):
    client = WalledClient()
    assert client.get("/")["Location"] == "/sign-in/login/?next=/"
    client.force_login(
        here.members["viewer"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/")["Location"] == "/w/northwind/portal/"
    both = here.members["csm"].user
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(elsewhere.workspace.pk):
        Membership.objects.create(user=both, role="executive")
    client.force_login(both, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/")
    assert [(c.name, c.role, c.url) for c in page.context["choices"]] == [
        ("Northwind", "CSM", "/w/northwind/book/"),
        ("Northwind Traders", "Executive", "/w/northwind-traders/portfolio/"),
    ]
    client.force_login(
        make_person("nobody@x.example"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "not a member of any workspace" in client.get("/").text


def test_five_wrong_passwords_lock_this_address_from_here(here):
    client = WalledClient()
    for _ in range(4):
        assert sign_in(client, "csm@northwind.example", "wrong").status_code == 200
    fifth = sign_in(client, "CSM@northwind.example", "wrong")
    assert (fifth.status_code, fifth["Retry-After"]) == (429, "900")
    assert "Too many wrong passwords" in fifth.text
    assert sign_in(client, "csm@northwind.example").status_code == 429, "the right one too"
    for _ in range(12):
        assert sign_in(client, "csm@northwind.example", "wrong").status_code == 429, (
            "nothing masks the lockout"
        )
    assert AccessAttempt.objects.get().failures_since_start == 5
    assert sign_in(WalledClient(), "csm@northwind.example", REMOTE_ADDR="198.51.100.7").status_code == 302
    assert sign_in(WalledClient(), "manager@northwind.example").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_failures_are_kept_although_the_sign_in_failed():
    """In a real transaction: a refused sign-in must not take its own record back."""
    client = Client()
    for _ in range(4):
        assert sign_in(client, "x@x.example", "wrong").status_code == 200
    assert AccessAttempt.objects.get().failures_since_start == 4
    assert sign_in(client, "x@x.example", "wrong").status_code == 429
    assert sign_in(client, "x@x.example", "wrong").status_code == 429


def test_a_new_password_opens_what_was_locked(here):
    client = WalledClient()
    for _ in range(5):
        sign_in(client, "csm@northwind.example", "wrong")
    client.post("/sign-in/password/reset/", {"email": "csm@northwind.example"})
    page = client.get(re.search(r"http://localhost:8000(/\S+)", mail.outbox[0].body)[1], follow=True)
    new = "another horse battery"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert client.get("/w/northwind/jobs/").status_code == 200, "signed in"
    assert sign_in(WalledClient(), "csm@northwind.example", new).status_code == 302


def test_success_forgets_the_failures(here):
    client = WalledClient()
    for _ in range(4):
        sign_in(client, "csm@northwind.example", "wrong")
    assert sign_in(client, "csm@northwind.example").status_code == 302
    assert AccessAttempt.objects.count() == 0


@pytest.mark.parametrize("name", ["\x00", "a" * 400, "x@" + "y" * 300, "<script>"])
def test_hostile_names(here, name):
    assert sign_in(WalledClient(), name, "wrong").status_code == 200


def test_unknown_and_known_addresses_look_the_same(here):
    known = sign_in(WalledClient(), "csm@northwind.example", "wrong").text
    unknown = sign_in(WalledClient(), "no@northwind.example", "wrong").text
    strip = re.compile(r'value="[^"]*"|hx-headers=\S+ \S+')
    assert strip.sub("", known) == strip.sub("", unknown)


def test_nobody_signs_up_by_themselves(here):
    before = User.objects.count()
    client = WalledClient()
    assert "People join by invitation" in client.get("/sign-in/signup/").text
    client.post("/sign-in/signup/", {"email": "new@x.example", "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.count() == before


def test_password_reset_by_mail_and_only_once(here):
    client = WalledClient()
    client.post("/sign-in/password/reset/", {"email": "csm@northwind.example"}, HTTP_HOST="testserver")
    (message,) = mail.outbox
    link = re.search(r"http://localhost:8000(/\S+)", message.body)[1]
    page = client.get(link, follow=True)
    assert "Set your password" in page.text
    path = page.redirect_chain[-1][0]
    new = "another horse battery"
    done = client.post(path, {"password1": new, "password2": new})
    assert done.status_code == 302
    assert sign_in(WalledClient(), "csm@northwind.example").status_code == 200
    assert sign_in(WalledClient(), "csm@northwind.example", new).status_code == 302
    assert "no longer works" in WalledClient().get(link, follow=True).text


def test_a_link_in_mail_never_names_the_visitors_host(here, settings):
    settings.ALLOWED_HOSTS = ["*"]
    WalledClient().post(
        "/sign-in/password/reset/", {"email": "csm@northwind.example"}, HTTP_HOST="evil.example"
    )
    assert "evil.example" not in mail.outbox[0].body + mail.outbox[0].subject


def test_the_shells_link_sets_a_password_and_signs_in(here):
    user = User.objects.create_user("new@x.example")
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = WalledClient()
    page = client.get(password_link(user).removeprefix("http://localhost:8000"), follow=True)
    done = client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert done["Location"] == "/"
    assert client.get("/").status_code == 200


def test_an_unproven_address_must_be_confirmed_first(here):
    user = User.objects.create_user("late@x.example", PASSWORD)
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    client = WalledClient()
    assert sign_in(client, user.email)["Location"] == "/sign-in/confirm-email/"
    assert client.get("/")["Location"] == "/sign-in/login/?next=/"
    link = re.search(r"http://localhost:8000(/\S+)", mail.outbox[0].body)[1]
    assert client.post(link).status_code == 302
    assert EmailAddress.objects.get(user=user).verified


def test_the_session_is_a_new_one_after_signing_in(here):
    client = WalledClient()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in(client, "csm@northwind.example")
    assert client.cookies["sessionid"].value != before
    signed_in = client.cookies["sessionid"].value
    client.post("/sign-in/logout/")
    stolen = WalledClient()
    stolen.cookies["sessionid"] = signed_in
    assert stolen.get("/").status_code == 302, "a session that was signed out is gone"


def test_changing_the_password_ends_other_sessions(here):
    one, two = WalledClient(), WalledClient()
    for client in (one, two):
        sign_in(client, "csm@northwind.example")
    new = "another horse battery"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert one.post("/sign-in/password/change/", fields).status_code == 302
    assert two.get("/w/northwind/").status_code == 302
    assert two.get("/")["Location"].startswith("/sign-in/login/")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_next_stays_on_this_site(here, target):
    response = WalledClient().post(
        LOGIN, {"login": "csm@northwind.example", "password": PASSWORD, "next": target}
    )
    assert response["Location"] == "/"


def test_next_is_followed_when_it_is_ours(here):
    client = WalledClient()
    asked = client.get("/w/northwind/jobs/?state=dead")
    assert asked["Location"] == "/sign-in/login/?next=/w/northwind/jobs/%3Fstate%3Ddead"
    fields = {"login": "csm@northwind.example", "password": PASSWORD, "next": "/w/northwind/jobs/?state=dead"}
    assert client.post(LOGIN, fields)["Location"] == "/w/northwind/jobs/?state=dead"


class TestSecondFactor:
    @override_settings(MFA_REQUIRED_ROLES=["admin"])
    def test_admins_are_sent_to_set_one_up(self, here):
        admin, manager = WalledClient(), WalledClient()
        sign_in(admin, "admin@northwind.example")
        sign_in(manager, "manager@northwind.example")
        response = admin.get("/w/northwind/settings/members/")
        assert response["Location"] == "/sign-in/2fa/"
        page = admin.get("/sign-in/2fa/").text
        assert "Northwind asks for a second step from everybody with the role Admin." in page
        assert manager.get("/w/northwind/jobs/").status_code == 200
        secret = generate_totp_secret()
        TOTP.activate(here.members["admin"].user, secret)
        assert admin.get("/w/northwind/settings/members/").status_code == 200

    @override_settings(MFA_REQUIRED_ROLES=["admin"])
    def test_an_admin_cannot_act_without_one(self, here):
        admin = WalledClient()
        sign_in(admin, "admin@northwind.example")
        pk = here.members["csm"].pk
        assert admin.post(f"/w/northwind/settings/members/{pk}/deactivations/").status_code == 302
        assert Membership.objects.get(pk=pk).is_active

    def test_totp_is_set_up_and_asked_for(self, here):
        from allauth.mfa.totp.internal.auth import (
            format_hotp_value,
            hotp_value,
            yield_hotp_counters_from_time,
        )

        def code(secret: str) -> str:
            return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

        client = WalledClient()
        sign_in(client, "csm@northwind.example")
        page = client.get("/sign-in/2fa/totp/activate/", follow=True)
        if "reauthenticate" in (page.redirect_chain or [["", ""]])[-1][0]:
            page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
        secret = page.context["form"].secret
        assert client.post("/sign-in/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
        assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]
        client.post("/sign-in/logout/")
        assert sign_in(client, "csm@northwind.example")["Location"] == "/sign-in/2fa/authenticate/"
        assert client.get("/")["Location"] == "/sign-in/login/?next=/", "not in before the second step"
        asked = client.get("/sign-in/2fa/authenticate/")
        assert blocked(asked.text) == []

    def test_passkeys_are_offered_with_scripts_of_our_own_site(self, here, client):
        page = client.get(LOGIN).text
        assert "Sign in with a passkey" in page
        sources = re.findall(r'<script src="(/static/[^"]+)"', page)
        assert [s for s in sources if "webauthn" in s] != []
        for source in sources:
            assert client.get(source).status_code == 200, source
        options = client.get("/sign-in/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
        assert "challenge" in options.json()["request_options"]["publicKey"]


@pytest.mark.parametrize(
    "path",
    ["login", "logout", "signup", "password/reset", "password/reset/done", "password/change", "email",
     "confirm-email", "reauthenticate", "2fa", "2fa/totp/activate", "2fa/webauthn", "2fa/webauthn/add",
     "2fa/recovery-codes/generate", "inactive"],
)  # fmt: skip
def test_every_page_is_ours_and_without_inline_code(here, path):
    client = WalledClient()
    for person in ("", "csm@northwind.example"):
        if person:
            sign_in(client, person)
        page = client.get(f"/sign-in/{path}/", follow=True)
        if page.redirect_chain and "reauthenticate" in page.redirect_chain[-1][0]:
            page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
        assert page.status_code == 200
        assert "css/tokens.css" in page.text
        assert blocked(page.text) == []
