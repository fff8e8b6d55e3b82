"""Scoring one's own boxes in a real browser: drawn by mouse, finger and keyboard, read from a file, kept, taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.support import PHONE, Server, Visitor
from tests.tiny_yolo import put

Arrive = Callable[..., Visitor]
COLD = 300_000
"""How long a busy machine may take to start the process that runs models and to load one, in milliseconds."""
LINK = "/detection?v=detection1&model=tiny&example=two"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models folder holds a detector of a few layers; it knows three kinds of thing."""
    models = tmp_path_factory.mktemp("models")
    put(models)
    made = Server(tmp_path_factory.mktemp("server"), PLAYGROUND_MODELS=str(models), PLAYGROUND_OFFLINE="1")
    yield made
    made.stop()


def opened(visitor: Visitor, link: str = LINK) -> Any:
    """The tab with the model's answer."""
    page = visitor.go(link)
    page.get_by_role("tab", name="Score my own boxes").click()
    root = page.locator("[data-testid=truths][data-state=there]")
    root.wait_for(timeout=COLD)
    visitor.until(lambda: bool(root.get_attribute("data-photo")), "the photo is decoded")
    visitor.until(lambda: page.get_by_test_id("class").is_enabled(), "it can be drawn on")
    visitor.settle()
    return root


def boxes(root: Any) -> int:
    return int(root.get_attribute("data-boxes") or -1)


def counted(visitor: Visitor, root: Any, n: int) -> None:
    """Wait until so many true boxes are drawn and the page has counted them."""
    visitor.until(lambda: boxes(root) == n and root.get_attribute("data-behind") is None, f"{n} true boxes are counted")


def drag(page: Any, *shares: float) -> None:
    """Press at one place of the picture, move to another and let go; in shares of its width and height."""
    page.get_by_test_id("surface").scroll_into_view_if_needed()
    box = page.get_by_test_id("surface").bounding_box()
    places = [
        (box["x"] + x * box["width"], box["y"] + y * box["height"])
        for x, y in zip(shares[::2], shares[1::2], strict=True)
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=5)
    page.mouse.up()


def edges(page: Any, number: int) -> list[float]:
    """Where one of the true boxes lies, in percent: left, top, width, height."""
    style = page.get_by_test_id("true-box").nth(number).evaluate("({ style: s }) => [s.left, s.top, s.width, s.height]")
    return [float(value.removesuffix("%")) for value in style]


