"""Signing in, signing out, being locked out; who lands where."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import address_of, follow, heading, press, sign_in, try_sign_in


def test_a_wrong_password_keeps_the_address_and_says_so(page, site):
    try_sign_in(page, site, "csm", "not-the-password")
    assert "/sign-in/login/" in page.url
    expect(
        page.get_by_text("The email address and/or password you specified are not correct.")
    ).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("csm@tidewater.example")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")


@pytest.mark.parametrize(
    ("who", "path", "title"),
    [
        ("admin", r"/w/tidewater/book/$", "Book of business"),
        ("manager", r"/w/tidewater/book/$", "Book of business"),
        ("csm", r"/w/tidewater/book/$", "Book of business"),
        ("executive", r"/w/tidewater/portfolio/$", "Portfolio"),
        ("ruth.kessler@brightwell.example", r"/w/tidewater/portal/\d+/$", "Brightwell Energy"),
        ("admin@tidewater-softworks.example", r"/w/tidewater-softworks/book/$", "Book of business"),
    ],
)
def test_each_role_lands_where_its_work_is(window, site, who, path, title):
    page = window(who)
    page.goto(site.url)
    expect(page).to_have_url(re.compile(path))
    assert heading(page) == title


def test_signing_out_closes_the_pages(page, site):
    sign_in(page, site, "jonas")
    page.get_by_label("Your account: Jonas Weiss").click()
    press(page, "Sign out")
    page.goto(site.at("book/"))
    expect(page).to_have_url(re.compile(r"/sign-in/login/\?next=/w/tidewater/book/"))
    assert heading(page) == "Sign in"


def test_the_page_asked_for_opens_after_signing_in(page, site):
    page.goto(site.at("plans/"))
    page.get_by_label("Email").fill(address_of("jonas"))
    page.get_by_label("Password", exact=True).fill("tidewater-demo")
    press(page, "Sign in")
    expect(page).to_have_url(re.compile(r"/w/tidewater/plans/$"))


def test_a_forgotten_password_is_asked_for_by_mail(page, site):
    page.goto(f"{site.url}/sign-in/login/")
    follow(page, "Forgot your password?")
    assert heading(page) == "Set a new password"
    page.get_by_label("Email").fill("nobody-here@tidewater.example")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/password/reset/done/")
    # The answer is the same whether or not the address is known.
    assert "nobody-here" not in page.locator("main").inner_text()


def test_five_wrong_passwords_close_the_sign_in(page, site):
    for number in range(5):
        try_sign_in(page, site, "locked-out@nowhere.example", f"wrong-{number}")
    assert heading(page) == "Too many wrong passwords"
    assert "for 15 minutes" in page.locator("main").inner_text()
    follow(page, "Set a new password")
    assert heading(page) == "Set a new password"
