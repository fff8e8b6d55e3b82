"""Losses and softmax in a browser: what the hand does is drawn at once, and the page computes the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from playground.functional.location import location
from playground.functional.losses import LOSSES
from playground.functional.softmax import tempered, tempered_cross_entropy
from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]

VIEWS = {
    "losses": "loss-residual",
    "margin": "loss-margin",
    "distribution": "loss-distribution",
    "softmax": "softmax",
    "saturation": "saturation",
}


def look_at(visitor: Visitor, kind: str, **fields: str) -> Any:
    """Open a view and wait until it is drawn."""
    visitor.go("/losses?" + urlencode({"v": f"{kind}1", **fields}))
    root = visitor.page.get_by_test_id(VIEWS[kind])
    visitor.until(lambda: root.count() == 1 and root.get_attribute("data-width") is not None, "the view is drawn")
    visitor.until(lambda: root.locator(".handle:visible").count() > 0, "there is something to take hold of")
    return root


def numbers(root: Any, name: str) -> list[float]:
    """The numbers of an attribute."""
    return [float(part) for part in root.get_attribute(name).split(",")]


def grab(visitor: Visitor, name: str, dx: float, dy: float) -> None:
    """Take a handle by the mouse and move it, without letting go."""
    box = visitor.page.get_by_test_id(name).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + dx / 2, y + dy / 2)
    visitor.page.mouse.move(x + dx, y + dy)


@pytest.mark.parametrize("temperature", ["1", "0.3"])
def test_a_dragged_logit_is_drawn_at_once_and_the_page_computes_the_same(arrive: Arrive, temperature: str) -> None:
    visitor = arrive()
    root = look_at(visitor, "softmax", temperature=temperature)
    assert root.get_attribute("data-from") == "page"
    before = numbers(root, "data-p")
    grab(visitor, "logit-2", 40, 0)
    visitor.until(lambda: root.get_attribute("data-from") == "hand", "it is drawn while it is held")
    visitor.until(lambda: numbers(root, "data-p")[2] > before[2], "its probability grows")
    logits, p, loss = numbers(root, "data-logits"), numbers(root, "data-p"), numbers(root, "data-loss")
    jacobian = numbers(root, "data-jacobian")
    visitor.page.mouse.up()
    visitor.until(lambda: root.get_attribute("data-from") == "page", "the page's own numbers arrive")
    assert numbers(root, "data-logits") == logits
    np.testing.assert_allclose(numbers(root, "data-p"), p, atol=5e-4)
    np.testing.assert_allclose(numbers(root, "data-loss"), loss, atol=5e-4)
    np.testing.assert_allclose(numbers(root, "data-jacobian"), jacobian, atol=5e-4)
    z, t, heat = np.array([logits]), np.eye(4)[[1]], float(temperature)
    np.testing.assert_allclose(p, tempered(z, heat)[0], atol=1e-4)
    np.testing.assert_allclose(loss, tempered_cross_entropy(z, t, heat), atol=1e-4)
    visitor.until(lambda: [float(x) for x in visitor.query()["logits"].split(",")] == logits, "the link follows")


def test_the_same_number_on_all_logits_changes_no_probability(arrive: Arrive) -> None:
    visitor = arrive()
    root = look_at(visitor, "softmax")
    p, loss = root.get_attribute("data-p"), root.get_attribute("data-loss")
    visitor.page.get_by_test_id("plus-one").click()
    visitor.until(lambda: numbers(root, "data-logits") == [3, 2, 1.1, 0], "all are one higher")
    visitor.until(lambda: root.get_attribute("data-from") == "page", "the page agrees")
    assert (root.get_attribute("data-p"), root.get_attribute("data-loss")) == (p, loss)


def test_classes_come_and_go_and_the_true_one_is_chosen_on_the_picture(arrive: Arrive) -> None:
    visitor = arrive()
    root = look_at(visitor, "softmax")
    visitor.page.get_by_test_id("class-add").click()
    visitor.until(lambda: visitor.query().get("logits") == "2,1,0.1,-1,0", "a fifth class")
    visitor.page.get_by_test_id("class-4").click()
    visitor.until(lambda: visitor.query().get("truth") == "5", "it is the true one")
    visitor.page.get_by_test_id("class-remove").click()
    visitor.until(lambda: visitor.query().get("logits") == "2,1,0.1,-1", "it is gone")
    visitor.until(lambda: root.get_attribute("data-truth") == "4" == visitor.query()["truth"], "the last one is true")
    assert visitor.warnings() == ""


def test_an_outlier_draws_the_mean_and_not_the_median(arrive: Arrive) -> None:
    visitor = arrive()
    root = look_at(visitor, "losses")
    mean, median, huber = numbers(root, "data-picks")
    grab(visitor, "point-6", -60, 0)
    visitor.until(lambda: root.get_attribute("data-from") == "hand", "it is drawn while it is held")
    visitor.until(lambda: numbers(root, "data-picks")[0] < mean, "the mean follows")
    held, points = numbers(root, "data-picks"), numbers(root, "data-points")
    visitor.page.mouse.up()
    visitor.until(lambda: root.get_attribute("data-from") == "page", "the page's own numbers arrive")
    np.testing.assert_allclose(numbers(root, "data-picks"), held, atol=0.021)  # the samples lie 0.02 apart
    exact = [sum(location(LOSSES[name].gradient, np.array(points))) / 2 for name in ("mse", "mae", "huber")]
    np.testing.assert_allclose(numbers(root, "data-picks"), exact, atol=0.006)
    assert (held[1], held[2]) == pytest.approx((median, huber), abs=0.03)


def test_the_marker_goes_by_keyboard_and_by_a_press_on_the_curves(arrive: Arrive) -> None:
    visitor = arrive()
    root = look_at(visitor, "margin")
    marker = visitor.page.get_by_test_id("marker")
    marker.focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("Shift+ArrowRight")
    visitor.until(lambda: numbers(root, "data-logit") == [-0.45], "eleven steps of 0.05")
    visitor.until(lambda: visitor.query().get("logit") == "-0.45", "the link follows")
    visitor.page.keyboard.press("End")
    visitor.until(lambda: numbers(root, "data-logit") == [6], "the end")
    assert "Hinge is content" in root.inner_text()
    box = visitor.page.get_by_test_id("losses-below").bounding_box()
    visitor.page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    visitor.until(lambda: numbers(root, "data-logit")[0] < 0, "it came to the press")
    assert "logit" in marker.get_attribute("aria-valuetext")


def test_a_bar_of_the_prediction_takes_from_the_others(arrive: Arrive) -> None:
    visitor = arrive()
    root = look_at(visitor, "distribution", target="own")
    grab(visitor, "predicted-1", 0, -70)
    visitor.until(lambda: root.get_attribute("data-from") == "hand", "it is drawn while it is held")
    held = {name: numbers(root, name) for name in ("data-p", "data-cross", "data-entropy", "data-kl")}
    visitor.page.mouse.up()
    visitor.until(lambda: root.get_attribute("data-from") == "page", "the page's own numbers arrive")
    for name, was in held.items():
        np.testing.assert_allclose(numbers(root, name), was, atol=1.1e-3)
    assert held["data-p"][1] > 0.4
    assert sum(held["data-p"]) == pytest.approx(1, abs=3e-3)
    assert held["data-cross"][0] == pytest.approx(held["data-entropy"][0] + held["data-kl"][0], abs=2e-3)


def test_squared_error_stays_and_a_better_start_lets_it_learn(arrive: Arrive) -> None:
    visitor = arrive()
    root = look_at(visitor, "saturation")
    squared, cross = numbers(root, "data-ends")
    assert squared < 0.01 and cross > 0.98
    grab(visitor, "marker", 120, 0)
    visitor.until(lambda: numbers(root, "data-ends")[0] > 0.5, "the page walks while it is held")
    visitor.page.mouse.up()
    visitor.until(lambda: root.get_attribute("data-from") == "page", "the last word is the page's")


MOVED = {
    "losses": ("marker", "data-residual"),
    "margin": ("easy", "data-easy"),
    "distribution": ("predicted-2", "data-p"),
    "softmax": ("logit-1", "data-logits"),
    "saturation": ("marker", "data-logit"),
}


def test_a_link_restores_each_view(arrive: Arrive) -> None:
    first, second = arrive(), arrive()
    for kind, (handle, attribute) in MOVED.items():
        restored(first, second, kind, handle, attribute)


def restored(first: Visitor, second: Visitor, kind: str, handle: str, attribute: str) -> None:
    """Change a view by hand, and find it changed where its address is opened."""
    root = look_at(first, kind)
    was, address = root.get_attribute(attribute), first.page.url
    first.page.get_by_test_id(handle).focus()
    first.page.keyboard.press("ArrowLeft")
    first.until(lambda: root.get_attribute(attribute) != was, "it moves")
    first.until(lambda: first.page.url != address, "the link follows")
    first.settle()
    second.go(first.page.url)
    again, now = second.page.get_by_test_id(VIEWS[kind]), root.get_attribute(attribute)
    second.until(lambda: again.count() == 1 and again.get_attribute(attribute) == now, "the same")
    assert second.warnings() == ""


def test_what_a_lesson_locks_cannot_be_moved(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/losses?v=margin1&lock=logit")
    root = visitor.page.get_by_test_id("loss-margin")
    visitor.until(lambda: root.get_attribute("data-logit") is not None, "it is drawn")
    assert not visitor.page.get_by_test_id("marker").is_visible()
    box = visitor.page.get_by_test_id("losses-above").bounding_box()
    visitor.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    visitor.settle()
    assert numbers(root, "data-logit") == [-1]


def test_on_a_phone_it_fits_and_a_thumb_can_take_hold(arrive: Arrive) -> None:
    phone = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    for kind in VIEWS:
        root = look_at(phone, kind)
        assert root.get_attribute("data-width") == "narrow"
        main = phone.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth"), kind
        for handle in root.locator(".handle:visible, button:visible").all():
            box = handle.bounding_box()
            assert min(box["width"], box["height"]) >= 43.5, (kind, handle.get_attribute("data-testid"))
        phone.shoot(f"{kind}-390")
    last = phone.page.get_by_test_id(VIEWS["saturation"])
    was = last.get_attribute("data-logit")
    phone.page.get_by_test_id("losses-above").tap(position={"x": 150, "y": 90})
    phone.until(lambda: last.get_attribute("data-logit") != was, "a tap moves the marker")


def test_presenting_fits_a_projector(arrive: Arrive) -> None:
    visitor = arrive()
    for kind in VIEWS:
        root = look_at(visitor, kind, present="1")
        box = root.bounding_box()
        assert box["y"] + box["height"] <= 720, kind
        assert root.get_by_test_id("alt").inner_text() != ""
        visitor.shoot(f"{kind}-present")
