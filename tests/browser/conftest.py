"""The real product, started as `make run` starts it, and a real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from reports.demo.cast import SLUG

ROOT = Path(__file__).resolve().parents[2]
# Without windows it takes a third less of the processor.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
STARTING_LIMIT = 420
# A page answers within this time, also on a busy machine (ms).
PATIENCE = 20_000


@dataclass(frozen=True)
class Site:
    """A running product with the demo workspace; sign-ins are kept so that each person signs in once."""

    url: str
    state: Path
    sessions: dict[str, Any] = field(default_factory=dict)

    def at(self, path: str, slug: str = SLUG) -> str:
        """An address inside the demo workspace, or another one."""
        return f"{self.url}/w/{slug}/{path}"


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
    """`manage.py serve` on a state folder of its own, stopped by Ctrl-C afterwards.

    BROWSER_SITE="http://localhost:8000 /path/to/.state" uses a product that runs already.
    """
    if running := os.environ.get("BROWSER_SITE"):
        url, state_text = running.split()
        yield Site(url, Path(state_text))
        return
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
    """A headless Chromium.

    Its event loop stays in this process until the end: Django must not take the tests that follow for
    asynchronous code, and refuse them the database.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        yield chromium
        chromium.close()


@dataclass
class Windows:
    """Opens browser windows and collects what goes wrong in them."""

    browser: Browser
    site: Site
    opened: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __call__(self, who: str = "", **options: Any) -> Page:
        """A window of its own (1440 × 900), signed in as `who` if given; options as of new_context."""
        from tests.browser.steps import session_of

        state = session_of(self.browser, self.site, who) if who else None
        options = {"viewport": {"width": 1440, "height": 900}, "storage_state": state, **options}
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        self.opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message))
        page.on("response", self._answered)
        return page

    def _heard(self, page: Page, message: Any) -> None:
        # Refused pages are what some tests are about; _answered looks at what is served. A request that is
        # given up for a newer one, or with its window, is no fault: one that fails is told by another event.
        fine = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")
        if message.type == "error" and not any(words in message.text for words in fine):
            self.complaints.append(f"{page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        asked = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and asked not in ("document", "xhr", "fetch")):
            self.complaints.append(f"{response.status} for {response.url}")

    def close(self) -> None:
        """Close every window."""
        for context in self.opened:
            context.close()


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """window("csm") opens a window; script errors, CSP violations and broken files fail the test."""
    windows = Windows(browser, site)
    yield windows
    windows.close()
    assert windows.complaints == []


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    """A fresh, signed-out window."""
    return window()
