"""A CSM works the inbox, gives several tasks to a colleague, and chooses what to be told."""

import re

from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, follow, heading, notice, press, unusual


def make_task(page, site, title, account="Brightwell Energy"):
    """A task of one's own, due in three working days."""
    page.goto(site.at("tasks/new/"))
    page.get_by_role("combobox", name="Account", exact=True).fill(account)
    page.get_by_label("What to do").fill(title)
    press(page, "Make the task")
    assert notice(page) == f"“{title}” is made."


def row_of(page, title):
    return page.locator("[data-task]", has_text=title)


def test_a_csm_works_the_inbox(window, site):
    page = window("csm")
    first, second, third = (unusual(word) for word in ("Ring", "Write", "Visit"))
    for title in (first, second, third):
        make_task(page, site, title)
    page.goto(site.at("tasks/"))
    assert_accessible(page)
    row = row_of(page, first)
    row.get_by_role("button", name="Done").click()
    expect(row.get_by_role("button", name="Undo")).to_be_visible()
    expect(row).to_contain_text("Done")
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_role("button", name="Done")).to_be_visible()
    for title in (second, third):
        row_of(page, title).get_by_role("checkbox").check()
    expect(page.locator("[data-task-count]")).to_have_text("2 ticked")
    page.locator("#task-bulk").get_by_label("To", exact=True).select_option(label="Tomás Herrera")
    press(page, "Reassign")
    expect(page.locator("main [role=status]").last).to_contain_text("2 tasks reassigned.")
    assert_accessible(page)
    expect(row_of(page, second)).to_have_count(0)
    page.get_by_label("Whose", exact=True).select_option(label="Tomás Herrera")
    page.wait_for_url(re.compile(r"whose=\d+"))
    expect(row_of(page, second)).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-task-count]")).to_have_text("1 ticked")
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)


def test_a_task_is_completed_on_its_page(window, site):
    page, title = window("csm"), unusual("Meet")
    make_task(page, site, title)
    assert_accessible(page)
    page.get_by_label("Note", exact=False).last.fill("**All** well")
    press(page, "Done")
    assert notice(page) == f"“{title}” is done."
    expect(page.locator("section[aria-labelledby=outcome] strong")).to_have_text("All")
    page.goto(site.at("tasks/?state=done"))
    assert_accessible(page)
    follow(page, title)


def test_everybody_chooses_what_they_are_told(window, site):
    page = window("executive")
    page.goto(site.at("notifications/"))
    follow(page, "Preferences")
    assert heading(page) == "Notification preferences"
    assert_accessible(page)
    page.get_by_label("Somebody gives you a task: by e-mail").select_option(label="Never")
    page.get_by_label("From this hour on").select_option(label="06:00")
    press(page, "Save my choices")
    assert notice(page) == "Your choices are saved."
    expect(page.get_by_label("Somebody gives you a task: by e-mail")).to_have_value("never")


def test_a_manager_keeps_the_working_calendar(window, site):
    page, name = window("manager"), unusual("Office closed")
    page.goto(site.at("settings/calendar/"))
    page.locator("summary", has_text="Paste several").click()
    page.get_by_label("Holidays, one a line").fill(f"2031-02-03 {name}\nsoon")
    press(page, "Add them all")
    expect(page.locator(".error-summary")).to_contain_text("Line 2: “soon” is no day.")
    assert_accessible(page)
    page.get_by_label("Holidays, one a line").fill(f"2031-02-03 {name}")
    press(page, "Add them all")
    assert notice(page) == "1 holiday added."
    page.get_by_role("button", name=f"Remove {name}").click()
    assert notice(page).endswith("is no holiday any more.")
