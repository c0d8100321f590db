"""A meeting is logged with a follow-up and a mention, and found on the timeline."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, confirm, follow, notice, open_account, press, unusual

ACCOUNT = "Sundby Elektro"


@pytest.fixture
def page(window):
    return window("csm")


def open_timeline(page, site):
    """Open the account's timeline; the account's number."""
    number = open_account(page, site, ACCOUNT)
    follow(page.get_by_role("navigation", name="Sections of the account"), "Timeline")
    page.wait_for_url(re.compile(r"/timeline/$"))
    return number


def test_a_meeting_with_a_follow_up_and_a_mention(page, site):
    number = open_timeline(page, site)
    title, todo = unusual("Board review"), unusual("Send the numbers")
    follow(page, "Log or plan a meeting")
    page.get_by_label("Title").fill(title)
    notes = page.get_by_label("Notes")
    notes.press_sequentially("They want more. Ask @Marc")
    page.get_by_role("group", name="Colleagues to name").get_by_role("button", name="Marcus Oyelaran").click()
    expect(notes).to_have_value("They want more. Ask @Marcus Oyelaran ")
    page.get_by_role("group", name="From the customer").get_by_role("checkbox").first.check()
    page.get_by_label("Others", exact=False).first.fill("Signe Aas")
    follow_up = page.get_by_role("group", name="Follow-up 1")
    follow_up.get_by_label("What to do").fill(todo)
    follow_up.get_by_label("By").fill((date.today() + timedelta(days=7)).isoformat())
    assert_accessible(page)
    press(page, "Save")
    assert notice(page) == f"“{title}” is on the timeline."
    expect(page.locator("a.mention")).to_have_text("@Marcus Oyelaran")
    expect(page.locator(".note-todos")).to_contain_text(todo)
    assert_accessible(page)
    press(page, "Add Signe Aas to the people")
    assert notice(page) == "Signe Aas is among the people of the account."
    page.goto(site.at(f"accounts/{number}/timeline/?kind=notes&q={title.split()[-1]}"))
    expect(page.locator(".story > li")).to_have_count(1)
    expect(page.locator(".story > li")).to_contain_text(title)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)
    follow(page.locator(".story"), title)
    confirm(page, "Take away", "Take it away")
    press(page, "Bring it back")
    assert notice(page) == f"“{title}” is back."


def test_the_quick_box_and_going_back(page, site):
    open_timeline(page, site)
    words = unusual("They called about the export")
    page.get_by_label("Call", exact=True).check()
    page.get_by_label("What happened?").fill(f"{words}\nIt stops at two.")
    press(page, "Add")
    line = page.locator(".story > li", has_text=words)
    expect(line).to_contain_text("Call · Priya Raman")
    shown = page.locator(".story > li").count()
    follow(page, "Older")
    expect(page.locator(".story > li").nth(shown)).to_be_visible()
    assert_accessible(page)
    anchors = page.locator(".story > li").evaluate_all("all => all.map(one => one.id)")
    assert len(anchors) == len(set(anchors)) > shown
