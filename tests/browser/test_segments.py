"""A segment is built in the form, shows who fits while it is built, and limits the book."""

from playwright.sync_api import expect

from tests.browser.steps import follow, heading, press, problems, unusual


def group(page, number):
    return page.get_by_role("group", name=f"Group {number}", exact=True)


def choose_field(page, place, label):
    """Choose the field of a condition of group 1; its controls follow."""
    page.get_by_label(f"Field of condition {place} in group 1", exact=True).select_option(label=label)


def condition(page, place):
    return group(page, 1).get_by_role("listitem").nth(place - 1)


def test_build_one_with_its_preview_and_use_it_in_the_book(window, site):
    page = window("csm")
    name, preview = unusual("Top and known"), page.locator("#segment-preview")
    page.goto(site.at("segments/"))
    follow(page, "New segment")
    expect(preview).to_contain_text("Choose a field")
    choose_field(page, 1, "Tier")
    condition(page, 1).get_by_label("Top", exact=True).check()
    expect(preview).to_contain_text("8 accounts")
    expect(preview).to_contain_text("Brightwell Energy")
    page.get_by_role("button", name="Add condition to group 1").click()
    choose_field(page, 2, "Attribute")
    condition(page, 2).get_by_label("The attribute", exact=True).select_option(label="region")
    condition(page, 2).get_by_label("Value", exact=True).fill("uk")
    expect(preview).to_contain_text("region is “uk”")
    expect(preview).not_to_contain_text("Brightwell Energy")
    fitting = preview.locator(".stat-value").first.inner_text()
    page.get_by_role("button", name="Save", exact=True).click()
    assert any(problem.startswith("Name") for problem in problems(page))
    expect(condition(page, 2).get_by_label("Value", exact=True)).to_have_value("uk")
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Save")
    assert heading(page) == name
    expect(page.locator("main")).to_contain_text("Tier is one of Top")
    page.locator("main").get_by_role("link", name="book").click()
    expect(page.locator(".filter-chips")).to_contain_text(name)
    assert fitting == f"{page.locator('table.book-table tbody tr').count()} accounts"
    page.goto(site.at("segments/"))
    follow(page, name)
    follow(page, "Delete")
    press(page, "Delete the segment")
    assert page.get_by_role("link", name=name).count() == 0


def test_the_builder_works_without_scripts(window, site):
    page = window("csm", java_script_enabled=False)
    name = unusual("Renewing")
    page.goto(site.at("segments/new/"))
    page.get_by_label("Name", exact=True).fill(name)
    choose_field(page, 1, "Renewal")
    press(page, "Show the choices")
    page.get_by_label("Value", exact=True).fill("soon")
    page.get_by_label("Value", exact=True).press("Enter")
    expect(page.locator(".error-summary")).to_contain_text(
        "Group 1, condition 1 (Renewal): Write a whole number."
    )
    page.get_by_label("Value", exact=True).fill("365")
    press(page, "Add group")
    expect(group(page, 2)).to_be_visible()
    press(group(page, 2), "Remove group 2")
    press(page, "Preview")
    expect(page.locator("#segment-preview")).to_contain_text("Renewal is within the next 365")
    press(page, "Save")
    assert heading(page) == name
    follow(page, "Delete")
    press(page, "Delete the segment")
