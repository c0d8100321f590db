"""A QBR from the first click to the PDF that the customer downloads."""

import re
from io import BytesIO
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.steps import (
    confirm,
    follow,
    heading,
    open_account,
    press,
    save,
    unusual,
    wait_for_result,
)


def make_draft(page, site, account):
    """Ask for a QBR of last quarter and watch its job; the account's number."""
    number = open_account(page, site, account)
    follow(page, "Reports")
    page.get_by_label("Report", exact=True).select_option(label="Quarterly business review")
    page.get_by_label("Period").select_option(index=1)
    press(page, "Make the draft")
    wait_for_result(page)
    expect(page.locator(".report-sheet")).to_contain_text("Objectives at a glance")
    return number


def words_of(pdf):
    """The text of a PDF, in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_qbr_from_request_to_the_customers_portal(window, site):
    page = window("csm")
    number = make_draft(page, site, "Kestrel Rail Services")
    sentence = unusual("A quarter of steady work, note")
    follow(page, "Edit the words")
    page.locator("form.form textarea").first.fill(sentence)
    save(page)
    expect(page.locator(".report-sheet")).to_contain_text(sentence)
    confirm(page, "Issue", "Issue the report")
    wait_for_result(page)
    expect(page.locator(".report-bar")).to_contain_text("Issued")
    assert page.get_by_role("link", name="Edit the words").count() == 0
    with page.expect_download() as download:
        follow(page, "Download PDF")
    pdf = Path(download.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF")
    assert sentence in words_of(pdf)
    assert "Kestrel Rail Services" in words_of(pdf)
    page.goto(site.at(f"portal/{number}/reports/"))
    follow(page, "Quarterly business review", exact=False)
    expect(page.locator("main")).to_contain_text(sentence)


def test_a_draft_can_be_discarded_and_the_customer_never_saw_it(window, site):
    page = window("csm")
    number = make_draft(page, site, "Fairhaven Hospitals")
    draft = re.search(r"/reports/(\d+)/", page.url)[1]
    assert page.goto(site.at(f"portal/{number}/reports/{draft}/")).status == 404
    page.goto(site.at(f"reports/{draft}/"))
    confirm(page, "Discard", "Discard the draft")
    assert heading(page) == "Fairhaven Hospitals"
    assert page.goto(site.at(f"reports/{draft}/")).status == 404
