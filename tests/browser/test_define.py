"""A manager says what value means: a metric, and a maturity framework."""

from playwright.sync_api import expect

from reports.demo.cast import OTHER_SLUG
from tests.browser.places import OTHER_ADMIN
from tests.browser.steps import follow, heading, press, problems, reload_until, save, unusual


def test_a_metric_is_previewed_saved_and_measured(window, site):
    page = window("manager")
    name = unusual("People on the board")
    page.goto(site.at("metrics/"))
    follow(page, "New metric")
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Save and measure")
    assert any(problem.startswith("Key") for problem in problems(page))
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    page.get_by_label("Key").fill(name.lower().replace(" ", "-"))
    page.get_by_label("What is counted").select_option(label="Distinct users")
    page.get_by_label("Features (optional)").fill("schedule.*")
    page.get_by_label("Unit").fill("people")
    press(page, "Preview")
    expect(page.locator("#preview")).to_contain_text("Nothing is saved yet.")
    previewed = page.locator("#preview tbody tr").first.inner_text().split("\t")
    press(page, "Save and measure")
    assert heading(page) == name
    reload_until(page, lambda: page.locator("main table.table-linked tbody tr").count() > 0)
    row = page.get_by_role("row").filter(has_text=previewed[0])
    expect(row).to_contain_text(previewed[1].strip())


def test_a_ready_made_framework_is_adapted_and_published(window, site):
    # In the other company, so that the first one's levels stay as they are.
    page = window(OTHER_ADMIN)
    page.goto(site.at("frameworks/new/", OTHER_SLUG))
    press(page.locator("article.ready", has_text="Onboarding readiness"), "Start from this", exact=False)
    assert heading(page) == "Onboarding readiness"
    name = unusual("First ninety days")
    rename(page, name)
    fill_gaps(page)
    follow(page, "Add a level above")
    page.get_by_label("Name", exact=True).fill("Settled")
    save(page)
    follow(page, "Add a behaviour to Settled")
    describe_behaviour(page)
    expect(page.get_by_text("Ready to publish")).to_be_visible()
    press(page, "Publish")
    expect(page.locator("main")).to_contain_text("Active")
    assert page.get_by_role("button", name="Publish").count() == 0
    page.goto(site.at("book/?owner=all", OTHER_SLUG))
    page.locator("a.row-link").first.click()
    follow(page, "Maturity")
    reload_until(page, lambda: name in page.inner_text("main"))


def rename(page, name):
    """Give the framework another name."""
    follow(page, "Rename")
    page.get_by_label("Name", exact=True).fill(name)
    save(page)
    assert heading(page) == name


def describe_behaviour(page):
    """A behaviour that any three uses show; without its features it is refused."""
    page.get_by_label("Name", exact=True).fill("Comes back by themselves")
    save(page)
    assert any(problem.startswith("Features") for problem in problems(page))
    page.get_by_label("Features (optional)").fill("schedule.*")
    save(page)
    expect(page.locator("main")).to_contain_text("Comes back by themselves")


def fill_gaps(page):
    """Answer what the ready-made framework leaves open: the features of this product."""
    while page.locator(".needs-work").count():
        item = page.locator("li", has=page.locator(".needs-work")).last
        item.get_by_role("link", name="Edit").first.click()
        page.get_by_label("Features (optional)").fill("*")
        if page.get_by_label("Metric threshold").is_checked():
            page.get_by_label("Feature usage").check()
        save(page)
