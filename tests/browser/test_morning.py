"""A CSM's morning: who needs attention, why, and what stands behind the number."""

import re
from collections import Counter

from playwright.sync_api import expect

from tests.browser.steps import column, figures, follow, heading, open_account

ROWS = "table.book-table tbody tr"


def choose(page, label, option):
    """Choose in a filter, which applies at once; until the address says so."""
    field = page.get_by_label(label, exact=True)
    name = field.get_attribute("name")
    field.select_option(label=option)
    page.wait_for_function("name => new URLSearchParams(location.search).get(name)", arg=name)
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def test_the_book_begins_with_who_needs_attention(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    assert heading(page) == "Book of business"
    assert set(column(page, 9)) == {"Priya Raman"}
    reasons = column(page, 2)
    needing = int(figures(page)["Needing attention"])
    assert needing > 0
    assert all(reasons[:needing])
    assert not any(reasons[needing:])


def test_filtering_narrows_the_book_without_a_new_page(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    page.evaluate("window.stillTheSamePage = true")
    choose(page, "Owner", "Everybody's")
    expect(page.locator(".stat-value").first).not_to_have_text("16")
    choose(page, "Tier", "Top")
    expect(page.locator(ROWS)).to_have_count(8)
    # Who is off track depends on the day: what the rows say before is what must be left after.
    statuses = dict(zip(column(page, 1), column(page, 8), strict=True))
    counts = Counter(statuses.values())
    status = "Off track" if 0 < counts["Off track"] < 8 else min(counts, key=lambda word: counts[word])
    assert 0 < counts[status] < 8
    choose(page, "Plan", status)
    expect(page.locator(ROWS)).to_have_count(counts[status])
    names = column(page, 1)
    assert sorted(names) == sorted(name for name, word in statuses.items() if word == status)
    assert set(column(page, 8)) == {status}
    assert page.evaluate("window.stillTheSamePage") is True
    page.reload()
    assert column(page, 1) == names


def test_searching_finds_by_name_and_by_domain(window, site):
    page = window("csm")
    page.goto(site.at("book/?owner=all"))
    page.get_by_label("Name or domain").fill("calderwater")
    page.get_by_label("Name or domain").press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)
    assert column(page, 1) == ["Calder Water"]
    page.get_by_label("Name or domain").fill("nobody at all")
    page.get_by_label("Name or domain").press("Enter")
    expect(page.get_by_text("No account fits")).to_be_visible()


def test_sorting_orders_by_the_column_and_back(window, site):
    page = window("csm")
    page.goto(site.at("book/?owner=all"))
    follow(page.locator("thead"), "ARR", exact=False)
    expect(page.locator("th[aria-sort]")).to_contain_text("ARR")
    assert column(page, 1)[0] == "Brightwell Energy"
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    follow(page.locator("thead"), "ARR", exact=False)
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("ARR")
    assert column(page, 1)[0] != "Brightwell Energy"


def test_the_next_page_goes_on_where_the_first_ended(window, site):
    page = window("csm")
    page.goto(site.at("book/?owner=all&sort=name"))
    first = column(page, 1)
    assert len(first) == 50
    follow(page.locator(".pager"), "Next")
    expect(page.locator(".pager, nav[aria-label*=age]").first).to_contain_text("51")
    second = column(page, 1)
    assert second
    assert not set(first) & set(second)
    assert first + second == sorted(first + second, key=str.lower)


def test_from_the_reason_to_the_events_behind_the_number(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    worst, reason = column(page, 1)[0], column(page, 2)[0]
    follow(page, worst)
    assert heading(page) == worst
    first_reason = reason.split(" (and")[0]
    expect(page.locator("main")).to_contain_text(first_reason)
    follow(page, "Plan")
    target = page.locator("article.target").first
    name = target.locator(".target-name").inner_text()
    actual = target.locator(".stat", has_text="Actual").locator(".stat-value a")
    shown = actual.inner_text()
    actual.click()
    expect(page).to_have_url(re.compile(r"/evidence/[\w-]+/\?day="))
    assert page.locator(".evidence-head h2").inner_text() == name
    assert page.locator(".evidence-value").inner_text() == shown
    expect(page.get_by_role("heading", name="What was counted")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/plan/$"))


def test_the_usage_tab_shows_metrics_and_the_latest_events(window, site):
    page = window("csm")
    open_account(page, site, "Kestrel Rail Services")
    follow(page, "Usage")
    expect(page.get_by_role("heading", name="The last 28 days")).to_be_visible()
    expect(page.get_by_role("heading", name="Latest events")).to_be_visible()
    follow(page, "Monthly active users")
    expect(page.locator(".evidence-value")).to_have_text("22 users")


def press_tab_until(page, name, limit=60):
    """Tab to the link or field with this text or label."""
    told = "e => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent).trim()"
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(f"({told})(document.activeElement)") == name:
            return
    raise AssertionError(f"{name} cannot be reached with {limit} tabs")


def test_the_morning_by_keyboard_alone(window, site):
    page = window("csm")
    page.goto(site.at("book/"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search accounts")).to_be_focused()
    page.keyboard.type("Meridian")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)
    press_tab_until(page, "Meridian Lifts")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Meridian Lifts")
    press_tab_until(page, "Plan")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/plan/$"))
