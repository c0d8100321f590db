"""The real product, started as `make run` starts it, and a real Chromium."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reports.demo.cast import PASSWORD, SLUG

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
STARTING_LIMIT = 180


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """All browser tests share one site, so they stay in one worker."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Site:
    """A running product with the demo workspace."""

    url: str
    state: Path

    def at(self, path: str) -> str:
        """An address inside the demo workspace."""
        return f"{self.url}/w/{SLUG}/{path}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until /healthz answers 200; what the product said if it never does."""
    deadline = time.monotonic() + STARTING_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"the product did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """`manage.py serve` on a state folder of its own, stopped by Ctrl-C afterwards."""
    state = Path(tempfile.mkdtemp(prefix="csw-site-"))
    state.chmod(0o755)
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.endswith("_URL") and k != "PRODUCTION"},
        "CSW_STATE_DIR": str(state),
        "PORT": str(port),
    }
    log = state / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
            yield Site(f"http://127.0.0.1:{port}", state)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0, log.read_text()[-2000:]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A fresh, signed-out window; script errors and CSP violations fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    window = context.new_page()
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
    yield window
    context.close()
    assert complaints == []


def sign_in(page: Page, site: Site, who: str = "csm") -> None:
    """Sign in through the form as a member of the demo company, or by a full address."""
    email = who if "@" in who else f"{who}@{SLUG}.example"
    page.goto(f"{site.url}/sign-in/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/w/**")


def assert_accessible(page: Page) -> None:
    """No violation that axe finds, and nothing wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{page.url} is {width[0]} px wide in a window of {width[1]}"
