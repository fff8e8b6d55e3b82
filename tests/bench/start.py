"""Cold start to the first interactive page: ``python tests/bench/start.py [--runs 5]``, beside a bare Streamlit app.

From the start of the server's process until, in a browser that is already open, the picture is drawn and Play takes
commands; for the bare app, until its one button is there. Interleaved; nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.e2e.support import FLAGS, Server, chromium

BARE = "import streamlit as st\nst.title('Hello')\nst.button('Play')\n"
READY = "[data-testid=mlp]:not([data-status=waiting]) [data-testid=play]:not([aria-disabled])"


def once(browser: Any, folder: Path, **how: Any) -> tuple[float, float]:
    """Seconds until the page can be used, and until the server answered at all."""
    path, ready = how.pop("path"), how.pop("ready")
    began = time.monotonic()
    server = Server(folder, **how)
    answered = time.monotonic() - began
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(server.url + path)
        page.wait_for_selector(ready, state="attached")
        return time.monotonic() - began, answered
    finally:
        context.close()
        server.stop()


def main() -> None:
    """Print medians and spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        (folder / "bare.py").write_text(BARE)
        streamlit = (sys.executable, "-m", "streamlit", "run", str(folder / "bare.py"), "--server.headless", "true")
        bare = (*streamlit, "--server.port", "{port}", "--browser.gatherUsageStats", "false")
        rivals: dict[str, dict[str, Any]] = {
            "bare Streamlit": {
                "command": bare,
                "probe": "/_stcore/health",
                "path": "/",
                "ready": "button >> text=Play",
            },
            "playground, home": {"path": "/", "ready": "[data-testid=stPageLink-NavLink]"},
            "playground, mlp": {"path": "/mlp", "ready": READY},
        }
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in rivals}
        for _ in range(given.runs):
            for name, how in rivals.items():
                took[name].append(once(browser, folder, **how))
        browser.close()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load before {os.getloadavg()[2]:.1f}, {given.runs} runs each")
    for name, times in took.items():
        total, answered = ([one[k] for one in times] for k in (0, 1))
        print(
            f"{name:>18}: {statistics.median(total):.2f} s (least {min(total):.2f}, most {max(total):.2f}); "
            f"server answers after {statistics.median(answered):.2f} s"
        )


if __name__ == "__main__":
    main()