def test_boxes_are_drawn_changed_counted_kept_and_taken_along(arrive: Arrive, tmp_path: Path) -> None:
    visitor = arrive()
    root = opened(visitor)
    page = visitor.page
    assert boxes(root) == 0 and "corner to corner" in page.get_by_test_id("reading").inner_text()
    drag(page, 0.2, 0.3, 0.6, 0.6)
    counted(visitor, root, 1)
    assert edges(page, 0) == pytest.approx([20, 30, 40, 30], abs=1)
    hits, missed = (int(page.get_by_test_id(f"count-{kind}").inner_text()) for kind in ("hit", "missed"))
    assert hits + missed == 1 and page.get_by_test_id("recall").inner_text() == f"{hits:.2f}"
    assert "n = 1" in page.get_by_role("radiogroup", name="Class whose numbers are shown").inner_text()

    drag(page, 0.4, 0.45, 0.5, 0.55)  # the box is held: it moves
    visitor.until(lambda: abs(edges(page, 0)[0] - 30) < 1, "the box moves")
    drag(page, 0.7, 0.7, 0.8, 0.8)  # its lower right corner
    visitor.until(lambda: abs(edges(page, 0)[2] - 50) < 1, "the box grows")
    left = edges(page, 0)[0]
    page.keyboard.press("ArrowRight")
    visitor.until(lambda: abs(edges(page, 0)[0] - left - 0.5) < 0.01, "an arrow key moves it")
    page.get_by_test_id("class").select_option("kind 2")
    visitor.until(
        lambda: "True box, kind 2" in str(page.get_by_test_id("true-box").get_attribute("aria-label")), "named"
    )
    page.get_by_test_id("add").click()
    counted(visitor, root, 2)
    visitor.until(lambda: root.get_attribute("data-held") == "2", "the new one is held")
    visitor.until(
        lambda: page.get_by_test_id("true-box").nth(1).evaluate("node => node.getRootNode().activeElement === node"),
        "and has the keyboard",
    )
    page.keyboard.press("Delete")
    counted(visitor, root, 1)
    page.get_by_test_id("undo").click()
    counted(visitor, root, 2)

    page.get_by_test_id("iou-0.75").click()
    visitor.until(lambda: "AP75" in page.get_by_test_id("view-kind 2").inner_text(), "a closer fit is asked for")
    before = visitor.page.get_by_test_id("confidence").input_value()
    page.get_by_test_id("confidence").press("ArrowRight")
    visitor.until(lambda: float(visitor.query()["confidence"]) > float(before), "the link knows the confidence")
    visitor.settle()
    with page.expect_download() as caught:
        page.get_by_role("button", name="True boxes (YOLO txt)").click()
    assert caught.value.suggested_filename == "two.txt"
    caught.value.save_as(tmp_path / "two.txt")
    lines = [line.split() for line in (tmp_path / "two.txt").read_text().splitlines()]
    assert [line[0] for line in lines] == ["2", "2"] and float(lines[1][3]) == pytest.approx(0.2)
    assert not {"boxes", "truths"} & visitor.query().keys()
    visitor.shoot("score-boxes")

    page.get_by_role("tab", name="Boxes").first.click()
    page.get_by_test_id("truths").wait_for(state="detached")
    page.get_by_role("tab", name="Score my own boxes").click()
    counted(visitor, root, 2)  # they outlive another tab

    (tmp_path / "bad.txt").write_text("0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n")
    page.get_by_test_id("txt").set_input_files(tmp_path / "bad.txt")
    filed = page.get_by_test_id("filed")
    visitor.until(lambda: "line 2: class 7; this model has 3 classes" in filed.inner_text(), "the wrong line is named")
    upload = page.get_by_test_id("upload-txt").bounding_box()
    assert filed.get_attribute("role") == "alert" and filed.bounding_box()["y"] - upload["y"] < 2 * upload["height"]
    (tmp_path / "good.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    page.get_by_test_id("txt").set_input_files(tmp_path / "good.txt")
    counted(visitor, root, 1)
    visitor.until(lambda: "1 true box in place" in filed.inner_text(), "the file is taken")
    assert filed.get_attribute("role") == "status"
    page.get_by_test_id("surface").click(position={"x": 5, "y": 5})
    filed.wait_for(state="hidden")


def test_another_class_holds_at_once_and_is_scored(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor)
    page = visitor.page

    def named(number: int, name: str) -> None:
        """The page has counted the box in its class: what became of it is said, and the class has numbers."""
        box, start = page.get_by_test_id("true-box").nth(number), f"True box, {name}. "
        visitor.until(
            lambda: str(box.get_attribute("aria-label")).startswith(f"{start}F"), f"{number} is {name}, and judged"
        )
        visitor.until(lambda: page.get_by_test_id(f"view-{name}").count() == 1, "its class has numbers")
        counted(visitor, root, 2)

    drag(page, 0.1, 0.1, 0.4, 0.4)
    drag(page, 0.6, 0.6, 0.9, 0.9)
    counted(visitor, root, 2)
    page.get_by_test_id("class").select_option("kind 2")
    named(1, "kind 2")
    page.get_by_test_id("true-box").first.focus()
    page.get_by_test_id("class").select_option("kind 0")
    page.get_by_test_id("class").select_option("kind 1")  # at once: the page may hear of the last one only
    page.get_by_test_id("iou-0.75").click()
    named(0, "kind 1")
    visitor.until(lambda: "AP75" in page.get_by_test_id("view-kind 1").inner_text(), "and so does what came after it")


def test_the_picture_keeps_its_place_whatever_is_drawn(arrive: Arrive, tmp_path: Path) -> None:
    visitor = arrive()
    root = opened(visitor)
    page = visitor.page
    Image.new("RGB", (300, 480), "teal").save(tmp_path / "tall.png")
    page.locator("input[type=file][accept*=image]").first.set_input_files(tmp_path / "tall.png")

    def places() -> list[dict[str, float]]:
        found = [page.get_by_test_id(name).bounding_box() for name in ("surface", "precision-recall")]
        canvas, ratio = page.get_by_test_id("precision-recall").evaluate(
            "c => [c.width / c.clientWidth, c.height / c.clientHeight]"
        )
        assert canvas == pytest.approx(ratio, rel=0.02), "the plot is not stretched"
        return found

    visitor.until(
        lambda: (
            page.get_by_test_id("surface").bounding_box()["height"]
            > page.get_by_test_id("surface").bounding_box()["width"]
        ),
        "tall",
    )
    counted(visitor, root, 0)
    visitor.settle()
    page.get_by_test_id("surface").scroll_into_view_if_needed()
    before = places()
    assert before[0]["width"] / before[0]["height"] == pytest.approx(300 / 480, abs=0.01)
    surface = before[0]
    page.mouse.move(surface["x"] + 30, surface["y"] + 30)
    page.mouse.down()
    assert places() == before
    page.mouse.move(surface["x"] + 120, surface["y"] + 120, steps=3)
    page.mouse.up()
    counted(visitor, root, 1)
    assert places() == before
    assert "1 true box: " in page.get_by_test_id("alt").inner_text()
    page.get_by_test_id("clear-boxes").click()
    counted(visitor, root, 0)
    assert places() == before and page.get_by_test_id("alt").inner_text() == ""
    (tmp_path / "good.txt").write_text("".join(f"{k % 3} 0.5 0.5 0.{k + 1} 0.{k + 1}\n" for k in range(9)))
    page.get_by_test_id("txt").set_input_files(tmp_path / "good.txt")
    counted(visitor, root, 9)
    assert places() == before


def test_a_finger_draws_on_a_phone_and_nothing_goes_sideways(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    root = opened(visitor)
    page = visitor.page
    surface = page.get_by_test_id("surface")
    surface.scroll_into_view_if_needed()
    box, wire = surface.bounding_box(), visitor.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": box["x"] + at[0] * box["width"], "y": box["y"] + at[1] * box["height"]}] if at else []
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.2, 0.2)
    for step in range(1, 6):
        touch("touchMove", 0.2 + 0.1 * step, 0.2 + 0.08 * step)
    touch("touchEnd")
    counted(visitor, root, 1)
    assert edges(page, 0) == pytest.approx([20, 20, 50, 40], abs=2)
    wide, inner = page.evaluate("() => [document.scrollingElement.scrollWidth, innerWidth]")
    assert wide <= inner
    outside = root.evaluate(
        """root => [...root.querySelectorAll('canvas, button:not(.cell), .ratio, .key')].filter(node => node.offsetParent
        && node.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert outside == 0
    for testid in ("add", "delete", "undo", "clear-boxes", "upload-txt", "class", "iou-0.5", "confidence"):
        assert page.get_by_test_id(testid).bounding_box()["height"] >= 44, testid
    visitor.shoot("score-boxes-phone")
