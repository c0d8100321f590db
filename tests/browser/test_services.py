"""An owed service is completed from the account: attainment changes, and the customer's review tells it."""

import re

from playwright.sync_api import expect

from tests.browser.steps import (
    assert_accessible,
    column,
    confirm,
    figures,
    notice,
    open_account,
    press,
    unusual,
    wait_for_result,
)

ACCOUNT = "Calder Water"
QUARTER = "This quarter so far"


def open_services(page, site, account):
    """Open the tab of an account; the account's number."""
    number = open_account(page, site, account)
    page.get_by_role("navigation", name="Sections of the account").get_by_role(
        "link", name="Services"
    ).click()
    page.wait_for_url(re.compile(r"/services/$"))
    return number


def kept(page):
    """The note under the running quarter's attainment: (on time, owed)."""
    stat = page.locator("dl.stats > .stat", has_text=QUARTER)
    found = re.search(r"(\d+) of (\d+)", stat.locator(".stat-note").inner_text())
    return (int(found[1]), int(found[2])) if found else (0, 0)


def test_a_completed_service_counts_and_shows_in_the_review(window, site):
    page = window("csm")
    number = open_services(page, site, ACCOUNT)
    on_time, owed = kept(page)
    row = page.locator("tr", has_text="Open").filter(has=page.get_by_role("button", name="Done today")).first
    service = row.locator("a.row-link").inner_text().strip()
    note = unusual("Went through the numbers")
    row.locator("a.row-link").click()
    page.wait_for_url("**/occurrences/*/")
    occurrence = page.url
    page.get_by_label("Note").fill(note)
    press(page, "Complete")
    assert notice(page).endswith("is delivered.")
    assert kept(page) == (on_time + 1, owed + 1)
    assert service in column(page, 1, "section[aria-labelledby=over] table")
    page.goto(site.at(f"accounts/{number}/reports/"))
    page.get_by_label("Report", exact=True).select_option(label="Quarterly business review")
    page.get_by_label("Period").select_option(index=0)
    press(page, "Make the draft")
    wait_for_result(page)
    part = page.locator(".part-delivered")
    share = f"All {owed + 1}" if on_time == owed else f"{on_time + 1} of {owed + 1}"
    expect(part).to_contain_text(f"{share} promised services were delivered on time.")
    expect(part).to_contain_text(service)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    confirm(page, "Discard", "Discard the draft")
    page.goto(occurrence)
    confirm(page, "Reopen", "Reopen it")
    assert notice(page).endswith("is open again.")


def test_a_manager_sees_who_keeps_promises_and_the_list_behind_a_number(window, site):
    page = window("manager")
    page.goto(site.at("services/"))
    shown = figures(page)
    assert list(shown) == ["Attainment", "Owed", "On time", "Late or delivered late", "Missed", "Open"]
    assert_accessible(page)
    assert len(column(page, 1, ".services-attainment")) >= 3
    page.get_by_role("navigation", name="Count attainment by").get_by_role("link", name="Tier").click()
    assert "Top" in column(page, 1, ".services-attainment")
    page.locator(".services-attainment tbody tr").first.locator(
        "td[data-label='Late or delivered late'] a"
    ).click()
    expect(page.locator(".services-rows tbody tr").first).to_contain_text(re.compile("Late|Delivered late"))


def test_a_service_is_waived_and_taken_back(window, site):
    page = window("csm")
    open_services(page, site, "Sundby Elektro")
    page.locator("section[aria-labelledby=to-do] a.row-link").last.click()
    assert_accessible(page)
    page.locator("summary", has_text="Waive it").click()
    page.get_by_label("Reason").fill("The customer asked to skip it.")
    press(page, "Waive it")
    assert "is waived and does not count." in notice(page)
    page.locator("section[aria-labelledby=over] tr", has_text="Waived").locator("a.row-link").click()
    confirm(page, "Reopen", "Reopen it")
    assert "is open again." in notice(page)
