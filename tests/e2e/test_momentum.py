"""Momentum and step size in a real browser: by mouse, by keyboard, by touch, and by link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]

VIEWS = {
    "momentum": "momentum",
    "schedules": "schedules",
    "range_test": "range-test",
    "basins": "basins",
    "race": "race-table",
}


def view(visitor: Visitor, path: str, testid: str) -> Any:
    """Open a view and wait until its picture is there; its root."""
    visitor.go(path)
    root = visitor.page.get_by_test_id(testid)
    root.locator("canvas").first.wait_for()
    visitor.until(lambda: painted(visitor, testid), "its first canvas is drawn")
    return root


def painted(visitor: Visitor, testid: str) -> bool:
    """Whether the first canvas shows more than one colour."""
    script = """root => {
        const canvas = root.querySelector('canvas');
        if (!canvas || canvas.width < 50) return false;
        const copy = new OffscreenCanvas(canvas.width, canvas.height);
        const context = copy.getContext('2d');
        context.drawImage(canvas, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 8;
    }"""
    return bool(visitor.page.get_by_test_id(testid).evaluate(script))


def spot(visitor: Visitor, testid: str, across: float, up: float) -> tuple[float, float]:
    """Screen place at shares of a canvas, from the left and from the bottom."""
    found = visitor.page.get_by_test_id(testid).bounding_box()
    assert found is not None
    return found["x"] + across * found["width"], found["y"] + (1 - up) * found["height"]


@pytest.mark.parametrize("kind", VIEWS)
def test_every_view_by_its_link(arrive: Arrive, kind: str) -> None:
    visitor = arrive()
    root = view(visitor, f"/momentum?v={kind}1", VIEWS[kind])
    assert root.get_by_test_id("alt").inner_text()
    assert not visitor.page.get_by_test_id("stException").count()
    assert visitor.query()["v"] == f"{kind}1"


def test_a_click_on_a_cell_runs_it_and_the_link_says_so(arrive: Arrive) -> None:
    visitor = arrive()
    root = view(visitor, "/momentum", "momentum")
    assert root.get_attribute("data-regime") == "oscillating"
    visitor.page.mouse.click(*spot(visitor, "diagram", 0.9, 0.45))
    visitor.until(lambda: root.get_attribute("data-regime") == "diverging", "that cell diverges")
    visitor.until(lambda: float(visitor.query()["lr"]) > 3, "the link has the rate")
    assert visitor.read("words").startswith("Diverges")
    visitor.press("optimum")
    visitor.until(lambda: root.get_attribute("data-regime") == "critically damped", "the optimum is critically damped")
    again = arrive()
    root = view(again, visitor.page.url, "momentum")
    assert root.get_attribute("data-regime") == "critically damped"
    assert again.read("words") == visitor.read("words")


def test_the_mark_is_dragged_and_moved_by_keys(arrive: Arrive) -> None:
    visitor = arrive()
    root = view(visitor, "/momentum?v=momentum1&lr=1&momentum=0.5", "momentum")
    mark = visitor.page.get_by_test_id("mark").bounding_box()
    assert mark is not None
    x, y = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x - 40, y - 40, steps=5)
    visitor.page.mouse.up()

    def place() -> tuple[float, float]:
        return float(root.get_attribute("data-lr")), float(root.get_attribute("data-momentum"))

    def linked() -> tuple[float, float]:
        return float(visitor.query()["lr"]), float(visitor.query()["momentum"])

    # Places on its way are told too, so wait for where it was let go.
    visitor.until(lambda: place()[0] < 0.78 and place()[1] > 0.6, "the run is that of the new place")
    visitor.until(lambda: linked() == place(), "the link has it")
    visitor.settle()
    before = place()[0]
    visitor.page.get_by_test_id("mark").focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.until(lambda: place()[0] > before, "an arrow key moves it")
    assert root.get_attribute("data-step") == str(120), "and does not step the run"


def test_a_run_is_played_and_scrubbed(arrive: Arrive) -> None:
    visitor = arrive()
    root = view(visitor, "/momentum?v=schedules1&steps=100", "schedules")
    visitor.press("reset")
    visitor.until(lambda: root.get_attribute("data-step") == "0", "it is at its start")
    visitor.press("step")
    visitor.until(lambda: root.get_attribute("data-step") == "1", "one step on")
    visitor.press("play")
    visitor.until(lambda: int(root.get_attribute("data-step")) > 5, "it plays")
    visitor.press("play")
    visitor.press("schedule-one_cycle")
    visitor.until(lambda: root.get_attribute("data-schedule") == "one_cycle", "another schedule is chosen")
    visitor.until(lambda: visitor.query()["schedule"] == "one_cycle", "and the link says so")
    assert "One cycle ends at" in visitor.read("words")


def test_a_rate_is_tried_and_the_suggested_one_taken_back(arrive: Arrive) -> None:
    visitor = arrive()
    root = view(visitor, "/momentum?v=range_test1", "range-test")
    suggested = root.get_attribute("data-suggested")
    assert root.get_attribute("data-rate") == suggested
    handle = visitor.page.get_by_test_id("rate")
    handle.focus()
    for _ in range(3):
        visitor.page.keyboard.press("Shift+ArrowRight")
        visitor.settle()
    visitor.until(lambda: float(root.get_attribute("data-rate")) > 3 * float(suggested), "the rate has risen")
    visitor.press("use")
    visitor.until(lambda: root.get_attribute("data-rate") == suggested, "the suggested rate is back")
    assert visitor.query()["lr"] == "0"


def test_a_tapped_start_shows_both_paths(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    root = view(visitor, "/momentum?v=basins1", "basins")
    before = root.get_attribute("data-start")
    visitor.page.touchscreen.tap(*spot(visitor, "map-0", 0.3, 0.75))
    visitor.until(lambda: root.get_attribute("data-start") != before, "another start")
    visitor.until(lambda: visitor.query()["start"] not in ("", "-"), "the link has it")
    assert "(−2.81, 3.13)" in visitor.read("words")


def test_the_diagram_by_touch_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    root = view(visitor, "/momentum", "momentum")
    assert root.get_attribute("data-width") == "narrow"
    assert visitor.page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    visitor.page.touchscreen.tap(*spot(visitor, "diagram", 0.3, 0.35))
    visitor.until(lambda: root.get_attribute("data-regime") == "overdamped", "the tapped cell runs")
    for testid in ("play", "optimum", "mark"):
        box = visitor.page.get_by_test_id(testid).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 43.5


def test_a_row_of_the_table_comes_forward(arrive: Arrive) -> None:
    visitor = arrive()
    root = view(visitor, "/momentum?v=race1", "race-table")
    assert root.locator("tbody tr").count() == 11
    visitor.press("row-adam")
    visitor.until(lambda: root.get_attribute("data-shown") == "adam", "Adam is drawn thick")
    assert visitor.read("words").startswith("Adam reaches")


def test_a_lesson_takes_the_mark_away(arrive: Arrive) -> None:
    visitor = arrive()
    root = view(visitor, "/momentum?v=momentum1&lock=lr", "momentum")
    assert visitor.page.get_by_test_id("mark").is_hidden()
    before = root.get_attribute("data-lr")
    visitor.page.mouse.click(*spot(visitor, "diagram", 0.8, 0.5))
    visitor.page.wait_for_timeout(500)
    visitor.settle()
    assert root.get_attribute("data-lr") == before
