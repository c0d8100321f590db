"""An executive reads the curve from the sentence down to one account; a manager tries other weights."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import assert_accessible, follow, heading, press

SENTENCE = re.compile(r"^(\d+|None) of \d+ accounts .*; the median is \d+")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "phone"])
def test_from_the_curve_to_what_a_score_is_made_of(window, site, size):
    page = window("executive")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(site.at("portfolio/"))
    expect(page.locator(".curve-headline")).to_have_text(SENTENCE)
    assert_accessible(page)
    page.get_by_label("Count by").select_option("arr")
    expect(page.locator(".curve-headline")).to_contain_text("ARR")
    first = page.locator(".curve-list .curve-name").first
    name = first.inner_text()
    first.click()
    page.wait_for_url(re.compile(r"/score/$"))
    assert heading(page) == name
    expect(page.get_by_role("table", name=re.compile("Components of the value score"))).to_contain_text(
        "Maturity"
    )
    assert_accessible(page)


def test_weights_are_tried_before_they_are_saved(window, site):
    page = window("manager")
    page.goto(site.at("settings/score-weights/"))
    page.get_by_label("Weight of Maturity").fill("0")
    page.get_by_label("Weight of Plan progress").fill("100")
    press(page, "Preview")
    expect(page.locator("#preview-title")).to_contain_text("change band today")
    assert_accessible(page)
    expect(page.get_by_label("Weight of Maturity")).to_have_value("0")
    press(page, "Save the weights")
    expect(page.locator(".error-summary")).to_contain_text("Reason")
    follow(page, "How the score is made")
    assert heading(page) == "How the value score is made"
