"""A CSM's day in one list, and finding anything by its name from the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, figures, follow, heading, notice, press

LATE = "#late > ul > .day-row"


def agreed_with(page, account):
    """The button of the practice that is late at an account."""
    name = re.compile(f"^Mark as done ?: Review utilisation.*{re.escape(account)}$")
    return page.get_by_role("button", name=name)


def field(page):
    """The palette's field."""
    return page.get_by_role("combobox", name="Account, person, plan, page or action")


def search(page, text):
    """Open the palette, type, and wait until what is shown answers it."""
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator(f'[data-palette-results] [data-text="{text}"]')).to_be_visible()


def chosen(page):
    """The name of the option that Enter would open, as a screen reader is told."""
    marked = field(page).get_attribute("aria-activedescendant")
    assert page.locator("[role=option][aria-selected=true]").get_attribute("id") == marked
    return page.locator(f"#{marked} > span").first.inner_text()


def test_the_day_says_why_and_jumps_to_its_parts(window, site):
    page = window("csm")
    page.goto(site.at("day/"))
    assert heading(page) == "My day"
    assert int(figures(page)["Late"]) >= page.locator(LATE).count() > 0
    expect(page.locator("#late .day-what p").first).to_have_text(re.compile(r" was due "))
    page.locator(".stat", has_text="Late").get_by_role("link").click()
    assert page.url.endswith("#late")
    follow(page.locator("#watch"), "Open the target", exact=False)
    expect(page).to_have_url(re.compile(r"/plans/\d+/#target-\d+$"))


def test_what_is_done_leaves_the_list_and_the_figures_follow(window, site):
    page = window("csm")
    page.goto(site.at("day/"))
    page.evaluate("window.stillTheSamePage = true")
    late = int(figures(page)["Late"])
    agreed_with(page, "Dunmore Dairies").click()
    expect(agreed_with(page, "Dunmore Dairies")).to_have_count(0)
    assert "is marked as done" in notice(page)
    assert int(figures(page)["Late"]) == late - 1
    assert page.evaluate("window.stillTheSamePage") is True
    expect(page.locator("#day").locator("button:focus, [data-focus-after]:focus")).to_have_count(1)
    assert_accessible(page)
    page.reload()
    assert int(figures(page)["Late"]) == late - 1


def test_the_day_without_javascript(window, site):
    page = window("csm", java_script_enabled=False)
    page.goto(site.at("day/"))
    late = int(figures(page)["Late"])
    agreed_with(page, "Alder & Pine Gardens").click()
    assert page.url == site.at("day/")
    assert "is marked as done" in notice(page)
    assert int(figures(page)["Late"]) == late - 1
    follow(page, "Find anything, Ctrl K")
    page.get_by_label("Name", exact=True).fill("meridian")
    press(page.locator("main"), "Find")
    follow(page.locator("main"), "Meridian Lifts", exact=False)
    assert heading(page) == "Meridian Lifts"


def test_a_manager_chooses_whose_day(window, site):
    page = window("manager")
    page.goto(site.at("day/"))
    assert heading(page) == "The team’s day"
    page.get_by_label("Whose day").select_option(label="Priya Raman")
    expect(page.locator("h1")).to_have_text("The day of Priya Raman")


def test_an_account_is_found_and_opened_by_keyboard_alone(window, site):
    page = window("csm")
    page.goto(site.at("plans/"))
    search(page, "brightwell")
    assert chosen(page) == "Brightwell Energy"
    expect(page.locator("[data-palette-status]")).to_have_text(re.compile(r"^\d+ found$"))
    page.keyboard.press("ArrowDown")
    assert chosen(page) != "Brightwell Energy"
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "Brightwell Energy"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Brightwell Energy")


def test_escape_gives_the_focus_back_and_the_slash_still_searches(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    link = page.get_by_role("link", name="New account")
    link.focus()
    search(page, "metr")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.palette")).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search accounts")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog.palette")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_is_sound_with_and_without_hits(window, site, scheme):
    page = window("manager", color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.goto(site.at("day/"))
    search(page, "ti")
    assert_accessible(page)
    page.keyboard.press("Escape")
    search(page, "zzz%")
    expect(page.locator(".palette-none")).to_contain_text("Nothing is called “zzz%”")
    assert field(page).get_attribute("aria-expanded") == "false"
    assert_accessible(page)


def test_enter_faster_than_the_answer_opens_the_page_of_hits(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    page.keyboard.press("Control+k")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.route(
        "**/find/?q=calder",
        lambda route: None if route.request.headers.get("hx-request") else route.continue_(),
    )
    page.keyboard.type("calder")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/find/\?q=calder$"))
    expect(page.locator("main")).to_contain_text("Calder Water")


def test_the_hint_opens_it_with_the_mouse(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    follow(page, "Find anything, Ctrl K")
    expect(field(page)).to_be_focused()
    expect(page.get_by_role("option", name="My day")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.locator("dialog.palette")).to_be_hidden()
