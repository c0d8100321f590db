"""A manager says what tiers promise: from a template, and from another day on."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from reports.demo.cast import OTHER_SLUG
from tests.browser.places import OTHER_ADMIN
from tests.browser.steps import follow, heading, notice, press, problems, unusual


def test_tiers_are_made_from_a_template(window, site):
    # In the other company, so that the first one's tiers stay as they are.
    page = window(OTHER_ADMIN)
    page.goto(site.at("settings/tiers/", OTHER_SLUG))
    follow(page, "Templates")
    follow(page.locator("article", has_text="Two tiers"), "Look at it", exact=False)
    assert heading(page) == "Two tiers: Managed, Digital"
    if page.get_by_role("button", name="Accept this template").count():
        expect(page.locator("main")).to_contain_text("Will be added")
        press(page, "Accept this template")
        assert "2 tiers made ready" in notice(page)
    page.goto(site.at("settings/tiers/", OTHER_SLUG))
    expect(page.get_by_role("row").filter(has_text="Managed")).to_contain_text("8\u00a0h")
    page.goto(site.at("settings/tiers/templates/?key=two-tiers", OTHER_SLUG))
    expect(page.locator("main")).to_contain_text("There is nothing to make")


@pytest.mark.parametrize("scripts", [True, False])
def test_service_levels_change_from_a_day_on(window, site, scripts):
    page = window("manager", java_script_enabled=scripts)
    name = unusual("Trial tier")
    add_tier(page, site, name)
    follow(page, "Set service levels")
    page.get_by_label("Service, row 1", exact=True).select_option(label="QBR")
    page.get_by_label("Hours each time, row 1").fill("6")
    press(page, "Add a row")
    page.get_by_label("Service, row 2", exact=True).select_option(label="Health check")
    page.get_by_label("Hours each time, row 2").fill("1")
    page.get_by_label("How often, row 2").select_option(label="a month")
    if not scripts:
        press(page, "Count the hours")
    expect(page.locator("#terms-hours")).to_contain_text("9\u00a0h")
    press(page.locator(".form-actions"), "Save service levels")
    assert heading(page) == name
    expect(page.locator("main")).to_contain_text("1 a month")

    follow(page, "Change service levels")
    press(page, "Remove row 1")
    expect(page.get_by_label("Service, row 2", exact=True)).to_have_count(0)
    page.get_by_label("Times, row 1").fill("0")
    press(page.locator(".form-actions"), "Save service levels")
    said = "Times, row 1: A cadence is 1 to 100 times."
    expect(page.locator(".error-summary li")).to_have_text([said])
    page.get_by_label("Times, row 1").fill("2")
    start = datetime.now(tz=UTC).date() + timedelta(days=40)
    page.get_by_label("In effect from").fill(start.isoformat())
    press(page.locator(".form-actions"), "Save service levels")
    expect(page.locator("main")).to_contain_text("Planned")
    expect(page.locator("main .diff")).to_contain_text("not promised")
    page.get_by_text("Give this change up", exact=True).click()
    press(page, "Give it up")
    assert "What holds now goes on" in notice(page)
    remove_tier(page, name)


def add_tier(page, site, name):
    """A tier of this name below the others."""
    page.goto(site.at("settings/tiers/"))
    follow(page, "Add a tier")
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Save")
    assert heading(page) == name


def remove_tier(page, name):
    """Delete the tier whose page is open."""
    page.locator("#removal summary").click()
    press(page.locator("#removal"), "Remove tier")
    assert notice(page) == f"{name} is gone."


def test_a_second_manager_gets_a_conflict(window, site):
    first, second = window("manager"), window("admin")
    name = unusual("Shared tier")
    add_tier(first, site, name)
    follow(first, "Edit tier")
    second.goto(first.url)
    first.get_by_label("Name", exact=True).fill(f"{name} A")
    press(first, "Save")
    second.get_by_label("Name", exact=True).fill(f"{name} B")
    press(second, "Save")
    assert problems(second)[0].startswith("Somebody else changed this")
    follow(second, "Open it as it is now")
    expect(second.get_by_label("Name", exact=True)).to_have_value(f"{name} A")
    first.reload()
    remove_tier(first, f"{name} A")
