"""Convolution, step by step, with a real browser: three depths by mouse and key, a kernel typed, a window on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.core import paths
from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]


def opened(visitor: Visitor, view: str, query: str = "") -> Any:
    """Open a view and wait until its picture stands."""
    visitor.go(f"/convolution?v={view}1{query}")
    visitor.page.wait_for_selector(f"[data-testid={view}][data-theme][data-state=there]")
    return visitor.page.get_by_test_id(view)


def said(root: Any, name: str) -> str:
    return str(root.get_attribute(f"data-{name}"))


def test_one_pixel_at_three_depths(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "convolution")
    assert said(root, "answer") == "3", "the starter reads it"
    first = said(root, "spot")
    _, _, row, column = map(int, first.split(","))
    assert visitor.read("step-value") == f"{14 * row + column + 1} / 196", "windows count from 1"
    assert "(4,608), and 32 scales and 32 shifts" in visitor.read("explain")
    box = visitor.page.get_by_test_id("depth-sheet").bounding_box()
    seen = set()
    for share in (0.25, 0.42, 0.56, 0.68):  # from column to column
        visitor.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.6)
        visitor.page.wait_for_timeout(60)
        seen.add(said(root, "spot").split(",")[0])
    assert len(seen) >= 3, f"pointing shows pixels of several layers: {seen}"
    visitor.page.mouse.move(2, 2)
    visitor.until(lambda: said(root, "spot") == first, "nothing is pointed at")
    visitor.press("deeper")
    visitor.page.wait_for_selector("[data-testid=convolution][data-depth=channel]:not([data-moving])")
    value, whole = float(said(root, "value")), float(said(root, "sum"))
    assert abs(max(0.0, whole) - value) < 5e-3, "kernel maps and bias make up the network's own map"
    visitor.shoot("convolution-channel")
    visitor.page.get_by_test_id("depth-sheet").focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.until(lambda: said(root, "spot") != first, "an arrow key moves the window")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector("[data-testid=convolution][data-depth=pixel]:not([data-moving])")
    result = float(visitor.read("result").replace("\u2212", "-"))
    assert abs(result - float(said(root, "value"))) < 0.02
    visitor.until(lambda: visitor.query().get("depth") == "pixel", "the link follows")
    visitor.settle()
    visitor.press("play")
    visitor.until(lambda: said(root, "spot").split(",")[2] != first.split(",")[2], "the window slides by itself")
    visitor.press("play")


def test_a_typed_kernel_is_followed_at_once_and_python_agrees(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "kernel", "&picture=dot&side=9&kernel=emboss")
    assert said(root, "checksum") == said(root, "pages")
    before = said(root, "checksum")
    visitor.page.get_by_test_id("cell-0").fill("2.5")
    visitor.until(lambda: said(root, "weights").startswith("2.5,"), "the kernel is what was typed")
    visitor.until(lambda: said(root, "checksum") != before, "the result follows the keystroke")
    visitor.page.get_by_test_id("cell-0").press("Enter")
    visitor.until(
        lambda: visitor.query().get("kernel") == "own" and visitor.query()["numbers"].startswith("2.5,"),
        "the link has it",
    )
    visitor.until(lambda: said(root, "checksum") == said(root, "pages"), "Python's result is the browser's")
    turned = said(root, "weights").split(",")[::-1]
    visitor.press("flip")
    visitor.until(lambda: said(root, "weights").split(",") == turned, "the kernel is turned over")
    visitor.until(
        lambda: visitor.query().get("flip") == "1" and said(root, "checksum") == said(root, "pages"), "and stays so"
    )
    visitor.page.get_by_test_id("cell-4").fill("x")
    assert visitor.page.get_by_test_id("cell-4").get_attribute("aria-invalid") == "true"
    opened(visitor, "kernel", "&size=7&dilation=5&side=20")
    visitor.page.wait_for_selector("[data-testid=kernel][data-invalid]")
    assert "= \u221210" in visitor.read("formula")


def test_ones_own_picture_and_layers_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    root = opened(visitor, "receptive")
    low, high = map(int, said(root, "field").split(","))
    assert high - low == 10
    visitor.page.get_by_test_id("try-4").tap()
    visitor.until(lambda: said(root, "pages") == "3,7,15", "Python has the dilated stack, too")
    low, high = map(int, said(root, "field").split(","))
    assert high - low == 15
    photo = Path(paths.SAMPLES / "photos" / "frog.jpg")
    visitor.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(photo))
    visitor.until(
        lambda: said(root, "picture") == "own" and said(root, "state") == "there", "one's own picture is shown"
    )
    assert visitor.query()["picture"] == "own"
    assert visitor.warnings() == ""
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "no sideways scrolling"
    visitor.shoot("convolution-phone")
