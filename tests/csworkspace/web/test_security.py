"""What browsers are told, and what pages must not contain."""

import pytest
from django.test import Client, override_settings

from csworkspace.people.models import Role
from tests.csworkspace.routes.kit import Route, identify, least, model_of, workspace_routes
from tests.csworkspace.web.markup import blocked
from tests.kit import PASSWORD, WalledClient, client_of

PAGES = [route for route in workspace_routes() if not route.parameters or route.path.count("<") == 2]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_pages_carry_no_inline_code_and_hostile_names_stay_text(here, route: Route):
    here.account.name = hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    here.account.save()
    client = client_of(here.members[Role.ADMIN])
    values = {name: identify(least(model_of(s, c), here), c) for s, c, name in route.parameters}
    response = client.get(route.url(here, values))
    if response.status_code == 405 or not response["Content-Type"].startswith("text/html"):
        return
    assert response.status_code in (200, 302, 404), "a page that nobody could open"
    assert blocked(response.text) == []
    assert hostile not in response.text


def test_every_answer_carries_the_policy_and_the_headers(here):
    client = client_of(here.members["csm"])
    for url in ("/sign-in/login/", here.url("jobs/"), here.url("nothing-here/"), "/w/nowhere/jobs/"):
        response = client.get(url)
        assert {part.strip() for part in response["Content-Security-Policy"].split(";")} == POLICY
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_cookies_are_kept_from_scripts_and_other_sites(here):
    client = WalledClient()
    client.get("/sign-in/login/")
    client.post("/sign-in/login/", {"login": "csm@northwind.example", "password": PASSWORD}, secure=True)
    assert sorted(client.cookies) == ["csrftoken", "sessionid"]
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True), cookie.key


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_https_is_insisted_on(db):
    plain = Client().get("/sign-in/login/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/sign-in/login/")
    assert "max-age=31536000" in Client().get("/sign-in/login/", secure=True)["Strict-Transport-Security"]


def test_a_strange_host_is_refused(db):
    assert Client().get("/sign-in/login/", HTTP_HOST="evil.example").status_code == 400


def test_pages_of_a_signed_in_person_are_not_kept_by_htmx(here):
    page = client_of(here.members["csm"]).get(here.url("jobs/")).text
    for setting in (
        '"allowEval":false',
        '"includeIndicatorStyles":false',
        '"selfRequestsOnly":true',
        '"historyCacheSize":0',
    ):
        assert setting in page


def test_posting_without_the_token_is_refused(here):
    client = client_of(here.members["admin"])
    client.handler.enforce_csrf_checks = True
    assert client.post(here.url("settings/workspace/"), {"name": "x"}).status_code == 403
    assert client.post("/sign-in/logout/").status_code == 403
    client.get("/sign-in/login/")
    anonymous = Client(enforce_csrf_checks=True)
    assert anonymous.post("/sign-in/login/", {"login": "a@b.example", "password": "x"}).status_code == 403


def test_signing_out_takes_a_post(here):
    client = client_of(here.members["csm"])
    assert client.get("/sign-in/logout/").status_code == 200
    assert client.get(here.url("jobs/")).status_code == 200
    client.post("/sign-in/logout/")
    assert client.get(here.url("jobs/")).status_code == 302


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "127.0.0.1"),
        ("203.0.113.9", 0, "127.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("", 1, "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_proxy_says_not_the_visitor(rf, settings, forwarded, proxies, address):
    from csworkspace.people.addresses import client_address

    settings.PROXY_COUNT = proxies
    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_the_local_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    from csworkspace.web.local_secret import local_secret

    first = local_secret(tmp_path / "state")
    assert len(first) >= 60
    assert local_secret(tmp_path / "state") == first
    assert (tmp_path / "state" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secret_key"]


def test_what_a_workspace_showed_is_kept_in_no_cache(here):
    client = client_of(here.members["csm"])
    assert client.get(here.url("jobs/"))["Cache-Control"] == "private, no-store"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(here):
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/w/northwind/book/?q=a"}
    response = WalledClient().get(here.url("jobs/1/progress/"), **headers)
    assert response["HX-Redirect"] == "/sign-in/login/?next=/w/northwind/book/%3Fq%3Da"
    foreign = {**headers, "HTTP_HX_CURRENT_URL": "https://evil.example/x"}
    response = WalledClient().get(here.url("jobs/1/progress/"), **foreign)
    assert response["HX-Redirect"] == "/sign-in/login/?next=/"
