"""A signal is raised by hand, found in the inbox, acknowledged in its place, and resolved with others."""

import re

from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, notice, open_account, press, unusual

ACCOUNT = "Sundby Elektro"


def test_from_raising_a_signal_to_resolving_it(window, site):
    page = window("csm")
    number = open_account(page, site, ACCOUNT)
    page.get_by_role("navigation", name="Sections of the account").get_by_role("link", name="Signals").click()
    page.wait_for_url(re.compile(r"/signals/$"))
    page.get_by_role("link", name="Raise a signal").click()
    title = unusual("The planner leaves in spring")
    page.get_by_label("What did you see?").fill(title)
    page.get_by_label("Kind").select_option(label="People change")
    page.get_by_label("How much does it matter?").select_option(label="High")
    press(page, "Raise it")
    assert notice(page) == "The signal is raised."
    assert_accessible(page)

    page.goto(site.at("signals/?owner=all&state=waiting&kind=people"))
    assert_accessible(page)
    row = page.locator(".signal-row", has_text=title)
    row.get_by_role("button", name="Acknowledge").click()
    expect(row.locator(".signal-state")).to_contain_text("Acknowledged by")
    assert page.url.endswith("kind=people"), "the page stays, the row changes"
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})

    row.get_by_role("checkbox").check()
    page.get_by_label("What became of them").select_option(label="Addressed")
    page.get_by_label("Note").fill("Met the new one.")
    press(page, "Resolve")
    assert notice(page) == "1 signal resolved."
    page.goto(site.at(f"accounts/{number}/signals/"))
    expect(page.locator("#past")).to_contain_text(title)
    assert_accessible(page)


def test_ticked_signals_are_snoozed_without_scripts(window, site):
    page = window("csm", java_script_enabled=False)
    page.goto(site.at("signals/?owner=all"))
    box = page.locator(".signal-row input[type=checkbox]").first
    title = box.get_attribute("aria-label")
    box.check()
    page.get_by_role("button", name="Snooze", exact=True).click()
    assert "1 signal snoozed." in page.locator("main").inner_text()
    page.goto(site.at("signals/?owner=all&state=snoozed"))
    row = page.locator(".signal-row", has_text=title)
    row.get_by_role("link", name=title).click()
    page.get_by_role("button", name="End the snooze").click()
    assert "The signal is open again." in page.locator("main").inner_text()
