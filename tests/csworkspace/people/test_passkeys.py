"""A passkey, registered and used in a real browser under the real content policy."""

import os

import pytest
from django.db import transaction

from tests.kit import PASSWORD, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@pytest.fixture
def page(monkeypatch):
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop in this thread
    with sync_playwright() as play:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        with play.chromium.launch(executable_path=path, args=FLAGS) as browser:
            page = browser.new_page()
            session = page.context.new_cdp_session(page)
            session.send("WebAuthn.enable")
            session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
            yield page


def test_a_passkey_signs_in_without_a_password_and_as_the_second_step(live_server, page, clean_cache):
    with transaction.atomic():
        make_world("northwind")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/sign-in/login/?next=/you/")
    page.get_by_label("Email").fill("csm@northwind.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Two-step sign-in").first.click()
    page.get_by_role("link", name="Add a passkey").click()
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{live_server.url}/sign-in/2fa/webauthn/")
    assert "My laptop" in page.get_by_role("row").nth(1).inner_text()
    assert "passkey" in page.get_by_role("row").nth(1).inner_text()
    page.goto(f"{live_server.url}/sign-in/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/sign-in/login/?next=/you/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/you/")
    assert page.get_by_label("Your name").input_value() == "Csm of Northwind"
    page.goto(f"{live_server.url}/sign-in/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/sign-in/login/?next=/you/")
    page.get_by_label("Email").fill("csm@northwind.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url("**/you/")
    assert complaints == []
