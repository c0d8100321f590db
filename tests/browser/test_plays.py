"""A playbook is started by hand, followed to its end, and tells its story afterwards."""

import re

from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, follow, notice, open_account, press, reload_until

ACCOUNT = "Calder Water"
MOST_STEPS = 40


def state(page):
    """The word beside the play's name."""
    return page.locator(".status-pill").first.inner_text().strip()


def begun(page):
    """Whether the play has come to rest: a step waits or has failed, or all is over."""
    waits = page.locator(".play-step[data-state=active], .play-step[data-state=failed]").count()
    return bool(waits) or state(page) == "Finished"


def test_a_play_is_started_by_hand_and_followed_to_its_end(window, site):
    page = window("csm")
    open_account(page, site, ACCOUNT)
    page.get_by_role("navigation", name="Sections of the account").get_by_role(
        "link", name="Plays & tasks"
    ).click()
    follow(page, "Start a playbook")
    choices = page.get_by_label("Playbook", exact=True).locator("option")
    name = choices.nth(choices.count() - 1).inner_text().strip()
    page.get_by_label("Playbook", exact=True).select_option(label=name)
    page.wait_for_url(re.compile(r"playbook=\d+"))
    expect(page.locator("#preview")).to_be_visible()
    assert page.locator(".play-step").count() > 1
    assert_accessible(page)
    page.get_by_label("Why now").fill("They asked for it on the phone.")
    press(page, "Start the playbook")
    page.wait_for_url(re.compile(r"/plays/\d+/$"))
    assert notice(page) == f"{name} has started on {ACCOUNT}."
    assert_accessible(page)
    press(page, "Pause")
    assert state(page) == "Paused"
    press(page, "Resume")
    for _ in range(MOST_STEPS):
        reload_until(page, lambda: begun(page))
        if state(page) == "Finished":
            break
        current = page.locator(".play-step[aria-current=step]").first
        current.locator("summary", has_text="Skip").click()
        current.get_by_label("Why it is skipped").fill("Done on the phone")
        press(current, "Skip this step")
    assert state(page) == "Finished"
    expect(page.locator(".play-step[data-state=skipped]").first).to_contain_text("Done on the phone")
    expect(page.locator("#history")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)
