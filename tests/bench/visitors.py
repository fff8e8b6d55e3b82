"""Twenty visitors who train at once: ``python tests/bench/visitors.py [--visitors 20] [--seconds 20]``.

Each comes with a browser profile of their own, opens the page (which makes their run) and leaves it to a plain WebSocket
client with their cookie, which plays the run and answers every frame at once. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import struct
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.e2e.support import FLAGS, Server, Visitor, chromium

LINK = "/mlp?dataset=spiral&noise=0&hidden=8,8,8"


@dataclass
class Viewer:
    """A visitor's eyes: what came, when, and how far the run was."""

    seen: list[tuple[float, int]] = field(default_factory=list)
    status: str = ""
    ending: bool = False

    def watch(self, server: Server, run: str, cookie: str) -> None:
        """Play the run and answer every frame, until told to end."""
        headers = {"Cookie": f"playground_visitor={cookie}"}
        address = f"ws://127.0.0.1:{server.port}/live/{run}"
        with connect(address, origin=server.url, additional_headers=headers, proxy=None, max_size=None) as ws:
            ws.send('{"cmd": "play"}')
            while not self.ending:
                try:
                    frame = ws.recv(timeout=1)
                except TimeoutError:
                    continue
                except ConnectionClosed as closed:
                    self.status = f"closed: {closed}"
                    return
                ws.send('{"cmd": "ack"}')
                (length,) = struct.unpack("<I", frame[4:8])
                header = json.loads(frame[8 : 8 + length])
                if header["kind"] == "mlp.tick":
                    self.status = header["status"]
                    self.seen.append((time.monotonic(), header["epoch"]))

    def between(self, begin: float, end: float) -> tuple[float, list[float]]:
        """Epochs a second and the gaps between frames, in that span."""
        inside = [one for one in self.seen if begin <= one[0] <= end]
        if len(inside) < 2:
            return 0.0, [end - begin]
        (first, low), (last, high) = inside[0], inside[-1]
        gaps = [later[0] - one[0] for one, later in pairwise(inside)]
        return (high - low) / (last - first), gaps


def arrive(browser: Any, server: Server) -> tuple[Viewer, threading.Thread]:
    """A further visitor, whose run plays."""
    person = Visitor(browser, server)
    person.open(LINK)
    viewer = Viewer()
    thread = threading.Thread(target=viewer.watch, args=(server, person.query()["run"], person.cookie()))
    thread.start()
    while viewer.status != "playing":
        time.sleep(0.02)
    person.close()
    return viewer, thread


def measure(viewers: list[Viewer], seconds: float) -> tuple[list[float], list[float]]:
    """Epochs a second of each, and all gaps between frames in order of length."""
    begin = time.monotonic()
    time.sleep(seconds)
    found = [viewer.between(begin, begin + seconds) for viewer in viewers]
    return [rate for rate, _ in found], sorted(gap for _, gaps in found for gap in gaps)


def main() -> None:
    """Print how the first fares alone, then all of them together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}; spiral, 8-8-8")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        server = Server(Path(name), PLAYGROUND_WORKERS="0")
        viewers, threads = [], []
        try:
            for number in range(given.visitors):
                viewer, thread = arrive(browser, server)
                viewers.append(viewer)
                threads.append(thread)
                if number == 0:
                    time.sleep(5)  # the other trainers start meanwhile
                    rates, gaps = measure(viewers, min(5, given.seconds))
                    print(
                        f"one alone: {rates[0]:.1f} epochs/s, {len(gaps) / min(5, given.seconds):.1f} frames/s",
                        flush=True,
                    )
            browser.close()
            web = psutil.Process(server.process.pid)
            before = sum(web.cpu_times()[:2])
            rates, gaps = measure(viewers, given.seconds)
            cpu = 100 * (sum(web.cpu_times()[:2]) - before) / given.seconds
            health = server.health()
        finally:
            for viewer in viewers:
                viewer.ending = True
            for thread in threads:
                thread.join()
            server.stop()
    playing = sum(viewer.status == "playing" for viewer in viewers)
    fps = len(gaps) / given.seconds / len(viewers)
    print(
        f"{len(viewers)} at once: {playing} playing, {health['waiting']} waiting, {sum(rate > 0 for rate in rates)} advance"
    )
    print(
        f"epochs/s each: median {statistics.median(rates):.1f}, least {min(rates):.1f}, most {max(rates):.1f}; "
        f"together {sum(rates):.0f}"
    )
    print(
        f"frames/s each: {fps:.1f}; gap between frames: median {1000 * statistics.median(gaps):.0f} ms, "
        f"p95 {1000 * gaps[int(0.95 * len(gaps))]:.0f} ms, longest {1000 * gaps[-1]:.0f} ms"
    )
    print(f"web process: {cpu:.0f} % of a core, {cpu / len(viewers):.1f} % a viewer")


if __name__ == "__main__":
    main()
