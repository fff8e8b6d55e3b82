"""The Foundations pages as a hand feels them: ``python tests/bench/foundations.py [--moves 15] [--pages losses,momentum]``.

For every view of every page: milliseconds from a key press on a slider to the painted frame that shows the change, bytes
that the server sends for it, what the page computes for it (from the last control that was read to the packed frame) and
how large that frame is as JSON; frames a second while gradient descent plays. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from playwright.sync_api import TimeoutError as TooLong
from playwright.sync_api import sync_playwright
from streamlit.testing.v1.element_tree import SelectSlider

sys.path.insert(0, str(Path(__file__).parents[2]))
from playground.core import paths
from playground.jobs.executors import Inline
from playground.jobs.manager import Manager
from playground.ui import controls, provider, visitors, visual
from tests.e2e.support import FLAGS, Server, Visitor, chromium
from tests.pages.support import open_page

PAGES = ("activations", "losses", "backpropagation", "gradient_descent", "momentum")
PLAYED = "gradient_descent"
PATIENCE = 5.0
# The learning rate is seen where the weights change, which is the last of the four clicks.
PRESSED = {"backpropagation": "update"}
SLIDERS = "[data-testid=stMain] [data-testid=stSlider] input[type=range]"
HANDLES = "[data-testid=stMain] .playground [role=slider]"

NAME = "one => one.closest('[data-testid=stSlider]')?.querySelector('[role=group]').ariaLabel ?? `on canvas: ${one.ariaLabel}`"

# Every drawing begins by wiping its canvas; a message that is sent then arrives once the frame is painted.
WATCH = """
const bench = window.bench = { pressed: 0, change: 0, frames: 0, before: '', canvases: new Set() };
const wipe = CanvasRenderingContext2D.prototype.clearRect;
let asked = false;
bench.picture = () => [...bench.canvases].filter(canvas => canvas.isConnected && canvas.width > 1).map(canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let sum = 2166136261;
    for (const pixel of new Uint32Array(data.buffer)) sum = Math.imul(sum ^ pixel, 16777619);
    return sum;
}).join();
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    wipe.apply(this, box);
    if (!this.canvas.isConnected) return;
    bench.canvases.add(this.canvas);
    if (asked) return;
    asked = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
        asked = false;
        bench.frames += 1;
        const now = performance.now();
        if (bench.pressed && !bench.change && bench.picture() !== bench.before) bench.change = now - bench.pressed;
    };
    channel.port2.postMessage(0);
};
bench.arm = () => Object.assign(bench, { pressed: 0, change: 0, before: bench.picture() });
document.addEventListener('keydown', event => { bench.pressed = bench.pressed || event.timeStamp; }, true);
"""


@dataclass
class View:
    """What was measured of one view."""

    page: str
    title: str
    query: dict[str, str]
    slider: str = ""
    latencies: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    frame: int = 0

    def row(self) -> str:
        """A line of the table."""
        if not self.slider:
            return f"{self.page:<17}{self.title:<18}no slider changes the picture"
        worst = f"{max(self.latencies):7.0f}"
        return (
            f"{self.page:<17}{self.title:<18}{self.slider[:20]:<21}{statistics.median(self.latencies):7.0f}{worst}"
            f"{statistics.median(self.sent) / 1e3:9.1f}{_middle(self.computed):10.1f}{self.frame * 4 / 3e3:9.1f}"
        )


def _middle(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


class Wire:
    """Bytes that the page's WebSocket brought."""

    def __init__(self, page: Any) -> None:
        self.received = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)


def views_of(visitor: Visitor, page: str) -> list[View]:
    """All views of a page with their links, found by clicking on them."""
    visitor.go(f"/{page}")
    visitor.page.wait_for_selector(".playground")  # the row of views stands above it, and is there before it
    row = visitor.page.locator("[class*=st-key-][class*=-view] button")
    titles = [title.strip() for title in row.all_inner_texts()]
    if not titles:
        return [View(page, "", visitor.query())]
    found = []
    for number, title in enumerate(titles):
        row.nth(number).click()
        visitor.page.wait_for_timeout(1000)
        visitor.settle()
        found.append(View(page, title, visitor.query()))
    return found


def drawn(visitor: Visitor, view: View) -> None:
    """Open a view by its link and wait until it has drawn and rests."""
    visitor.go(f"/{view.page}?{urlencode(view.query)}")
    visitor.until(lambda: visitor.page.evaluate("bench.frames") > 0, "something is drawn")
    if testid := PRESSED.get(view.page):
        visitor.press(testid)
    seen = -1
    while (frames := visitor.page.evaluate("bench.frames")) != seen:
        seen = frames
        visitor.page.wait_for_timeout(1500)
        if visitor.page.locator("[data-playing=true]").count():  # some begin by themselves
            visitor.page.get_by_test_id("play").first.click()


def move(visitor: Visitor, slider: Any, key: str, patience: float) -> float:
    """Press a key on a slider; milliseconds until the changed picture was painted, 0 where none came."""
    slider.focus()
    visitor.page.evaluate("bench.arm()")
    visitor.page.keyboard.press(key)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if change := float(visitor.page.evaluate("bench.change")):
            return change
        visitor.page.wait_for_timeout(20)
    return 0.0


