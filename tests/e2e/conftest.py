"""A real server and a real browser: one server a file, one fresh browser profile a test.

Where no Chromium is found (or Playwright is not installed) every test here is skipped, and the reason is printed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra 'e2e')")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}


def chromium() -> str | None:
    """The browser of this machine: ``PLAYGROUND_CHROMIUM``, else Debian's or Google's on the path."""
    named = os.environ.get("PLAYGROUND_CHROMIUM")
    return named or next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


class Server:
    """A server of our own on a free port, with a data folder of its own."""

    def __init__(self, data: Path, command: list[str] | None = None, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        words = command or [sys.executable, "-m", "playground.cli", "serve", "--host", "127.0.0.1", "--port", "{port}"]
        settings = {"PLAYGROUND_DATA": str(data), "PLAYGROUND_WORKERS": "1", "PLAYGROUND_GRACE_SECONDS": "2", **environment}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [word.format(port=self.port) for word in words],
                env={**os.environ, **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._await_health()

    def health(self) -> dict[str, Any]:
        """What ``/healthz`` says."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def stop(self) -> None:
        """End it, politely first."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def _await_health(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                self.health()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not come up:\n{self.log.read_text()}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of one file."""
    made = Server(tmp_path_factory.mktemp("server"))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole run."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found: install Debian's package `chromium` or set PLAYGROUND_CHROMIUM")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


class Visitor:
    """A person with a browser of her own (own cookies), and what her console said."""

    # Streamlit's own front end asks for these on a deep link; see PLATFORM notes in CONTRIBUTING.
    KNOWN = ("_stcore/health", "_stcore/host-config")

    def __init__(self, browser: Any, server: Server, **options: Any) -> None:
        self.server = server
        self.context = browser.new_context(**{"viewport": DESK, **options})
        self.console: list[str] = []
        self.page = self.tab()

    def tab(self) -> Any:
        """A further tab with the same cookies."""
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.console.append(f"page error: {error}"))
        return page

    def go(self, path: str) -> Any:
        """Open an address of this server and wait until the page script has run."""
        self.page.goto(self.server.url + path)
        self.page.wait_for_selector("[data-testid=stMain] h1")
        return self.page

    def root(self) -> Any:
        """The canvas component's root, whose attributes say what is drawn."""
        return self.page.locator("[data-status]").first

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Wait until something can be seen."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"not within {seconds:g} s: {what}; {self.state()}")
            self.page.wait_for_timeout(50)

    def state(self) -> str:
        """What the canvas says of itself now."""
        root = self.root()
        return f"status {root.get_attribute('data-status')}, epoch {root.get_attribute('data-epoch')}"

    def status(self) -> str:
        """The run's status as drawn."""
        return str(self.root().get_attribute("data-status"))

    def epoch(self) -> int:
        """The epoch as drawn."""
        return int(self.root().get_attribute("data-epoch") or -1)

    def press(self, testid: str) -> None:
        """Click something by its test id."""
        self.page.get_by_test_id(testid).first.click()

    def close(self) -> None:
        """Close the browser window."""
        self.context.close()

    def _hear(self, message: Any) -> None:
        if message.type not in ("error", "warning"):
            return
        where = (message.location or {}).get("url", "")
        if "404" in message.text and where.endswith(self.KNOWN):
            return
        self.console.append(f"{message.type}: {message.text} ({where})")


@pytest.fixture
def arrive(browser: Any, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Make visitors; at the end of the test their consoles must be empty."""
    made: list[Visitor] = []

    def arriving(at: Server | None = None, **options: Any) -> Visitor:
        visitor = Visitor(browser, at or server, **options)
        made.append(visitor)
        return visitor

    yield arriving
    heard = [line for visitor in made for line in visitor.console]
    for visitor in made:
        visitor.close()
    assert heard == []
