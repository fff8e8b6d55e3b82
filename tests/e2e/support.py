"""A real server of our own, and a visitor with a real browser: what tests and benchmarks drive the app with."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that shows a test pattern, and may always be used
    "--use-fake-ui-for-media-stream",
)
DESK = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
SERVE = (sys.executable, "-m", "playground.cli", "serve", "--host", "127.0.0.1", "--port", "{port}")

# How long a busy machine may take over anything; an idle one takes a second or two.
PATIENCE = 60.0


def chromium() -> str | None:
    """The browser of this machine: ``PLAYGROUND_CHROMIUM``, else Debian's or Google's on the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("PLAYGROUND_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


class Server:
    """A server on a free port, with a data folder of its own.

    Args:
        data: The folder; its log lies there too.
        command: How it is started; ``{port}`` stands for the port.
        folder: Where it is started from.
        probe: The address that answers once it serves.
        **environment: Settings of this server.
    """

    def __init__(
        self,
        data: Path,
        command: tuple[str, ...] = SERVE,
        folder: Path | None = None,
        probe: str = "/healthz",
        **environment: str,
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        settings = {"PLAYGROUND_DATA": str(data), "PLAYGROUND_WORKERS": "1", **environment}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [word.format(port=self.port) for word in command],
                cwd=folder,
                env={**os.environ, **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._await(probe)

    def health(self) -> dict[str, Any]:
        """What ``/healthz`` says."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def trainers(self) -> list[int]:
        """Process ids of its trainers, the oldest first."""
        pids = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                words = (stat.parent / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError, IndexError):
                continue  # ended while we looked
            if parent == self.process.pid and b"playground.jobs.worker" in words:
                pids.append(int(stat.parent.name))
        return sorted(pids)

    def libraries(self) -> str:
        """Every file that the web process has mapped into its memory."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()

    def stop(self) -> None:
        """End it, politely first."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def _await(self, probe: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + probe, timeout=20):
                    return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"the server did not come up:\n{self.log.read_text()}")


class Visitor:
    """A person with a browser of her own (own cookies), and what its console said."""

    # Streamlit's own front end asks for these two below a deep link, and is told that they are not there.
    KNOWN = ("/_stcore/health", "/_stcore/host-config")

    def __init__(self, browser: Any, server: Server, **options: Any) -> None:
        self.server = server
        self.context = browser.new_context(**{"viewport": DESK, **options})
        self.console: list[str] = []
        self.page = self.tab()

    def tab(self) -> Any:
        """A further tab with the same cookies."""
        page = self.context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.console.append(f"page error: {error}"))
        return page

    # -- going places

    def go(self, path: str) -> Any:
        """Open an address of this server and wait until the page script has run to its end."""
        self.page.goto(path if path.startswith("http") else self.server.url + path)
        self.page.wait_for_selector("[data-testid=stMain] h1")
        self.settle()
        return self.page

    def open(self, path: str = "/mlp") -> Any:
        """Open a trainer's page and wait until its picture is drawn and its run can be told things."""
        self.go(path)
        self.await_picture()
        return self.page

    def settle(self) -> None:
        """Wait until the page's script does not run any more."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")

    def await_picture(self) -> None:
        """Wait until a frame is drawn and the transport takes commands."""
        self.until(lambda: self.root().count() == 1 and self.number("data-frames") > 0, "a picture is drawn")
        self.page.wait_for_selector("[data-testid=play]:not([aria-disabled])")

    def until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something can be seen."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds:g} s: {what}; {self.state()}")
            self.page.wait_for_timeout(50)

    # -- what the canvas says of itself

    def root(self) -> Any:
        """The canvas component's root, whose attributes say what is drawn."""
        return self.page.locator("[data-testid=mlp], [data-testid=cnn], [data-testid=finetune], [data-testid=gan]")

    def attribute(self, name: str) -> str:
        """One of them as text; empty where it is not there."""
        root = self.root()
        return str(root.get_attribute(name) or "") if root.count() else ""

    def number(self, name: str) -> float:
        """One of them as a number; -1 where it is not there."""
        return float(self.attribute(name) or -1)

    def status(self) -> str:
        """The run's status as drawn."""
        return self.attribute("data-status")

    def epoch(self) -> int:
        """The epoch as drawn."""
        return int(self.number("data-epoch"))

    def step(self) -> int:
        """The step as drawn."""
        return int(self.number("data-step"))

    def state(self) -> str:
        """All of it in a line, and what the notice says."""
        notice = self.page.get_by_test_id("notice")
        words = notice.inner_text() if notice.count() and notice.is_visible() else ""
        return f"status {self.status()}, epoch {self.epoch()}, step {self.step()}. {words}"

    def read(self, testid: str) -> str:
        """The text of something by its test id."""
        return str(self.page.get_by_test_id(testid).first.inner_text())

    def loss(self) -> float:
        """The validation loss as read."""
        return float(self.read("val-loss").replace(",", ""))

    def pixels(self, which: str = ".field > canvas, .picture > canvas") -> list[tuple[int, str]]:
        """How many colours each canvas has, and a hash of its picture: those of the network, then the output's."""
        script = """(root, which) => [...root.querySelectorAll(which)].map(canvas => {
            const copy = new OffscreenCanvas(canvas.width, canvas.height);
            const context = copy.getContext('2d', { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            return [new Set(new Uint32Array(data.buffer)).size, canvas.toDataURL()];
        })"""
        drawn = self.root().evaluate(script, which)
        return [(colours, hashlib.sha256(url.encode()).hexdigest()) for colours, url in drawn]

    # -- doing things

    def press(self, testid: str) -> None:
        """Click something by its test id."""
        self.page.get_by_test_id(testid).first.click()

    def play(self, epochs: int = 1) -> None:
        """Press Play and wait until it has trained a little."""
        wanted = self.epoch() + epochs
        self.press("play")
        self.until(lambda: self.status() == "playing" and self.epoch() >= wanted, "it trains")

    def pause(self) -> None:
        """Press Pause and wait until it stands."""
        self.press("play")
        self.until(lambda: self.status() == "paused", "it pauses")

    def slider(self, label: str) -> Any:
        """One of the page's sliders by its label."""
        return self.page.get_by_role("slider", name=label)

    def query(self) -> dict[str, str]:
        """What the address says now."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def cookie(self) -> str:
        """The cookie that makes her this visitor."""
        (found,) = [one for one in self.context.cookies() if one["name"] == "playground_visitor"]
        return str(found["value"])

    def warnings(self) -> str:
        """Everything that the page says in an alert box."""
        return "\n".join(self.page.get_by_test_id("stAlert").all_inner_texts())

    def shoot(self, name: str) -> None:
        """Keep a picture of the page for the eye, where ``PLAYGROUND_SHOTS`` names a folder."""
        if folder := os.environ.get("PLAYGROUND_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder, f"{name}.png")))

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
