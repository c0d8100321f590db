"""The book in full: columns, saved views, edits in the row, many at once, keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    assert_accessible,
    column,
    confirm,
    figures,
    follow,
    heading,
    notice,
    press,
    save,
    unusual,
)

ROWS = "table.book-table tbody tr"


@pytest.fixture
def page(window, site):
    page = window("manager")
    page.goto(site.at("book/?owner=all&sort=name"))
    return page


def headers(page):
    return [text.strip() for text in page.locator(".book-table thead th").all_inner_texts()]


def pick_columns(page, *names):
    """Show these columns too."""
    page.locator(".book-columns summary").click()
    for name in names:
        page.get_by_label(f"Show {name}", exact=True).check()
    press(page.locator(".book-columns"), "Apply")
    page.wait_for_url("**cols=**")


def edit(page, row, title):
    """Open the form of a cell."""
    row.get_by_title(title).click()
    return page.locator(".cell-form")


def test_columns_are_chosen_and_moved_and_stay_in_the_address(page):
    before = headers(page)
    pick_columns(page, "Tags", "Next owed")
    assert headers(page) == [*before, "Tags", "Next owed"]
    page.locator(".book-columns summary").click()
    press(page, "Move Next owed to the left")
    page.wait_for_url(re.compile("owed%2Ctags"))
    assert headers(page) == [*before, "Next owed", "Tags"]
    page.reload()
    assert headers(page) == [*before, "Next owed", "Tags"]
    follow(page.locator("thead"), "Next owed")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Next owed")
    assert headers(page) == [*before, "Next owed", "Tags"]


def test_a_view_is_saved_changed_shared_and_deleted(page, window, site):
    name = unusual("Top accounts")
    pick_columns(page, "Tier")
    page.locator("#id_tier").select_option(label="Top")
    expect(page.locator(ROWS)).to_have_count(8)
    follow(page, "Save as a view")
    page.get_by_label("Name").fill(name)
    save(page)
    expect(page.locator(".tab[aria-current]")).to_have_text(name)
    assert len(column(page, 1)) == 8
    page.locator("#id_tier").select_option(label="Scalable")
    expect(page.get_by_role("button", name="Save changes")).to_be_visible()
    press(page, "Save changes")
    assert notice(page) == f"{name} shows this from now on."
    follow(page, "Edit view")
    page.get_by_label("Share it").check()
    save(page)
    colleague = window("csm")
    colleague.goto(site.at("book/"))
    follow(colleague, f"{name} · Marcus Oyelaran")
    assert colleague.locator("#id_tier option:checked").inner_text() == "Scalable"
    assert colleague.get_by_role("link", name="Edit view").count() == 0
    follow(page, "Edit view")
    confirm(page, "Delete the view", "Delete the view")
    assert notice(page) == f"The view {name} is deleted. The accounts stay."


def test_a_value_is_edited_in_its_row_and_undone(page):
    row = page.locator(ROWS).nth(3)
    name, owner = row.locator(".row-link").inner_text(), row.get_by_title("Change the owner")
    before = owner.inner_text()
    form = edit(page, row, "Change the owner")
    expect(form.locator("select")).to_be_focused()
    height = row.bounding_box()["height"]
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(owner).to_be_focused()
    assert row.bounding_box()["height"] == height
    form = edit(page, row, "Change the owner")
    form.locator("select").select_option(label="Nobody")
    press(form, "Save")
    expect(owner).to_have_text("Nobody")
    expect(owner).to_be_focused()
    expect(page.locator("#book-toast")).to_contain_text(f"Owner of {name}: {before} → Nobody")
    press(page.locator("#book-toast"), "Undo")
    expect(page.locator(".messages")).to_contain_text("Undone:")
    expect(page.locator(ROWS).nth(3).get_by_title("Change the owner")).to_have_text(before)
    assert "sort=name" in page.url


def test_who_is_overtaken_is_told_in_the_cell(page, window, site):
    row = page.locator(ROWS).nth(4)
    form = edit(page, row, "Change the owner")
    other = window("manager")
    other.goto(page.url)
    there = edit(other, other.locator(ROWS).nth(4), "Change the owner")
    there.locator("select").select_option(label="Nobody")
    press(there, "Save")
    expect(other.locator("#book-toast form")).to_be_visible()
    form.locator("select").select_option(index=2)
    press(form, "Save")
    expect(form.locator("[role=alert]")).to_contain_text(
        "Somebody else changed this meanwhile: it is Nobody now."
    )
    press(other.locator("#book-toast"), "Undo")
    expect(other.locator(".messages")).to_contain_text("Undone:")


def test_many_are_assigned_at_once_and_set_back(page):
    before = column(page, 9)[:4]
    boxes = page.locator(f"{ROWS} .book-pick")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("4 selected")
    press(page, "Change these")
    page.locator("summary", has_text="Assign to a colleague").click()
    page.locator("details[open]").get_by_label("Owner").select_option(label="Nobody")
    press(page.locator("details[open]"), "See what would change")
    assert heading(page) == "Change 4 accounts"
    assert column(page, 2) == before
    assert set(column(page, 3)) == {"Nobody"}
    press(page, "Change 4 accounts")
    assert heading(page) == "Owner set to Nobody"
    assert_accessible(page)
    confirm(page, "Undo", "Undo all of it")
    assert notice(page) == "Undone: Owner set to Nobody."
    follow(page, "Book of business")
    page.goto(page.url + "?owner=all&sort=name")
    assert column(page, 9)[:4] == before


def test_all_of_a_filter_is_taken_beyond_the_page(page):
    page.get_by_label("Select this page").check()
    expect(page.get_by_role("button", name="Select the page")).to_be_hidden()
    # Other tests add accounts, so how many there are is read from the page.
    count = figures(page)["Accounts shown"]
    assert int(count) > page.locator(ROWS).count()
    page.get_by_label(f"All {count} of this filter").check()
    expect(page.locator("[data-picked]")).to_have_text(f"All {count} of this filter")
    press(page, "Change these")
    assert heading(page) == f"Change {count} accounts"


def test_where_the_page_is_all_of_the_filter_it_is_taken_once(page):
    page.locator("#id_tier").select_option(label="Top")
    expect(page.locator(ROWS)).to_have_count(8)
    page.locator(f"{ROWS} .book-pick").nth(0).click()
    expect(page.get_by_label("All 8 of this filter")).to_be_hidden()
    press(page, "Select all 8")
    expect(page.locator("[data-picked]")).to_have_text("8 selected")
    expect(page.get_by_role("button", name="Select all 8")).to_be_hidden()


def test_the_book_by_its_keys(page):
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys of the book")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    second = page.locator(ROWS).nth(1)
    expect(second.locator(".row-link")).to_be_focused()
    page.keyboard.press("x")
    expect(second.locator(".book-pick")).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-picked]")).to_have_text("2 selected")
    page.keyboard.press("e")
    expect(page.locator(".cell-form :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jxe")
    expect(page.locator("[data-picked]")).to_have_text("2 selected")
    page.locator(ROWS).nth(0).locator(".row-link").focus()
    page.keyboard.press("j")
    name = second.locator(".row-link").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_on_a_phone_a_value_is_edited_and_rows_are_selected(window, site):
    page = window("csm", viewport={"width": 390, "height": 800})
    page.goto(site.at("book/"))
    page.locator(f"{ROWS} .book-pick").nth(0).click()
    expect(page.locator("[data-picked]")).to_have_text("1 selected")
    form = edit(page, page.locator(ROWS).nth(0), "Change the renewal date")
    expect(form.locator("input[type=date]")).to_be_focused()
    box = form.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert_accessible(page)


def test_the_same_without_scripts(window, site):
    page = window("csm", java_script_enabled=False)
    page.goto(site.at("book/"))
    page.locator(ROWS).nth(0).get_by_title("Change the renewal date").click()
    assert heading(page) == "Change the renewal"
    page.get_by_label("Renews on").fill("2031-05-01")
    press(page, "Save")
    expect(page.locator("#book-toast")).to_contain_text("→ 1 May 2031")
    press(page.locator("#book-toast"), "Undo")
    expect(page.locator(".messages")).to_contain_text("Undone:")
    page.locator(f"{ROWS} .book-pick").nth(0).check()
    press(page, "Change these")
    assert heading(page) == "Change 1 account"
