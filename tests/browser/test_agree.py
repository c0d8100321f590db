"""From no plan to an agreed, shared and revised one."""

import re

from playwright.sync_api import expect

from tests.browser.steps import follow, heading, notice, open_account, press, problems, save, unusual


def account_without_plan(page, site):
    """An account of its own for the test, with nothing in it; its number."""
    name = unusual("Fjord Pumps")
    page.goto(site.at("accounts/new/"))
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Add account")
    assert heading(page) == name
    return name, int(page.url.rstrip("/").rsplit("/", 1)[1])


def take_benchmark(page):
    """From the plan's tab, whose empty state says what to do first."""
    follow(page, "Plan")
    follow(page, "Take the day-1 benchmark")
    page.locator("textarea").first.fill("We lose a day a week to double bookings.")
    press(page, "Take the benchmark")
    expect(page.locator("main")).to_contain_text("We lose a day a week to double bookings.")


def draft_plan(page, site, number, title):
    """Draft a plan with an objective, a target and a practice."""
    page.goto(site.at(f"accounts/{number}/plan/"))
    follow(page, "Draft a plan")
    page.get_by_label("Title").fill(title)
    press(page, "Draft the plan")
    assert "The draft is ready" in notice(page)
    expect(page.get_by_role("button", name="Activate")).to_be_disabled()
    follow(page, "Add the first objective")
    page.get_by_label("In the customer's words").fill("Nobody is booked twice.")
    save(page)
    follow(page, "Add a target", exact=False)
    follow(page, "Monthly active users")
    page.get_by_label("From (baseline)").fill("10")
    page.get_by_label("To (target)").fill("25")
    save(page)
    follow(page, "Add a practice")
    page.get_by_label("What will be done").fill("Look at the board every morning")
    save(page)
    expect(page.locator("#practices")).to_contain_text("Look at the board every morning")


def test_a_plan_is_agreed_shared_and_revised(window, site):
    page = window("csm")
    _name, number = account_without_plan(page, site)
    take_benchmark(page)
    draft_plan(page, site, number, "Nobody booked twice by spring")
    press(page, "Activate")
    expect(page.locator("main")).to_contain_text("Not shared with the customer")
    press(page, "Share with the customer")
    expect(page.locator("main")).to_contain_text("Shared with the customer since")
    change_target(page, "")
    (problem,) = problems(page)
    assert problem.startswith("Why does the plan change?")
    expect(page.get_by_label("To (target)")).to_have_value("30")
    page.get_by_label("Why does the plan change?").fill("Two more depots joined.")
    save(page)
    expect(page.locator("#revisions")).to_contain_text("Two more depots joined.")
    page.goto(site.at(f"portal/{number}/plan/"))
    assert heading(page) == "Nobody booked twice by spring"
    expect(page.locator("main")).to_contain_text("30 users")
    expect(page.locator("main")).to_contain_text("Two more depots joined.")


def change_target(page, reason):
    """Raise the first target to 30 people."""
    follow(page, "Change", exact=False)
    page.get_by_label("To (target)").fill("30")
    page.get_by_label("Why does the plan change?").fill(reason)
    save(page)


def open_title(page, site, number):
    """The form of the plan's title."""
    page.goto(site.at(f"accounts/{number}/plan/"))
    follow(page, "Edit title, dates, owners")


def test_two_windows_on_the_same_plan_do_not_overwrite_each_other(window, site):
    one, two = window("csm"), window("manager")
    _name, number = account_without_plan(one, site)
    one.goto(site.at(f"accounts/{number}/plans/new/"))
    press(one, "Draft the plan")
    open_title(one, site, number)
    open_title(two, site, number)
    one.get_by_label("Title").fill("The first title")
    save(one)
    expect(one.locator("#plan-title")).to_have_text("The first title")
    two.get_by_label("Title").fill("The second title")
    save(two)
    (problem,) = problems(two)
    assert "changed" in problem
    expect(two.get_by_label("Title")).to_have_value("The second title")
    one.reload()
    expect(one.locator("#plan-title")).to_have_text("The first title")


def test_a_target_below_its_baseline_is_refused_in_words(window, site):
    page = window("csm")
    open_account(page, site, "Alder & Pine Gardens")
    follow(page, "Plan")
    follow(page, "Change", exact=False)
    page.get_by_label("To (target)").fill("0")
    page.get_by_label("Why does the plan change?").fill("A try.")
    save(page)
    (problem,) = problems(page)
    assert re.search("cannot be below the baseline", problem)
