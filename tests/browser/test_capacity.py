"""A manager sees who is promised too much, thinks a change through, and accepts a part of a proposal."""

import re

from playwright.sync_api import expect

from tests.browser.steps import column, confirm, figures, follow, heading, press, problems, unusual

WARNING = re.compile(r"Priya Raman is promised [\d.]+ h in Q\d \d{4} and has [\d.]+ h: [\d.]+ h too much")


def test_a_warning_leads_to_the_accounts_behind_it(window, site):
    page = window("manager")
    page.goto(site.at("capacity/"))
    page.get_by_role("link", name=WARNING).click()
    assert heading(page).startswith("Priya Raman, Q")
    expect(page.locator(".subtitle")).to_contain_text("h too much")
    hours = [float(text.split()[0]) for text in column(page, 4)]
    assert hours == sorted(hours, reverse=True)
    expect(page.locator("main tbody tr").first).to_contain_text("QBR")


def test_an_absence_costs_hours(window, site):
    page = window("manager")
    page.goto(site.at("capacity/"))
    page.get_by_role("row", name=re.compile("^Jonas")).get_by_role("link", name="Time").click()
    before = page.locator("header .meta span").nth(3).inner_text()
    page.get_by_label("First day").fill("2020-01-01")
    page.get_by_label("Last day").fill("2019-01-01")
    press(page, "Add absence")
    expect(page.locator(".error-summary")).to_contain_text("An absence cannot end before it starts.")
    assert page.locator("header .meta span").nth(3).inner_text() == before


def test_a_what_if_is_built_and_touches_nothing(window, site):
    page = window("manager")
    page.goto(site.at("capacity/scenarios/"))
    name = unusual("Without Jonas")
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Begin")
    assert heading(page) == name
    page.locator("summary", has_text="Lose a CSM").click()
    page.get_by_label("Who leaves").select_option(label="Jonas Weiss")
    takers = page.locator("#lose_csm_form .choices label")
    expect(takers).to_have_text(["Helen Achterberg", "Priya Raman", "Tomás Herrera"])
    page.get_by_label("Helen Achterberg").check()
    lose = page.locator("form", has=page.get_by_label("Who leaves"))
    press(lose, "Add this step", exact=False)
    expect(page.locator(".capacity-steps li")).to_have_count(1)
    expect(page.get_by_role("row", name=re.compile("^Jonas Weiss"))).to_contain_text("leaves")
    press(page.locator(".capacity-steps"), "Remove", exact=False)
    expect(page.get_by_text("No step yet")).to_be_visible()
    confirm(page, "Delete", "Delete")
    page.wait_for_url("**/capacity/scenarios/")
    page.goto(site.at("capacity/"))
    expect(page.get_by_role("row", name=re.compile("^Jonas"))).to_be_visible()


def test_a_changed_service_starts_from_its_present_terms(window, site):
    page = window("manager")
    page.goto(site.at("capacity/scenarios/"))
    page.get_by_label("Name", exact=True).fill(unusual("Shorter checks"))
    press(page, "Begin")
    page.locator("summary", has_text="Change a service").click()
    page.locator("#terms_level").select_option(label="Leveraged: QBR (1 a half-year, 4 h)")
    expect(page.locator("#terms_per")).to_have_value("half_year")
    expect(page.locator("#terms_hours")).to_have_value("4")
    page.locator("#terms_hours").fill("1001")
    press(page.locator("#terms_form"), "Add this step", exact=False)
    assert problems(page) == ["Hours each time: Write a number from 0 to 1,000."]
    confirm(page, "Delete", "Delete")


def test_a_proposal_is_accepted_in_part_and_undone(window, site):
    page = window("manager")
    page.goto(site.at("capacity/"))
    before = page.locator("main table").first.inner_text()
    press(page, "Propose a balance")
    expect(page.get_by_role("heading", name="Proposed moves")).to_be_visible(timeout=60_000)
    moves = page.locator("input[name=move]")
    assert moves.count() >= 2
    expect(page.locator("main table").first).to_contain_text("Priya Raman is promised")
    moves.first.uncheck()
    press(page, "Accept the checked moves")
    count = moves.count()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(page.get_by_text("not accepted")).to_have_count(1)
    assert count == 0
    follow(page, "The accounts that were changed")
    page.go_back()
    confirm(page, "Undo", "Take it back")
    expect(page.locator(".messages")).to_contain_text("set back")
    page.goto(site.at("capacity/"))
    assert page.locator("main table").first.inner_text() == before


def test_the_inverse_question_is_answered(window, site):
    page = window("executive")
    page.goto(site.at("capacity/calculator/"))
    page.get_by_label("Hours an account costs a quarter").fill("16")
    press(page, "Work it out")
    assert figures(page) == {"Accounts": "20.7", "Productive hours a quarter": "331.5\u00a0h"}
