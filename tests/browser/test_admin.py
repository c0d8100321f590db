"""An admin lets people and programs in, and reads what happened."""

import email
import json
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email import policy

from playwright.sync_api import expect

from tests.browser.steps import follow, heading, notice, press, reload_until, save, unusual

NEW_PASSWORD = "correct-horse-battery"


def invite(page, site, address, role):
    """Invite somebody by e-mail."""
    page.goto(site.at("settings/members/"))
    follow(page, "Invite people")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Role").select_option(label=role)
    press(page, "Send invitation")
    expect(page.locator("main")).to_contain_text(f"{address} is invited")


def mails_to(site, address):
    """The texts of the mails that were sent to an address, in the order of sending."""
    files = sorted((site.state / "mail").glob("*"), key=lambda file: file.stat().st_mtime)
    found = []
    for file in files:
        for text in file.read_bytes().split(b"-" * 79):
            mail = email.message_from_bytes(text.strip(), policy=policy.default)
            if address in (mail["To"] or ""):
                found.append(mail.get_body(("plain",)).get_content())
    return found


def test_an_invited_colleague_sets_a_password_and_lands_in_the_book(window, site):
    admin, guest = window("admin"), window()
    name = unusual("Nora")
    address = f"{name.lower().replace(' ', '.')}@tidewater.example"
    invite(admin, site, address, "CSM")
    admin.goto(site.at("settings/invitations/"))
    reload_until(admin, lambda: bool(mails_to(site, address)))
    link = re.search(r"https?://\S+/invitations/\S+", mails_to(site, address)[0])[0]
    guest.goto(re.sub(r"^https?://[^/]+", site.url, link))
    assert heading(guest) == "Join Tidewater"
    guest.get_by_label("Your name").fill(name)
    guest.get_by_label("Password").fill(NEW_PASSWORD)
    press(guest, "Join")
    expect(guest).to_have_url(re.compile(r"/w/tidewater/book/$"))
    change_role(admin, site, name)
    guest.goto(site.at("metrics/"))
    expect(guest.get_by_role("link", name="New metric")).to_be_visible()


def change_role(page, site, name):
    """Make somebody a manager."""
    page.goto(site.at("settings/members/"))
    row = page.get_by_role("row").filter(has_text=name)
    row.get_by_label(f"Role of {name}").select_option(label="CS manager")
    press(row, "Change")
    assert name in notice(page)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row.get_by_label(f"Role of {name}")).to_have_value("manager")


def send_event(site, key, event_id):
    """One event by HTTP, as the product sends it; status and answer."""
    event = {
        "event_id": event_id,
        "occurred_at": datetime.now(UTC).isoformat(),
        "user_email": "planner@meridianlifts.example",
        "feature": "schedule.board",
    }
    request = urllib.request.Request(
        f"{site.url}/api/v1/events",
        data=json.dumps({"events": [event]}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_an_api_key_is_shown_once_works_and_is_revoked(window, site):
    page = window("admin")
    name = unusual("Product events")
    page.goto(site.at("settings/api-keys/"))
    page.get_by_label("What it is for").fill(name)
    press(page, "Make key")
    key = page.locator("#secret").inner_text().strip()
    assert key.startswith("csw_")
    status, answer = send_event(site, key, name)
    assert (status, answer["accepted"], answer["duplicates"]) == (200, 1, 0)
    assert send_event(site, key, name)[1]["duplicates"] == 1
    page.goto(site.at("settings/api-keys/"))
    assert key not in page.content()
    row = page.get_by_role("row").filter(has_text=name)
    row.locator("summary").click()
    press(row, "Revoke")
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("revoked")
    assert send_event(site, key, name)[0] == 401


def test_the_audit_log_and_the_jobs_tell_what_happened(window, site):
    page = window("admin")
    name = unusual("Audited key")
    page.goto(site.at("settings/api-keys/"))
    page.get_by_label("What it is for").fill(name)
    press(page, "Make key")
    page.goto(site.at("settings/audit/"))
    expect(page.locator("main li", has_text=name).first).to_contain_text("Ingrid Solberg")
    follow(page, "Jobs")
    assert heading(page) == "Jobs"
    page.locator("main a.row-link").first.click()
    expect(page.locator("main")).to_contain_text("Started by")


def test_settings_are_refused_with_a_summary_and_saved(window, site):
    page = window("admin")
    page.goto(site.at("settings/workspace/"))
    name = page.get_by_label("Name", exact=True)
    before = name.input_value()
    name.fill("")
    save(page)
    expect(page.locator(".error-summary")).to_contain_text("Name")
    page.get_by_label("Name", exact=True).fill(before)
    save(page)
    assert notice(page).endswith("Settings saved.")
