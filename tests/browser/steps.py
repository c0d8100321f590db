"""What people do on every page, and what tests ask of every page."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from reports.demo.cast import PASSWORD, SLUG
from tests.browser.conftest import Site

JOB_LIMIT = 180_000


def unusual(word: str) -> str:
    """A name that no other test uses: "Harbour 3f9a2c"."""
    return f"{word} {uuid.uuid4().hex[:6]}"


def address_of(who: str) -> str:
    """The e-mail of somebody of the demo company ("csm"), or the address itself."""
    return who if "@" in who else f"{who}@{SLUG}.example"


def sign_in(page: Page, site: Site, who: str = "csm", password: str = PASSWORD) -> None:
    """Sign in through the form as a member of the demo company, or by a full address."""
    try_sign_in(page, site, who, password)
    page.wait_for_url("**/w/**")


def try_sign_in(page: Page, site: Site, who: str, password: str) -> None:
    """Fill and send the sign-in form, whatever comes of it."""
    page.goto(f"{site.url}/sign-in/login/")
    page.get_by_label("Email").fill(address_of(who))
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def session_of(browser: Browser, site: Site, who: str) -> Any:
    """The cookies of a signed-in person; signs in at the first call."""
    if who not in site.sessions:
        context = browser.new_context()
        sign_in(context.new_page(), site, who)
        site.sessions[who] = context.storage_state()
        context.close()
    return site.sessions[who]


def heading(page: Page) -> str:
    """The page's one h1."""
    return page.locator("h1").inner_text().strip()


def notice(page: Page) -> str:
    """What the page says after an act."""
    return page.locator(".messages").inner_text().strip()


def problems(page: Page) -> list[str]:
    """The lines of the error summary, which has the focus."""
    expect(page.locator(".error-summary")).to_be_focused()
    return [line.strip() for line in page.locator(".error-summary li").all_inner_texts()]


def press(where: Page | Locator, name: str, exact: bool = True) -> None:
    """Press the button with this name."""
    where.get_by_role("button", name=name, exact=exact).click()


def save(page: Page) -> None:
    """Send the page's one form by its main button, whatever that is called."""
    page.locator("form.form button[type=submit]").first.click()


def follow(where: Page | Locator, name: str, exact: bool = True) -> None:
    """Follow the first link with this name; what is set up once waits behind “More”."""
    link = where.get_by_role("link", name=name, exact=exact)
    more = where.locator(".nav-more > summary")
    if not link.count() and more.count():
        more.click()
    link.first.click()


def confirm(page: Page, label: str, sure: str) -> None:
    """Open the question behind `label` and answer it with `sure`."""
    page.locator("summary", has_text=re.compile(f"^\\s*{label}")).first.click()
    page.get_by_role("button", name=sure, exact=True).click()


def figures(page: Page) -> dict[str, str]:
    """The key figures of the page, by their label."""
    stats = page.locator("dl.stats > .stat")
    return {
        one.locator("dt").inner_text().strip(): one.locator(".stat-value").inner_text().strip()
        for one in stats.all()
    }


def column(page: Page, number: int, table: str = "main table") -> list[str]:
    """The cells of a table's column, counted from 1, without their small print."""
    cells = page.locator(f"{table} tbody tr > :nth-child({number})")
    return [text.split("\n")[0].strip() for text in cells.all_inner_texts()]


def open_account(page: Page, site: Site, name: str) -> int:
    """Find an account through the book and open it; its number."""
    page.goto(site.at(f"book/?owner=all&q={name.replace(' ', '+')}"))
    follow(page, name)
    page.wait_for_url(re.compile(r"/accounts/\d+/$"))
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def wait_for_result(page: Page) -> None:
    """Until the job whose progress this page shows is done, and on to what it made."""
    page.wait_for_load_state()
    bar, link = page.locator(".progress[hx-get]"), page.get_by_role("link", name="See the result")
    expect(bar).to_have_count(0, timeout=JOB_LIMIT)
    page.wait_for_load_state()
    if link.count():
        link.click()


def reload_until(page: Page, ready: Callable[[], bool]) -> None:
    """Look again until background work shows; the last look is asserted."""
    deadline = time.monotonic() + JOB_LIMIT / 1000
    while not ready() and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        page.reload()
    assert ready(), page.url


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on the page as it looks now (only these rules, if given), and overflow."""
    # Half a megabyte: sent only where the page does not have it.
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(f"() => {{ {AXE_SCRIPT} }}")
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    # The first rows of a list are made of the same parts as the rest, which cost seconds a page.
    context = {"exclude": [["tbody tr:nth-child(n+13)"], ["main li:nth-child(n+13)"]]}
    options = {"resultTypes": ["violations"], "preload": False, **only}
    result = page.evaluate("([context, options]) => axe.run(context, options)", [context, options])
    found = [
        f"{violation['id']}: {node['target'][0]} ({violation['help']})"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > room:
        found.append(f"the page is {width} px wide in a window of {room}")
    return found


def assert_accessible(page: Page) -> None:
    """No violation that axe finds, and nothing wider than the window."""
    assert faults(page) == [], page.url
