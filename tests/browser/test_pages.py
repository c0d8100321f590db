"""Every main page, wide and narrow, light and dark: readable, reachable, nothing broken."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import Windows
from tests.browser.places import CUSTOMER, PAGES, Places
from tests.browser.steps import faults

# All rules wide and in light; narrow and in the dark what differs there: contrast, and what runs over.
LOOKS = [(1440, "light", None), (390, "dark", ["color-contrast"])]


@pytest.fixture(scope="module")
def windows(browser, site):
    """Windows that stay open for all pages, one a person."""
    opened = Windows(browser, site)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def window_of(windows):
    """The window of a person."""
    pages: dict[str, Page] = {}

    def found(who: str) -> Page:
        if who not in pages:
            pages[who] = windows(who)
            # Every page that it opens has the checker already.
            pages[who].add_init_script(AXE_SCRIPT)
        return pages[who]

    return found


@pytest.fixture(scope="module")
def places(window_of, site):
    return Places(window_of("admin"), window_of(CUSTOMER), site.at, {})


def looked_at(page: Page, width: int, scheme: str) -> None:
    """Change the window's width and scheme without loading the page again."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


@pytest.mark.parametrize(("who", "pattern"), PAGES, ids=[f"{who or 'anybody'}:{path}" for who, path in PAGES])
def test_a_page_is_sound(window_of, windows, places, site, who, pattern):
    page = window_of(who)
    looked_at(page, *LOOKS[0][:2])
    windows.complaints.clear()
    page.goto(site.url + pattern if pattern.startswith("/") else site.at(places.path(pattern)))
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.title().strip()
    found = []
    for width, scheme, rules in LOOKS:
        looked_at(page, width, scheme)
        found += [f"{pattern} at {width} {scheme}: {fault}" for fault in faults(page, rules)]
    assert found == []
    assert windows.complaints == []
