"""Depth and Sums by hand: handles that are dragged, by mouse, key and thumb, and links that keep what the hand did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]


def opened(visitor: Visitor, view: str, path: str) -> Any:
    """Open a view and wait until its picture stands."""
    visitor.go(path)
    root = visitor.page.get_by_test_id(view)
    visitor.page.wait_for_selector(f"[data-testid={view}][data-theme]")
    return root


def error(visitor: Visitor) -> float:
    return float(visitor.page.get_by_test_id("sums").get_attribute("data-error"))


def still(visitor: Visitor) -> bool:
    return visitor.page.get_by_test_id("sums").get_attribute("data-moving") is None


def middle(visitor: Visitor, testid: str) -> tuple[float, float]:
    box = visitor.page.get_by_test_id(testid).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(visitor: Visitor, testid: str, dx: float, dy: float, at_half: Callable[[], None] = lambda: None) -> None:
    x, y = middle(visitor, testid)
    mouse = visitor.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + dx / 2, y + dy / 2, steps=4)
    at_half()
    mouse.move(x + dx, y + dy, steps=4)
    mouse.up()


def test_a_dragged_kink_bends_the_sum_at_once_and_the_link_restores_it(arrive: Arrive) -> None:
    first = arrive()
    opened(first, "sums", "/activations?v=sums1&target=bump&activation=sigmoid&neurons=-2.5,4,1,1,4,-1")
    before, seen = error(first), []
    # One unit of x is an eighth of the plot; the kink of the first step goes to where the bump rises.
    wide = (middle(first, "kink-1")[0] - middle(first, "kink-0")[0]) / 3.5
    drag(first, "kink-0", 1.5 * wide, 0, lambda: seen.append(error(first)))
    assert seen[0] < before, "the error falls while the hand is still on its way, without the server"
    assert error(first) < 0.2 * before
    first.until(lambda: first.query().get("neurons", "").startswith("-1,4,1,") or
                abs(float(first.query()["neurons"].split(",")[0]) + 1) < 0.05, "the link holds the kink")  # fmt: skip
    first.settle()
    place = middle(first, "kink-0")
    first.page.wait_for_timeout(300)
    assert middle(first, "kink-0") == place, "nothing jumps when the answer comes back"
    first.shoot("sums-dragged")

    second = arrive()
    opened(second, "sums", first.page.url)
    second.until(lambda: still(second) and error(second) == pytest.approx(error(first), abs=1e-4), "the same error")
    assert second.query()["neurons"] == first.query()["neurons"]
    assert second.warnings() == ""


def test_the_round_handle_changes_weight_slope_and_sign(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor, "sums", "/activations?v=sums1&neurons=0,4,1")
    unit = middle(visitor, "tip-0")[0] - middle(visitor, "kink-0")[0]  # one unit of x at slope 4
    drag(visitor, "tip-0", unit, 0)
    visitor.until(lambda: abs(neuron(visitor)[1] - 2) < 0.1, "twice as far is half as steep")
    drag(visitor, "tip-0", 0, -40)
    visitor.until(lambda: neuron(visitor)[2] > 1.1, "higher is a larger output weight")
    drag(visitor, "tip-0", -4 * unit, 0)
    visitor.until(lambda: neuron(visitor)[1] < -1, "across the kink the slope is negative")


def neuron(visitor: Visitor) -> list[float]:
    return [float(number) for number in visitor.query()["neurons"].split(",")]


def test_every_handle_answers_to_the_keyboard(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor, "sums", "/activations?v=sums1&neurons=0,4,1")
    visitor.page.get_by_test_id("kink-0").focus()
    for _ in range(10):
        visitor.page.keyboard.press("ArrowRight")
    visitor.until(lambda: neuron(visitor)[0] == 0.5, "ten presses, half a unit, none lost")
    visitor.page.get_by_test_id("tip-0").focus()
    for _ in range(4):
        visitor.page.keyboard.press("ArrowDown")
    visitor.until(lambda: neuron(visitor)[2] < 0.82, "less weight")
    assert neuron(visitor)[:2] == [0.5, 4]
    visitor.settle()
    assert "kink at 0.50" in visitor.page.get_by_test_id("kink-0").get_attribute("aria-label")
    assert visitor.read("alt").startswith("One neuron with Sigmoid makes a curve")


def test_fit_finds_a_bump_and_identity_stays_a_line(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor, "sums", "/activations?v=sums1")
    before = error(visitor)
    visitor.page.get_by_role("button", name="Fit them for me").click()
    visitor.until(lambda: still(visitor) and error(visitor) < 0.01 * before, "training finds it")
    visitor.page.get_by_test_id("try-1").click()
    visitor.until(lambda: visitor.query().get("activation") == "identity", "no activation")
    visitor.until(lambda: "a weighted sum of lines is a line" in visitor.read("words"), "and it is said why")
    visitor.settle()
    visitor.page.get_by_role("button", name="Fit them for me").click()
    visitor.until(lambda: still(visitor) and 0.1 < error(visitor) < 0.12, "as good as a line can be")


def test_neurons_are_added_and_taken_away(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "sums", "/activations?v=sums1")
    for count in range(3, 7):
        visitor.press("sums-plus")
        visitor.until(lambda count=count: root.get_attribute("data-neurons") == str(count), "one more")
    assert visitor.page.get_by_test_id("sums-plus").is_disabled()
    visitor.until(lambda: len(neuron(visitor)) == 18, "the link has six")
    visitor.press("sums-minus")
    visitor.until(lambda: len(neuron(visitor)) == 15, "and then five")


def test_a_thumb_drags_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    opened(visitor, "sums", "/activations?v=sums1&neurons=-2.5,4,1,1,4,-1")
    page, before = visitor.page, error(visitor)
    grip = page.get_by_test_id("kink-0")
    grip.scroll_into_view_if_needed()
    x, y = middle(visitor, "kink-0")
    # A finger lands beside the handle: its target is larger than it looks.
    touch = visitor.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x + 15, "y": y}]})
    for k in range(1, 9):
        point = {"x": x + 15 + 5 * k, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    visitor.until(lambda: error(visitor) < 0.7 * before, "the thumb moved it")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_locked_picture_has_no_handles(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor, "sums", "/activations?v=sums1&lock=neurons")
    assert not visitor.page.get_by_test_id("kink-0").is_visible()
    assert visitor.page.get_by_role("button", name="Fit them for me").is_disabled()


def test_the_gain_is_dragged_until_the_gradient_arrives(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "depth", "/activations?v=depth1&activation=relu&init=he_normal&gain=1.6")
    assert "explodes" in visitor.read("words")
    drag(visitor, "depth-gain", 0, 60)
    visitor.until(lambda: float(visitor.query()["gain"]) < 1.3, "a smaller gain")
    visitor.page.get_by_test_id("depth-gain").focus()
    while float(root.get_attribute("data-gain")) != 1:
        at = float(root.get_attribute("data-gain"))
        visitor.page.keyboard.press("ArrowDown" if at > 1 else "ArrowUp")
        visitor.until(lambda at=at: float(root.get_attribute("data-gain")) != at, "one press, one step")
    visitor.until(lambda: "nearly cancel" in visitor.read("words"), "slopes and weights cancel")
    assert float(root.get_attribute("data-factor")) == pytest.approx(1, abs=0.05)
    visitor.shoot("depth-cancelled")


def test_depth_tries_show_what_vanishes_and_what_stays_equal(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor, "depth", "/activations?v=depth1")
    assert "vanishes" in visitor.read("words")
    visitor.page.get_by_role("button", name="All weights zero").click()
    visitor.until(lambda: "they count as one" in visitor.read("words"), "zeros")
    assert visitor.read("depth-distinct") == "1 of 64"
    visitor.page.get_by_role("button", name="ReLU, weights too large").click()
    visitor.until(lambda: "explodes" in visitor.read("words"), "too large")
    assert visitor.query()["gain"] == "1.6"
