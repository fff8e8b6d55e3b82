"""One step of learning in four clicks, with a real browser: by mouse, by keyboard, by touch, by link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.support import PATIENCE, PHONE, Visitor

PATH = "/backpropagation"
PHASES = ("forward", "loss", "backward", "update")


def arrived(visitor: Visitor, query: str = "") -> Any:
    """The page with its picture drawn."""
    page = visitor.go(PATH + query)
    page.wait_for_selector("[data-testid=one-step][data-phase=start]")
    return page


def state(page: Any, name: str) -> str:
    """What the picture says of itself."""
    return str(page.get_by_test_id("one-step").get_attribute(f"data-{name}") or "")


def at_rest(page: Any, phase: str) -> None:
    """Wait until a phase is reached and nothing moves."""
    page.wait_for_selector(f"[data-testid=one-step][data-phase={phase}]:not([data-moving])")


def numbers(text: str) -> list[float]:
    """Every number of a text."""
    return [
        float(found.replace("\u2212", "-")) for found in re.findall(r"[\u2212-]?\d+(?:\.\d+)?(?:e[\u2212-]?\d+)?", text)
    ]


def alternative(visitor: Visitor) -> str:
    return str(visitor.page.get_by_test_id("alt").text_content())


def test_four_clicks_through_one_step(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    assert visitor.read("next") == "Next: Forward"
    heard = []
    for phase in PHASES:
        visitor.press("next")
        at_rest(page, phase)
        visitor.shoot(f"backpropagation-{phase}")
        heard.append(alternative(visitor))
    forward, loss, backward, update = heard
    assert re.search(r"Forward, sample 1: .*ŷ 0\.875", forward)
    assert "loss of sample 1 0.016" in loss and "0.894" in loss
    assert "gradient of x₂ → h₃ is \u22120.937" in backward
    assert "from \u22120.200 to \u22120.106" in update and "from 0.894 to 0.590" in update
    assert visitor.read("loss-before") == "0.894" and visitor.read("loss-after") == "0.590"
    assert visitor.read("next") == "Next step"


def test_the_chain_rule_is_written_with_its_numbers_and_autograd_agrees(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    visitor.press("backward")
    at_rest(page, "backward")
    page.get_by_test_id("pick-weight").select_option(label="x₁ → h₂")
    visitor.until(lambda: state(page, "focus") == "x₁ → h₂", "the weight is looked at")
    by_output, by_sum, by_weight, share = numbers(visitor.read("chain"))
    assert by_output * by_sum * by_weight == pytest.approx(share, abs=6e-4)
    *shares, gradient = numbers(visitor.read("batch-sum"))
    assert len(shares) == 4 and sum(shares) == pytest.approx(gradient, abs=1e-3)
    page.wait_for_selector("[data-testid=check]", timeout=3000 * PATIENCE)
    found, apart = numbers(visitor.read("check"))
    assert found == pytest.approx(gradient, abs=1e-3) and apart < 1e-9
    page.get_by_role("tab", name="Checked by autograd").click()
    page.get_by_text("A worker gave the same weights and batch to PyTorch autograd").wait_for()


def test_pointing_at_a_link_shows_what_it_reaches(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    visitor.press("backward")
    at_rest(page, "backward")
    canvas = page.get_by_test_id("canvas-step")
    box = canvas.bounding_box()
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    found = set()
    for y in range(60, int(box["height"]) - 40, 12):
        page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + y)
        page.wait_for_timeout(30)
        found.add(state(page, "focus"))
    assert {"x₁ → h₁", "x₂ → h₃"} <= found, found
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] - 2)
    visitor.until(lambda: state(page, "focus") == "", "nothing is pointed at")
    assert canvas.evaluate("canvas => canvas.toDataURL()") == before, "at rest again as before"
    page.get_by_test_id("pick-weight").select_option(label="x₁ → h₁")
    visitor.until(lambda: canvas.evaluate("canvas => canvas.toDataURL()") != before, "the path is drawn apart")


def test_next_steps_lower_the_loss_and_the_link_restores_them(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    losses = [float(state(page, "loss"))]
    for taken in (1, 2):
        visitor.press("update")
        at_rest(page, "update")
        promised = float(visitor.read("loss-after"))
        visitor.press("next")
        page.wait_for_selector(f"[data-testid=one-step][data-taken='{taken}'][data-phase=forward]")
        losses.append(float(state(page, "loss")))
        assert losses[-1] == pytest.approx(promised, abs=6e-4)
    assert losses[0] > losses[1] > losses[2]
    visitor.press("update")
    at_rest(page, "update")
    assert len(numbers(visitor.read("losses"))) == 4, "the losses so far, and the one to come"
    visitor.settle()
    visitor.until(lambda: visitor.query().get("taken") == "2", "the link follows")
    other = arrive()
    arrived(other, "?" + page.url.split("?")[1])
    assert float(state(other.page, "loss")) == pytest.approx(losses[-1], rel=1e-6)
    assert state(other.page, "taken") == "2"


def test_a_weight_and_a_sample_set_by_hand(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    visitor.press("backward")
    at_rest(page, "backward")
    page.get_by_test_id("pick-weight").select_option(label="h₁ → ŷ")
    old = state(page, "loss")
    page.get_by_test_id("weight-value").fill("0.9")
    page.get_by_test_id("weight-value").press("Enter")
    visitor.until(lambda: state(page, "loss") != old, "Python computed the step anew")
    assert state(page, "phase") == "backward" and state(page, "focus") == "h₁ → ŷ"
    visitor.until(lambda: "0.9" in visitor.query()["weights"].split(","), "the link has it")
    old = state(page, "loss")
    page.get_by_test_id("weight-value").fill("5000")
    page.get_by_test_id("weight-value").press("Enter")
    assert page.get_by_test_id("weight-value").get_attribute("aria-invalid") == "true"
    assert state(page, "loss") == old
    page.get_by_test_id("cell-1-2").fill("0.5")
    page.get_by_test_id("cell-1-2").press("Enter")
    visitor.until(lambda: state(page, "loss") != old, "another target")
    assert state(page, "sample") == "1", "the sample that is edited is looked at"
    visitor.until(lambda: visitor.query()["batch"].split(",")[5] == "0.5", "the link has it")
    visitor.press("add-sample")
    page.wait_for_selector("[data-testid=sample-4]")
    visitor.press("sample-4")
    visitor.press("drop-sample")
    page.wait_for_selector("[data-testid=sample-4]", state="detached")


def test_by_keyboard(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    page.get_by_test_id("forward").focus()
    page.keyboard.press("ArrowRight")
    at_rest(page, "forward")
    page.keyboard.press("ArrowRight")
    at_rest(page, "loss")
    page.keyboard.press("ArrowLeft")
    at_rest(page, "forward")
    page.get_by_test_id("backward").press("Enter")
    at_rest(page, "backward")
    page.get_by_test_id("sample-all").press("Enter")
    visitor.until(lambda: state(page, "sample") == "all", "the whole batch is looked at")
    page.keyboard.press("r")
    at_rest(page, "start")


def test_nothing_flows_where_motion_is_not_wanted(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(reduced_motion="reduce")
    page = arrived(visitor)
    page.evaluate("""() => {
        const find = (node) => node.querySelector?.('[data-testid=one-step]')
            ?? [...(node.querySelectorAll?.('*') ?? [])].map(one => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
        window.moved = 0;
        new MutationObserver(() => { window.moved += 1; }).observe(find(document), { attributeFilter: ['data-moving'] });
    }""")
    for phase in PHASES:
        visitor.press(phase)
        at_rest(page, phase)
    assert page.evaluate("window.moved") == 0


def test_a_locked_lesson_keeps_weights_and_batch(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor, "?lock=weights,batch,taken")
    assert page.get_by_test_id("weight-value").is_hidden()
    assert page.get_by_test_id("cell-0-0").count() == 0
    visitor.press("update")
    at_rest(page, "update")
    assert visitor.read("next") == "Again"
    visitor.press("next")
    at_rest(page, "start")


def test_on_a_phone_by_touch(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page = arrived(visitor)
    for phase in PHASES:
        page.get_by_test_id("next").tap()
        at_rest(page, phase)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "no sideways scrolling"
    for name in ("next", "forward", "pick-weight", "sample-0"):
        assert page.get_by_test_id(name).bounding_box()["height"] >= 44, name
    canvas = page.get_by_test_id("canvas-step")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.41, box["y"] + box["height"] * 0.17)
    visitor.until(lambda: "h₁" in state(page, "focus"), "a unit's weights are looked at by a tap")
    visitor.shoot("backpropagation-phone")


def test_at_rest_nothing_moves(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    page = arrived(visitor)
    visitor.press("backward")
    at_rest(page, "backward")
    page.wait_for_selector("[data-testid=check]", timeout=3000 * PATIENCE)  # the last thing that arrives by itself
    canvas = page.get_by_test_id("canvas-step")
    pictures = []
    for _ in range(3):
        pictures.append(canvas.evaluate("canvas => canvas.toDataURL()"))
        page.wait_for_timeout(200)
    assert len(set(pictures)) == 1
