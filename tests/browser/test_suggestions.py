"""A manager sees which accounts carry the revenue, tries a threshold, accepts two moves and undoes them."""

import re

from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, confirm, follow, press

SENTENCE = ".suggestion-sentence"


def test_a_threshold_is_tried_by_keyboard_and_two_moves_are_accepted_and_undone(window, site):
    page = window("manager")
    page.goto(site.at("settings/tiers/"))
    follow(page, "Suggested tiers")
    sentence = page.locator(SENTENCE)
    before = sentence.inner_text()
    assert re.fullmatch(r"\d+ of \d+ accounts, \d+%, carry [\d.]+% of €[\d.]+M\.", before)
    expect(page.locator("#suggestions svg").first).to_be_visible()
    slide_up(page)
    expect(sentence).not_to_have_text(before)
    expect(page.get_by_label("Share of revenue in percent")).to_have_value("60")
    assert_accessible(page)
    rows = page.locator(".suggestion-table tbody tr")
    names = [rows.nth(n).get_by_role("link").inner_text() for n in range(2)]
    for n in range(2):
        rows.nth(n).get_by_role("checkbox").focus()
        page.keyboard.press("Space")
    press(page, "Accept the chosen")
    expect(page.locator("h1")).to_have_text("Suggested tiers: 2 accounts")
    for name in names:
        expect(page.locator("main")).to_contain_text(name)
    confirm(page, "Undo", "Undo all of it")
    page.goto(site.at("settings/tiers/suggestions/?share=60"))
    assert [rows.nth(n).get_by_role("link").inner_text() for n in range(2)] == names


def test_a_share_that_cannot_be_is_named_and_nothing_can_be_accepted(window, site):
    page = window("manager")
    page.goto(site.at("settings/tiers/suggestions/?share=60"))
    box = page.get_by_label("Share of revenue in percent")
    for typed in ("500", "0", "-5", ""):
        box.fill(typed)
        expect(page.locator("#suggestions [role=alert]")).to_contain_text(
            "Share of revenue, %: Write a number"
        )
        expect(page.get_by_role("button", name="Accept")).to_have_count(0)
        expect(box).to_be_focused()
        expect(page.get_by_label("Share of revenue that the top group carries")).to_have_value("60")
        box.fill("60")
        expect(page.locator("#suggestions [role=alert]")).to_have_count(0)
    expect(page.locator(SENTENCE)).to_be_visible()


def slide_up(page):
    """From 40 to 60 percent with the arrow keys."""
    slider = page.get_by_label("Share of revenue that the top group carries")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("60")
