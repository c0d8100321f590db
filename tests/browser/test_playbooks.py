"""A manager takes a playbook from the library, changes a step, and publishes it."""

from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, follow, heading, press, problems, unusual


def test_from_the_library_through_the_editor_to_a_version(window, site):
    page = window("manager")
    title = unusual("Ask why they left")
    page.goto(site.at("playbooks/"))
    assert_accessible(page)
    page.locator("#library").get_by_role("link", name="Win-back").click()
    expect(page.locator(".flow-step")).to_have_count(9)
    assert_accessible(page)
    press(page, "Use this playbook")
    expect(page.locator(".status", has_text="Draft of version 1")).to_be_visible()
    assert_accessible(page)
    follow(page, "Edit step 1")
    assert heading(page) == "Edit step 1"
    page.get_by_label("Task", exact=True).fill("")
    press(page, "Save the step")
    assert any(problem.startswith("Task") for problem in problems(page))
    assert_accessible(page)
    page.get_by_label("Task", exact=True).fill(title)
    press(page, "Save the step")
    expect(page.locator(".flow-step").first).to_contain_text(title)
    follow(page, "Review and publish")
    expect(page.locator("main")).to_contain_text("It would start on no account today.")
    assert_accessible(page)
    page.get_by_label("Keep it paused for now", exact=False).check()
    press(page, "Publish version 1")
    expect(page.locator(".status", has_text="Paused")).to_be_visible()
    expect(page.locator(".flow-step").first).to_contain_text(title)
    assert_accessible(page)
