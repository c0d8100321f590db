"""Bringing data: an account by hand, a list of accounts, a file of events."""

import json
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.steps import (
    column,
    figures,
    follow,
    heading,
    press,
    problems,
    reload_until,
    unusual,
    wait_for_result,
)


def upload(page, site, kind, name, text):
    """Choose a file in the import wizard and go on to its columns."""
    page.goto(site.at("imports/new/"))
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    press(page, "Upload and map the columns")
    assert heading(page) == "Map the columns"


def domain_of(name):
    """A domain for an account's name."""
    return name.lower().replace(" ", "-") + ".example"


def test_an_account_by_hand_keeps_what_was_typed(window, site):
    page = window("csm")
    name = unusual("Harbour Cranes")
    page.goto(site.at("accounts/new/"))
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Why they bought").fill("We want every crane serviced before it stops.")
    page.get_by_label("Domains").fill("meridianlifts.example")
    page.get_by_label("ARR").fill("12000")
    press(page, "Add account")
    (problem,) = problems(page)
    assert problem.startswith("Domains")
    assert "Meridian Lifts" in problem
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_label("ARR")).to_have_value("12000")
    page.get_by_label("Domains").fill(domain_of(name))
    press(page, "Add account")
    assert heading(page) == name
    expect(page.locator("main")).to_contain_text("We want every crane serviced before it stops.")
    expect(page.locator("main")).to_contain_text("€12,000")


def accounts_csv(first, second):
    """Two good rows, and two that must be refused."""
    return (
        "company,website,csm,ARR,renewal_on,segment\n"
        f'{first},{domain_of(first)},csm@tidewater.example,"24,500",2027-03-31,harbours\n'
        f"{second},{domain_of(second)},csm@tidewater.example,9000,2027-06-30,harbours\n"
        f"Broken date,{domain_of(first)}x,csm@tidewater.example,100,31st of March,harbours\n"
        f"Unknown owner,{domain_of(second)}x,nobody@tidewater.example,100,2027-06-30,harbours\n"
    )


def test_a_list_of_accounts_is_checked_then_imported_once(window, site):
    page = window("csm")
    first, second = unusual("Aller Quay"), unusual("Bremer Dock")
    text = accounts_csv(first, second)
    upload(page, site, "Accounts", "accounts.csv", text)
    expect(page.get_by_label("Name (optional)", exact=True)).to_have_value("company")
    press(page, "Check the file")
    wait_for_result(page)
    expect(page.get_by_text("Checked; nothing is changed yet")).to_be_visible()
    counted = {"Rows read": "4", "New": "2", "Changed": "0", "Unchanged": "0", "Rejected": "2"}
    assert figures(page) == counted
    assert column(page, 1) == ["4", "5"]
    assert "31st of March" in page.locator("main tbody tr").nth(0).inner_text()
    assert "nobody@tidewater.example" in page.locator("main tbody tr").nth(1).inner_text()
    press(page, "Import 2 rows")
    wait_for_result(page)
    assert figures(page) == counted
    page.goto(site.at(f"book/?owner=all&q={first.replace(' ', '+')}"))
    assert column(page, 1, "table.book-table") == [first]
    upload(page, site, "Accounts", "accounts.csv", text)
    press(page, "Check the file")
    wait_for_result(page)
    assert figures(page) == counted | {"New": "0", "Unchanged": "2"}
    expect(page.get_by_text("There is nothing to import.")).to_be_visible()


def events_file(name):
    """Three events of two people in the last days, NDJSON, and one line that is no event."""
    now = datetime.now(UTC)
    lines = [
        json.dumps(
            {
                "event_id": f"{name}-{number}",
                "occurred_at": (now - timedelta(days=number)).isoformat(),
                "user_email": f"{who}@{domain_of(name)}",
                "feature": "schedule.board",
            }
        )
        for number, who in enumerate(("ada", "ben", "ada"), 1)
    ]
    return "\n".join([*lines, "this is not JSON"]) + "\n"


def test_events_wait_for_their_account_and_then_count(window, site):
    page = window("csm")
    name = unusual("Cuxhaven Locks")
    upload(page, site, "Usage events", "events.ndjson", events_file(name))
    press(page, "Import the file")
    wait_for_result(page)
    counted = {"Rows read": "4", "Accepted": "3", "Duplicates": "0", "Waiting for their account": "3"}
    assert figures(page) == counted | {"Rejected": "1"}
    page.goto(site.at("waiting/"))
    follow(page, f"Make the account of {domain_of(name)}")
    expect(page.get_by_label("Domains")).to_have_value(domain_of(name))
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Add account")
    assert heading(page) == name
    page.goto(site.at("waiting/"))
    assert domain_of(name) not in page.locator("main").inner_text()
    page.goto(site.at(f"book/?owner=all&q={name.replace(' ', '+')}"))
    reload_until(page, lambda: column(page, 5, "table.book-table") == ["yesterday"])


def test_the_same_events_again_change_nothing(window, site):
    page = window("csm")
    text = events_file(unusual("Emden Ferries"))
    for expected in ({"Accepted": "3", "Duplicates": "0"}, {"Accepted": "0", "Duplicates": "3"}):
        upload(page, site, "Usage events", "again.ndjson", text)
        press(page, "Import the file")
        wait_for_result(page)
        assert figures(page).items() >= expected.items()
    follow(page, "Sources")
    assert column(page, 1)[:2] == ["again.ndjson", "again.ndjson"]


def test_a_file_that_is_none_is_refused_with_a_reason(window, site):
    page = window("csm")
    page.goto(site.at("imports/new/"))
    press(page, "Upload and map the columns")
    (problem,) = problems(page)
    assert problem.startswith("File:")
