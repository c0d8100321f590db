"""A template is looked at, a customer answers a recommendation, and a recipient unsubscribes."""

import re
import subprocess
import sys

from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.places import CUSTOMER
from tests.browser.steps import assert_accessible, follow, heading, notice, press, problems, save, unusual

LINK = """
from csworkspace.tenancy.door import find_workspace
from csworkspace.tenancy.database import open_workspace
from csworkspace.mail.models import OutgoingMail
from csworkspace.mail.tokens import unsubscribe_link
with open_workspace(find_workspace("tidewater", "test").id):
    mail = OutgoingMail.objects.filter(audience="customer", state="sent").earliest("id")
    print("LINK", unsubscribe_link(mail.workspace_id, mail.pk))
"""


def test_a_manager_writes_a_template_and_sees_it_as_a_customer_does(site, window):
    page = window("manager")
    page.goto(site.at("settings/email-templates/new/"))
    page.get_by_label("Name").fill(unusual("Hello"))
    page.get_by_label("Subject").fill("A word about {{account.name}}")
    page.get_by_label("Text").fill("Hello {{contact.frist_name}}")
    save(page)
    assert problems(page) == [
        "Text: There is no placeholder “contact.frist_name”. Did you mean {{contact.first_name}}?"
    ]
    assert_accessible(page)
    page.get_by_label("Text").fill("Hello {{contact.first_name}},\n\n{{portal.link}}")
    save(page)
    page.get_by_label("Account", exact=True).fill("Brightwell")
    press(page, "Look")
    expect(page.locator(".letter")).to_contain_text("A word about Brightwell Energy")
    expect(page.locator(".notice")).to_contain_text("this person cannot sign in to the portal")
    assert_accessible(page)


def test_a_customer_accepts_a_recommendation_and_the_team_sees_it(site, window):
    csm = window("csm")
    title = unusual("Try the week view")
    csm.goto(site.at("book/?owner=all&q=Brightwell+Energy"))
    follow(csm, "Brightwell Energy")
    follow(csm, "Recommend something")
    csm.get_by_label("What to do").fill(title)
    assert_accessible(csm)
    save(csm)
    customer = window(CUSTOMER)
    customer.goto(site.at("portal/"))
    follow(customer, "Recommendations")
    assert_accessible(customer)
    advice = customer.get_by_role("article", name=title)
    advice.get_by_label(re.compile("A note to us")).fill("From Monday on")
    press(advice, "We will do it")
    assert notice(customer) == "Thank you. We know that you are going to do it."
    csm.reload()
    row = csm.get_by_role("row", name=re.compile(title))
    expect(row).to_contain_text("Accepted by Ruth Kessler")
    expect(row).to_contain_text("From Monday on")


def test_a_recipient_unsubscribes_without_signing_in(site, page):
    command = [sys.executable, "manage.py", "shell", "-c", LINK]
    environment = {"CSW_STATE_DIR": str(site.state), "SITE_URL": site.url, "PATH": "/usr/bin:/bin"}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    page.goto(re.search(r"LINK (\S+)", found.stdout)[1])
    assert heading(page) == "No more e-mails from Tidewater?"
    assert_accessible(page)
    press(page, "Unsubscribe")
    assert heading(page) == "You are unsubscribed"
    assert_accessible(page)
