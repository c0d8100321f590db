"""An indicator is chosen, built with its preview, and shows where it holds."""

from playwright.sync_api import expect

from tests.browser.steps import follow, heading, press, problems, unusual


def test_build_an_indicator_with_its_preview(window, site):
    page = window("manager")
    name, preview = unusual("Few people"), page.locator("#indicator-preview")
    page.goto(site.at("indicators/"))
    follow(page, "New indicator")
    follow(page, "A metric’s value")
    expect(preview).to_contain_text("Fill in the fields")
    page.get_by_label("Metric", exact=True).select_option(label="Monthly active users")
    page.get_by_label("It holds", exact=True).select_option(label="At that number or less")
    page.get_by_label("Begins to hold at").fill("10")
    page.get_by_label("Holds until it is past").fill("9")
    press(page, "Save")
    assert any("so it must end at 10 or more" in problem for problem in problems(page))
    page.get_by_label("Holds until it is past").fill("12")
    expect(preview).to_contain_text("accounts today.")
    expect(preview).to_contain_text("Monthly active users is")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Explanation").fill("{metric} is {secret}")
    press(page, "Save")
    assert any("There is no “{secret}” here." in problem for problem in problems(page))
    page.get_by_label("Explanation").fill("Only {value} are left")
    press(page, "Save")
    assert heading(page) == name
    expect(page.locator("main")).to_contain_text("Monthly active users: at most 10, until it is above 12.")


def test_it_works_without_scripts(window, site):
    page = window("manager", java_script_enabled=False)
    page.goto(site.at("indicators/new/?measure=no_champion"))
    page.get_by_label("Name", exact=True).fill(unusual("Nobody"))
    press(page, "Preview")
    expect(page.locator("#indicator-preview")).to_contain_text("accounts today.")
    press(page, "Save")
    follow(page, "Edit")
    assert heading(page).startswith("Edit Nobody")