def measure(visitor: Visitor, wire: Wire, view: View, moves: int) -> None:
    """Slider to picture, on the first slider that changes the picture; else on the first handle that lies on it."""
    drawn(visitor, view)
    found = [*visitor.page.locator(SLIDERS).all(), *visitor.page.locator(HANDLES).all()]
    slider = next(
        (one for one in found if any(move(visitor, one, key, PATIENCE) for key in ("ArrowRight", "ArrowLeft"))), None
    )
    if slider is None:
        return
    view.slider = str(slider.evaluate(NAME))
    keys = ["ArrowRight", "ArrowLeft"]
    for _ in range(moves):  # one way as far as it goes: values that were seen before are kept by the server
        visitor.page.wait_for_timeout(400)
        wire.received = 0
        if change := move(visitor, slider, keys[0], PATIENCE):
            visitor.settle()
            visitor.page.wait_for_timeout(150)
            view.latencies.append(change)
            view.sent.append(wire.received)
        else:
            keys.reverse()
    if not view.latencies:
        view.slider = ""


class Clock:
    """Seconds between the last control that a page read and the frame that it made of it."""

    def __init__(self) -> None:
        self.read = time.perf_counter()
        self.spent: float | None = None
        self.frame = 0
        edit, show = controls.edit, visual.visual

        def edited(*args: Any, **more: Any) -> Any:
            spec = edit(*args, **more)
            self.read = time.perf_counter()
            return spec

        def shown(module: str, frame: bytes, **more: Any) -> None:
            if self.spent is None:
                self.spent, self.frame = time.perf_counter() - self.read, len(frame)
            show(module, frame, **more)

        controls.edit, visual.visual = edited, shown  # type: ignore[assignment]
        visitors.current = lambda: "the-visitor-of-a-bench"  # there is no request, hence no cookie
        provider.use(Manager(provider.settings(), None, Inline()))


def compute(clock: Clock, view: View, moves: int) -> None:
    """The same moves without a browser."""
    page = open_page(view.page, **view.query)
    for number in range(moves + 1):
        sliders = [*page.slider, *page.select_slider]
        chosen = next((one for one in sliders if one.label == view.slider), None)
        if chosen is None:
            return
        chosen.set_value(_beside(chosen, number))
        clock.spent = None
        forget()
        page.run()
        if clock.spent is not None and number:  # the first one may still import
            view.computed.append(1e3 * clock.spent)
            view.frame = clock.frame


def forget() -> None:
    """Empty what the pages keep, so that a value is computed as if it were seen for the first time."""
    st.cache_data.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith("playground.ui.parts."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


def _beside(slider: Any, number: int) -> Any:
    """Another value of a slider, back and forth."""
    if isinstance(slider, SelectSlider):
        kind = type(slider.value)
        values = [kind(float(text.replace(",", ""))) for text in slider.options]  # they are written "1,000"
        at = min(range(len(values)), key=lambda i: abs(values[i] - slider.value))
        return values[at - 1 if at == len(values) - 1 or (number % 2 and at) else at + 1]
    step = slider.step if slider.value + slider.step <= slider.max else -slider.step
    return slider.value + step


def frames_a_second(visitor: Visitor, view: View, seconds: float = 5) -> str:
    """How often the picture is drawn while it plays, slowly enough to last."""
    drawn(visitor, view)
    play = visitor.page.get_by_test_id("play").first
    visitor.page.get_by_test_id("reset").first.click()
    visitor.page.get_by_test_id("speed").first.select_option("50")
    visitor.page.wait_for_timeout(500)
    play.click()
    before = visitor.page.evaluate("[bench.frames, performance.now()]")
    visitor.page.wait_for_timeout(1000 * seconds)
    after = visitor.page.evaluate("[bench.frames, performance.now()]")
    rate = (after[0] - before[0]) / (after[1] - before[1]) * 1000
    playing = play.get_attribute("data-playing")
    return f"{rate:.1f} frames/s at 50 steps a second" + (
        "" if playing == "true" else " (it came to its end meanwhile)"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=15)
    parser.add_argument("--pages", default=",".join(PAGES))
    given = parser.parse_args()
    wanted = [page for page in given.pages.split(",") if (paths.pages() / f"{page}.py").is_file()]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}, Streamlit {st.__version__}"
    )
    print(
        f"{'page':<17}{'view':<18}{'slider':<21}{'median':>7}{'worst':>7}{'sent kB':>9}{'compute':>10}{'frame kB':>9}"
    )
    logging.disable(logging.WARNING)  # Streamlit says at each run that no browser is there
    clock, playing = Clock(), ""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        server = Server(Path(name))
        try:
            for page in wanted:
                visitor = Visitor(browser, server)
                visitor.page.add_init_script(WATCH)
                wire = Wire(visitor.page)
                for view in views_of(visitor, page):
                    with said():
                        measure(visitor, wire, view, given.moves)
                    with said():
                        compute(clock, view, given.moves)
                    print(view.row(), flush=True)
                    if page == PLAYED and not playing:
                        with said():
                            playing = frames_a_second(visitor, view)
                visitor.close()
        finally:
            server.stop()
        browser.close()
    print(
        "median and worst: ms from the key press to the painted change; compute: ms, median, without a browser and with nothing kept"
    )
    print(f"gradient descent, playing: {playing or 'not measured'}")


@contextlib.contextmanager
def said() -> Iterator[None]:
    """What cannot be measured is said, and the rest goes on."""
    try:
        yield
    except (AssertionError, TooLong, ValueError) as error:
        print(f"  not measured: {error}", flush=True)


if __name__ == "__main__":
    main()
