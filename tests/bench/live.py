"""The live view while it trains, as a browser sees it: ``python tests/bench/live.py [--seconds 10] [--moves 15]``.

Frames a second, slider-to-picture latency, CPU of server, trainer and browser, bytes a frame; the rival, in the same run,
is a Plotly heat map with two curves in a fragment that Streamlit runs ten times a second. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright
from websockets.sync.client import connect

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.e2e.support import FLAGS, Server, Visitor, chromium

RIVAL = """
import numpy as np, plotly.graph_objects as go, streamlit as st
from plotly.subplots import make_subplots

@st.fragment(run_every=0.1)
def picture():
    count = st.session_state.count = st.session_state.get("count", 0) + 1
    draw = np.random.default_rng(count)
    figure = make_subplots(rows=1, cols=2)
    figure.add_heatmap(z=draw.random((64, 64)), row=1, col=1)
    for row in draw.random((2, 150)):
        figure.add_scatter(y=row, row=1, col=2)
    figure.update_layout(title=f"frame {count}")
    st.plotly_chart(figure, key="picture")

picture()
"""

COUNT_TITLES = """seconds => new Promise(done => {
    const end = performance.now() + 1000 * seconds;
    let [last, seen] = ['', -1];
    const look = () => {
        const title = document.querySelector('.gtitle')?.textContent ?? '';
        if (title !== last) { last = title; seen += 1; }
        if (performance.now() < end) requestAnimationFrame(look); else done(seen);
    };
    look();
})"""

WATCH_SLIDER = """root => {
    window.moves = [];
    let pressed = 0;
    document.addEventListener('keydown', () => { pressed = performance.now(); }, true);
    let last = root.dataset.lr;
    new MutationObserver(() => {
        if (root.dataset.lr === last) return;
        last = root.dataset.lr;
        window.moves.push(performance.now() - pressed);
    }).observe(root, { attributes: true, attributeFilter: ['data-lr'] });
}"""


class Cpu:
    """CPU time of processes while something is measured, in percent of one core."""

    def __init__(self, **pids: list[psutil.Process]) -> None:
        self.groups, self.began = pids, time.monotonic()
        self.before = {name: self._spent(group) for name, group in pids.items()}

    def __str__(self) -> str:
        """All of them in a line."""
        spent = time.monotonic() - self.began
        shares = {name: 100 * (self._spent(group) - self.before[name]) / spent for name, group in self.groups.items()}
        return ", ".join(f"{name} {share:.0f} %" for name, share in shares.items())

    @staticmethod
    def _spent(group: list[psutil.Process]) -> float:
        times = [one.cpu_times() for one in group if one.is_running()]
        return sum(one.user + one.system for one in times)


def browser_processes() -> list[psutil.Process]:
    """Every process of the browser that this process started."""
    return [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]


def frames_from(server: Server, run: str, cookie: str, seconds: float) -> Iterator[int]:
    """Sizes of the frames that a client who answers at once is sent."""
    headers = {"Cookie": f"playground_visitor={cookie}"}
    address = f"ws://127.0.0.1:{server.port}/live/{run}"
    with connect(address, origin=server.url, additional_headers=headers, proxy=None, max_size=None) as ws:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            frame = ws.recv(timeout=10)
            ws.send('{"cmd": "ack"}')
            yield len(frame)


def latencies(visitor: Visitor, moves: int) -> list[float]:
    """Milliseconds from a key press on the learning rate's slider to the first drawn frame that has the new rate."""
    visitor.root().evaluate(WATCH_SLIDER)
    visitor.slider("Learning rate").focus()
    for number in range(moves):
        visitor.page.keyboard.press("ArrowLeft" if number % 2 else "ArrowRight")
        visitor.until(lambda number=number: visitor.page.evaluate("moves.length") > number, "the move is seen")
        visitor.page.wait_for_timeout(300)
    found: list[float] = visitor.page.evaluate("moves")
    return found


def measure_ours(browser: Any, server: Server, link: str, seconds: float, moves: int) -> None:
    """One experiment on the page, with everything that is measured of it."""
    visitor = Visitor(browser, server)
    visitor.open(link)
    visitor.play(epochs=2)
    web = psutil.Process(server.process.pid)
    trainers = [psutil.Process(pid) for pid in server.trainers()]
    cpu = Cpu(server=[web], trainers=trainers, browser=browser_processes())
    frames, epochs, began = visitor.number("data-frames"), visitor.epoch(), time.monotonic()
    visitor.page.wait_for_timeout(1000 * seconds)
    frames, epochs = visitor.number("data-frames") - frames, visitor.epoch() - epochs
    spent = time.monotonic() - began
    print(f"  {frames / spent:.1f} frames/s, {epochs / spent:.0f} epochs/s; CPU: {cpu}", flush=True)
    if moves:
        times = sorted(latencies(visitor, moves))
        print(
            f"  slider to picture: median {statistics.median(times):.0f} ms, {times[0]:.0f} to {times[-1]:.0f}",
            flush=True,
        )
    sizes = list(frames_from(server, visitor.query()["run"], visitor.cookie(), 3))
    print(f"  bytes a frame: median {statistics.median(sizes):.0f} ({len(sizes)} frames)", flush=True)
    visitor.pause()
    visitor.close()


def measure_rival(browser: Any, folder: Path, seconds: float) -> None:
    """The same questions to Plotly in a fragment."""
    script = folder / "rival.py"
    script.write_text(RIVAL)
    words = (
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.headless",
        "true",
        "--server.port",
        "{port}",
    )
    server = Server(folder, (*words, "--browser.gatherUsageStats", "false"), probe="/_stcore/health")
    try:
        visitor = Visitor(browser, server)
        visitor.page.goto(server.url)
        visitor.page.wait_for_selector(".gtitle")
        cpu = Cpu(server=[psutil.Process(server.process.pid)], browser=browser_processes())
        seen = visitor.page.evaluate(COUNT_TITLES, seconds)
        print(f"  {seen / seconds:.1f} frames/s; CPU: {cpu}", flush=True)
        visitor.close()
    finally:
        server.stop()


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--moves", type=int, default=15)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        server = Server(folder, PLAYGROUND_WORKERS="0")
        try:
            for title, link in (
                ("circle, 4-2", "/mlp"),
                ("spiral, 8-8-8", "/mlp?dataset=spiral&noise=0&hidden=8,8,8"),
                ("iris, 32-32-32", "/mlp?dataset=iris&hidden=32,32,32&activation=relu"),
            ):
                print(title)
                measure_ours(browser, server, link, given.seconds, given.moves)
        finally:
            server.stop()
        print("rival: Plotly in a fragment, every 0.1 s")
        measure_rival(browser, folder, given.seconds)
        browser.close()


if __name__ == "__main__":
    main()
