"""The same paths with JavaScript switched off."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import JOB_LIMIT, column, follow, heading, open_account, press


@pytest.fixture
def page(window):
    """A CSM's window without JavaScript."""
    return window("csm", java_script_enabled=False)


def test_the_book_filters_and_sorts(page, site):
    page.goto(site.at("book/?owner=all"))
    page.get_by_label("Tier", exact=True).select_option(label="Top")
    press(page, "Apply")
    expect(page.locator("table.book-table tbody tr")).to_have_count(8)
    follow(page.locator("thead"), "ARR", exact=False)
    assert column(page, 1)[0] == "Brightwell Energy"
    expect(page.locator("table.book-table tbody tr")).to_have_count(8)


def test_a_report_reaches_its_result_by_looking_again(page, site):
    open_account(page, site, "Sundby Elektro")
    follow(page, "Reports")
    press(page, "Make the draft")
    # The page loads itself again until the job is done.
    expect(page.locator(".report-sheet")).to_contain_text("Objectives at a glance", timeout=JOB_LIMIT)


def test_a_form_with_an_error_keeps_what_was_typed(page, site):
    page.goto(site.at("accounts/new/"))
    page.get_by_label("Why they bought").fill("To see every job.")
    press(page, "Add account")
    assert heading(page) == "New account"
    expect(page.locator(".error-summary li")).to_have_text(["Name: This field is required."])
    expect(page.get_by_label("Why they bought")).to_have_value("To see every job.")
    follow(page.locator(".error-summary"), "Name")
    assert page.url.endswith("#id_name")


def test_menus_open_and_questions_are_asked(page, site):
    open_account(page, site, "Sundby Elektro")
    page.get_by_label("Your account: Priya Raman").click()
    expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
