"""What the customer sees, and what stays closed to them; links; the wall between companies."""

import re

from playwright.sync_api import expect

from reports.demo.cast import OTHER_SLUG
from tests.browser.places import CUSTOMER, OTHER_ADMIN
from tests.browser.steps import figures, follow, heading, notice, open_account, press, unusual

GONE = "This page is not here"


def test_the_customer_follows_the_plan_to_its_evidence(window, site):
    page = window(CUSTOMER)
    page.goto(site.url)
    assert heading(page) == "Brightwell Energy"
    expect(page.get_by_role("heading", name="Where the plan stands")).to_be_visible()
    follow(page, "Plan")
    assert heading(page) == "From one visit in four wasted to one in six"
    follow(page, "Progress")
    assert heading(page) == "Progress"
    page.get_by_role("link", name="See the measurements behind it").nth(1).click()
    assert heading(page) == "Monthly active users"
    expect(page.get_by_role("heading", name="What was counted")).to_be_visible()
    follow(page, "Maturity")
    expect(page.locator("main")).to_contain_text("You are at level 4, Automated.")
    follow(page, "Reports")
    follow(page, "Quarterly business review", exact=False)
    assert heading(page) == "Brightwell Energy"
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible()


def test_the_customer_sees_no_staff_page_and_no_other_account(window, site):
    page = window(CUSTOMER)
    page.goto(site.at("portal/"))
    own = int(re.search(r"/portal/(\d+)/", page.url)[1])
    closed = ["book/", "plans/", f"accounts/{own}/", "settings/members/", "jobs/", "metrics/", "book.csv"]
    for path in [*closed, f"portal/{own + 1}/", f"portal/{own + 1}/reports/"]:
        assert page.goto(site.at(path)).status == 404, path
        assert heading(page) == GONE


def make_link(page, site, name):
    """Make a share link for an account; its address."""
    number = open_account(page, site, name)
    page.goto(site.at(f"accounts/{number}/links/new/"))
    label = unusual("For the board")
    page.get_by_label("For whom").fill(label)
    press(page, "Make the link")
    assert heading(page) == f"Share link for {label}"
    address = page.locator("#secret").inner_text().strip()
    follow(page, "Back to the reports")
    return address, label


def test_a_share_link_opens_without_sign_in_until_it_is_revoked(window, site):
    staff, guest = window("csm"), window()
    address, label = make_link(staff, site, "Meridian Lifts")
    guest.goto(address)
    expect(guest).to_have_url(re.compile(r"/portal/\d+/$"))
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert token not in guest.url
    assert heading(guest) == "Meridian Lifts"
    follow(guest, "Progress")
    assert heading(guest) == "Progress"
    assert guest.goto(site.at("book/")).url.startswith(f"{site.url}/sign-in/login/")
    staff.reload()
    row = staff.get_by_role("row").filter(has_text=label)
    expect(row).not_to_contain_text("never")
    row.locator("summary").click()
    press(row, "Revoke the link")
    assert "no longer works" in notice(staff)
    guest.goto(site.at("portal/"))
    assert "Meridian Lifts" not in guest.locator("body").inner_text()
    guest.goto(address)
    assert heading(guest) == "This link does not work"


def test_the_other_company_finds_and_opens_nothing(window, site):
    ours, theirs = window("csm"), window(OTHER_ADMIN)
    number = open_account(ours, site, "Meridian Lifts")
    theirs.goto(site.at("book/?owner=all", OTHER_SLUG))
    assert figures(theirs)["Accounts shown"] == "3"
    theirs.get_by_label("Name or domain").fill("Meridian")
    theirs.get_by_label("Name or domain").press("Enter")
    expect(theirs.get_by_text("No account fits")).to_be_visible()
    for url in (
        site.at(f"accounts/{number}/"),
        site.at("book/"),
        site.at(f"accounts/{number}/", OTHER_SLUG),
        site.at(f"accounts/{number}/", "no-such-company"),
    ):
        assert theirs.goto(url).status == 404, url
        assert heading(theirs) == GONE


def test_the_executive_reads_and_cannot_write(window, site):
    page = window("executive")
    number = open_account(page, site, "Meridian Lifts")
    assert page.get_by_role("link", name="Edit", exact=True).count() == 0
    assert page.goto(site.at(f"accounts/{number}/edit/")).status in (403, 404)
    page.goto(site.at(f"accounts/{number}/plan/"))
    assert page.get_by_role("link", name="Add an objective").count() == 0
    assert page.locator("summary", has_text="Discard").count() == 0
