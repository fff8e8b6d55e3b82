"""The page Activations in a real browser: what the hand drags moves at once, and its link brings it back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]

VIEWS = {"Curve": "activations", "One neuron": "neuron", "Depth": "depth", "Sums": "sums"}
WIDTHS = "() => { const page = document.scrollingElement; return [page.scrollWidth, page.clientWidth]; }"


def number(page: Any, testid: str, name: str) -> float:
    """One of the attributes in which a picture says what it shows."""
    return float(page.get_by_test_id(testid).get_attribute(f"data-{name}") or "nan")


def drawn(visitor: Visitor, testid: str) -> Any:
    """Wait until a picture is drawn."""
    root = visitor.page.get_by_test_id(testid)
    root.wait_for()
    visitor.until(lambda: bool(root.get_attribute("data-width")), f"{testid} is drawn")
    return root


def drag(page: Any, testid: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press on something, in shares of its width and height, and drag; still pressed at the end."""
    box = page.get_by_test_id(testid).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=6)


def pull(page: Any, testid: str, by: tuple[float, float]) -> None:
    """Drag a grip by so many pixels and let go."""
    box = page.get_by_test_id(testid).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=6)
    page.mouse.up()


def test_the_marker_follows_the_hand_and_the_link_keeps_it(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations")
    drawn(visitor, "activations")
    assert number(page, "activations", "x") == 2
    drag(page, "curve", (0.6, 0.5), (0.3, 0.5))
    visitor.until(lambda: number(page, "activations", "x") < 0, "the marker follows before the hand lets go")
    assert visitor.query().get("x", "2") == "2"
    page.mouse.up()
    x = number(page, "activations", "x")
    assert number(page, "activations", "value") == pytest.approx(1 / (1 + math.exp(-x)), abs=1e-3)
    visitor.until(lambda: visitor.query().get("x") == f"{x:g}", "the link knows where it was let go")
    visitor.settle()
    assert number(page, "activations", "x") == x
    assert f"At x = {x:.2f}".replace("-", "\u2212") == page.get_by_test_id("here").inner_text()
    other = arrive()
    other.go(page.url)
    drawn(other, "activations")
    assert number(other.page, "activations", "x") == x


def test_the_keyboard_moves_the_marker(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations?v=activations1&activation=tanh&compare=")
    drawn(visitor, "activations")
    page.get_by_test_id("x").focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowRight", "PageDown"):
        page.keyboard.press(key)
    visitor.until(lambda: number(page, "activations", "x") == 0.81, "two back, a little forward, one unit back")
    visitor.until(lambda: visitor.query().get("x") == "0.81", "the link follows")
    assert visitor.query().get("compare", "") == ""
    assert "Tanh at x = 0.81" in page.get_by_test_id("alt").inner_text()


def test_another_curve_is_chosen_by_its_picture(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations")
    drawn(visitor, "activations")
    page.get_by_test_id("pick-relu").click()
    visitor.until(lambda: number(page, "activations", "slope") == 1, "the slope of ReLU at 2")
    assert visitor.query()["activation"] == "relu"
    visitor.shoot("activations-curve")


def test_a_point_on_the_plane_is_dragged_and_the_sum_follows(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations?v=neuron1")
    drawn(visitor, "neuron")
    before = page.get_by_test_id("sum").inner_text()
    pull(page, "point", (60, 80))
    x1, x2 = number(page, "neuron", "x1"), number(page, "neuron", "x2")
    assert x1 > 0.5
    assert x2 < 1
    z = number(page, "neuron", "z")
    assert z == pytest.approx(1.6 * x1 - 0.8 * x2 + 0.4, abs=1e-3)
    assert number(page, "neuron", "y") == pytest.approx(math.tanh(z), abs=1e-3)
    after = page.get_by_test_id("sum").inner_text()
    assert after != before
    assert f"{x1:.2f}" in after
    visitor.until(lambda: visitor.query().get("x1") == f"{x1:g}", "the link knows the point")
    visitor.settle()
    assert (number(page, "neuron", "x1"), number(page, "neuron", "x2")) == (x1, x2)


def test_the_arrow_turns_the_line_and_the_square_moves_it(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations?v=neuron1")
    drawn(visitor, "neuron")
    pull(page, "tip", (0, -120))
    assert number(page, "neuron", "w1") == 1.6
    assert number(page, "neuron", "w2") > 0.5
    visitor.until(lambda: visitor.slider("Weight w₂").get_attribute("aria-valuenow") != "-0.8", "the slider follows")
    pull(page, "line", (20, -20))
    assert number(page, "neuron", "bias") < 0.4
    page.get_by_test_id("line").focus()
    bias = number(page, "neuron", "bias")
    page.keyboard.press("ArrowUp")
    visitor.until(lambda: number(page, "neuron", "bias") == pytest.approx(bias + 0.25), "the keyboard moves it too")


def test_one_neuron_does_and_but_not_xor(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations?v=neuron1&activation=sigmoid")
    drawn(visitor, "neuron")
    assert not page.get_by_test_id("answer").is_visible()
    page.get_by_test_id("task-and").click()
    page.get_by_test_id("answer").click()
    visitor.until(lambda: page.get_by_test_id("score").inner_text() == "4 of 4 right", "AND is solved")
    page.get_by_test_id("task-xor").click()
    page.get_by_test_id("answer").click()
    visitor.until(lambda: page.get_by_test_id("score").inner_text() == "3 of 4 right", "XOR is not")
    assert "No line" in page.get_by_test_id("words").inner_text()
    visitor.until(lambda: visitor.query().get("task") == "xor", "the link keeps the task")
    visitor.settle()
    visitor.shoot("activations-neuron")


def test_a_lesson_takes_the_grips_away(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/activations?v=neuron1&lock=w1,w2&hide=bias,task")
    drawn(visitor, "neuron")
    assert page.get_by_test_id("point").is_visible()
    for testid in ("tip", "line", "task-and"):
        assert not page.get_by_test_id(testid).is_visible()
    visitor.go("/activations?v=activations1&lock=x")
    drawn(visitor, "activations")
    drag(page, "curve", (0.6, 0.5), (0.3, 0.5))
    page.mouse.up()
    assert number(page, "activations", "x") == 2
    assert page.get_by_test_id("x").is_disabled()


@pytest.mark.parametrize(("title", "kind"), VIEWS.items())
def test_each_view_is_found_in_the_row_and_restored_by_its_link(arrive: Arrive, title: str, kind: str) -> None:
    visitor = arrive()
    page = visitor.go("/activations")
    drawn(visitor, "activations")
    page.get_by_role("radio", name=title, exact=True).or_(
        page.get_by_role("button", name=title, exact=True)
    ).first.click()
    drawn(visitor, kind)
    visitor.until(lambda: visitor.query().get("v", "").startswith(kind), "the link names the view")
    other = arrive(color_scheme="dark")
    other.go(page.url)
    drawn(other, kind)
    assert other.query()["v"] == visitor.query()["v"]
    assert other.warnings() == ""


@pytest.mark.parametrize("kind", VIEWS.values())
def test_a_phone_shows_the_picture_first_and_nothing_wider(arrive: Arrive, kind: str) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = visitor.go(f"/activations?v={kind}1")
    root = drawn(visitor, kind)
    assert root.get_attribute("data-width") == "narrow"
    inner, outer = page.evaluate(WIDTHS)
    assert inner <= outer
    assert page.get_by_test_id("stMain").evaluate("node => node.scrollWidth <= node.clientWidth")
    assert root.bounding_box()["y"] < PHONE["height"] / 2
    visitor.shoot(f"activations-{kind}-390")


def test_a_thumb_moves_the_marker_and_the_point(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = visitor.go("/activations")
    drawn(visitor, "activations")
    box = page.get_by_test_id("curve").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    visitor.until(lambda: number(page, "activations", "x") < -1, "a tap moves the marker")
    page.get_by_test_id("stMain").evaluate("node => node.scrollTo(0, 0)")
    before, y = number(page, "activations", "x"), box["y"] + box["height"] * 0.9
    touches = visitor.context.new_cdp_session(page)
    for kind, up in (("touchStart", 0), *(("touchMove", 12 * k) for k in range(1, 9)), ("touchEnd", 0)):
        points = [] if kind == "touchEnd" else [{"x": box["x"] + box["width"] * 0.6, "y": y - up}]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert number(page, "activations", "x") == before  # a thumb that scrolls takes nothing along
    visitor.go("/activations?v=neuron1")
    drawn(visitor, "neuron")
    for grip in ("point", "tip", "line"):
        size = page.get_by_test_id(grip).bounding_box()
        assert min(size["width"], size["height"]) >= 44
    box = page.get_by_test_id("plane").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.7)
    visitor.until(
        lambda: number(page, "neuron", "x1") < 0 and number(page, "neuron", "x2") < 0, "a tap moves the point"
    )


@pytest.mark.parametrize("kind", VIEWS.values())
def test_a_projector_shows_the_whole_instrument(arrive: Arrive, kind: str) -> None:
    visitor = arrive()
    for more in ("", "&present=1"):
        visitor.go(f"/activations?v={kind}1{more}")
        box = drawn(visitor, kind).bounding_box()
        assert box["y"] + box["height"] <= 720
        visitor.shoot(f"activations-{kind}{'-present' if more else ''}")
