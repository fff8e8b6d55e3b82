"""Gradient descent in a browser: a start by click, tap, drag and key; the race, the bar, the editor; links; a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground.specs.descent import DescentSpec
from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
CALM = {"reduced_motion": "reduce"}


def go(visitor: Visitor, query: str = "") -> Any:
    """Open the page and wait until a walk is drawn."""
    page = visitor.go(f"/gradient_descent{query}")
    page.locator("[data-testid=descent][data-step]").wait_for()
    return page


def said(visitor: Visitor, name: str) -> str:
    """One of the canvas's attributes."""
    return str(visitor.page.get_by_test_id("descent").get_attribute(f"data-{name}") or "")


def until(visitor: Visitor, name: str, wanted: str) -> None:
    visitor.until(lambda: said(visitor, name) == wanted, f"{name} is {wanted}, not {said(visitor, name)}")


def scrub(visitor: Visitor, step: int) -> None:
    visitor.page.get_by_test_id("scrub").fill(str(step))
    until(visitor, "step", str(step))


def spot(visitor: Visitor, across: float, up: float) -> dict[str, float]:
    """A place on the map, as a share of its width and height, relative to the canvas."""
    box = visitor.page.get_by_test_id("map").bounding_box()
    assert box is not None
    return {"x": box["width"] * across, "y": box["height"] * (1 - up)}


def test_it_plays_by_itself_once_and_then_rests(arrive: Arrive) -> None:
    visitor = arrive()
    page = go(visitor)
    visitor.until(lambda: int(said(visitor, "step")) > 20, "it plays")
    until(visitor, "playing", "false")
    until(visitor, "step", said(visitor, "steps"))
    assert "near minimum" in visitor.read("state-0") and "near minimum" in visitor.read("state-1")
    assert "of the minimum at (1, 1). At step 800:" in visitor.read("outcome")
    before = visitor.page.get_by_test_id("map").screenshot()
    page.mouse.move(2, 2)
    page.wait_for_timeout(400)
    assert visitor.page.get_by_test_id("map").screenshot() == before
    visitor.shoot("descent-1280-light")


def test_a_click_on_the_map_starts_there_and_the_link_says_so(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=himmelblau&optimizer=sgd,adam&lr=0.005,0.1")
    assert said(visitor, "start") == "0,0"
    page.get_by_test_id("map").click(position=spot(visitor, 0.3, 0.7))
    visitor.until(lambda: said(visitor, "start") != "0,0", "the walk starts elsewhere")
    visitor.settle()
    x, y = (float(part) for part in said(visitor, "start").split(","))
    assert -3.5 < x < -1 and 0.5 < y < 3.5
    visitor.until(lambda: visitor.query().get("start") == said(visitor, "start"), "the link says so")
    until(visitor, "step", said(visitor, "steps"))  # calm: the whole walk at once
    end = said(visitor, "start")
    other = arrive(**CALM)
    go(other, "?" + visitor.page.url.partition("?")[2])
    assert said(other, "start") == end
    assert other.read("loss-0") == visitor.read("loss-0")


def test_a_click_races_from_there(arrive: Arrive) -> None:
    visitor = arrive()
    page = go(visitor, "?surface=bowl&steps=400&optimizer=sgd,momentum,rmsprop,adam")
    visitor.press("reset")
    page.get_by_test_id("map").click(position=spot(visitor, 0.6, 0.8))
    until(visitor, "playing", "true")
    visitor.until(lambda: int(said(visitor, "step")) > 5, "they race")
    visitor.press("play")
    until(visitor, "playing", "false")
    assert page.get_by_role("radio").count() >= 4


def test_dragging_the_start_bends_the_paths_under_the_hand(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=two_wells&optimizer=momentum,adam")
    handle = page.get_by_test_id("start").bounding_box()
    assert handle is not None
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    seen = set()
    for i in range(1, 12):
        page.mouse.move(x - 30 * i, y + 4 * i)
        page.wait_for_timeout(90)
        seen.add(said(visitor, "start"))
    page.mouse.up()
    visitor.until(lambda: float(said(visitor, "start").split(",")[0]) < 0.5, "it starts where the hand let go")
    assert len(seen) > 2  # on the way, too
    visitor.until(lambda: visitor.query().get("start") == said(visitor, "start"), "the link says so")
    assert visitor.warnings() == ""


def test_the_start_moves_by_keyboard(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=bowl&start=1,1")
    page.get_by_test_id("start").focus()
    page.keyboard.press("ArrowRight")
    visitor.until(lambda: said(visitor, "start").startswith("1.0") or said(visitor, "start").startswith("1.1"), "right")
    page.keyboard.press("Shift+ArrowUp")
    visitor.until(lambda: float(said(visitor, "start").split(",")[1]) > 1.5, "far up")
    assert "arrow keys" in str(page.get_by_test_id("start").get_attribute("aria-label"))
    assert page.evaluate("() => document.activeElement !== document.body")


def test_step_by_step_the_sentence_is_the_step(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=ravine&optimizer=sgd,momentum&lr=0.02,0.011&steps=60")
    visitor.press("reset")
    until(visitor, "step", "0")
    visitor.press("step")
    until(visitor, "step", "1")
    page.get_by_test_id("entrant-1").click()
    until(visitor, "looked", "Momentum")
    lines = visitor.read("lines")
    paths = DescentSpec(surface="ravine", optimizer=("sgd", "momentum"), lr=(0.02, 0.011), steps=60).paths()
    x, y = paths.moves[1, 1]
    assert "0.9 × (−3.60, 25.0) + gradient" in lines
    assert f"−0.011 × velocity = ({x:.3f}, {f'{y:.3f}'.replace('-', '−')})" in lines
    page.get_by_test_id("play").focus()
    page.keyboard.press("ArrowRight")
    until(visitor, "step", "2")
    visitor.press("back")
    until(visitor, "step", "1")
    scrub(visitor, 60)
    assert "Momentum" in visitor.read("alt") and "step 60 of 60" in visitor.read("alt")


def test_past_two_over_the_curvature_it_explodes_and_one_press_brings_it_back(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=ravine&optimizer=sgd,adam&lr=0.05,0.1")
    assert "diverged" not in visitor.read("state-0")
    box = page.get_by_test_id("rate-sgd-box")
    box.fill("0.082")
    box.press("Enter")
    until(visitor, "rates", "0.082,0.1")
    assert "diverged" in visitor.read("state-0")
    assert "Lower the learning rate" in visitor.read("outcome")
    visitor.shoot("descent-diverged")
    visitor.press("fix")
    until(visitor, "rates", "0.008,0.1")
    assert "diverged" not in visitor.read("state-0")
    page.get_by_test_id("auto-sgd").click()
    until(visitor, "rates", "0.01,0.1")
    visitor.until(lambda: visitor.query()["lr"] == "0,0.1", "the link says that it suits")


def test_optimizers_come_and_go_by_their_pills(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=bowl")
    page.get_by_test_id("pill-sgd").click()
    visitor.until(lambda: visitor.query()["optimizer"] == "momentum,adam,sgd", "SGD joins")
    page.get_by_test_id("pill-more").click()
    page.get_by_test_id("pill-radam").click()
    visitor.until(lambda: visitor.query()["optimizer"] == "momentum,adam,sgd,radam", "RAdam joins")
    assert page.get_by_test_id("pill-nadam").get_attribute("aria-disabled") == "true"
    page.get_by_test_id("pill-adam").click()
    visitor.until(lambda: visitor.query()["optimizer"] == "momentum,sgd,radam", "Adam leaves")
    visitor.until(lambda: visitor.read("entrant-2").startswith("RAdam"), "the walk follows")
    slider = page.get_by_test_id("rate-momentum")
    slider.focus()
    before = said(visitor, "rates")
    page.keyboard.press("ArrowLeft")
    visitor.until(lambda: said(visitor, "rates") != before, "the slider moves the rate")


def test_another_surface_starts_where_it_is_worth_it(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=bowl&start=3.9,3.9")
    page.get_by_role("radio", name="Ravine").click()
    until(visitor, "ground", "ravine x 1.0")
    assert said(visitor, "start") == "-3.6,1"
    assert visitor.warnings() == ""


def test_a_typed_formula_good_and_bad(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=formula&formula=x**2%2B3*y**2&all=1")
    field = page.get_by_label("Formula", exact=True)
    field.fill("sin(2*x) + y^2 + 0.1*x^2")
    field.press("Enter")
    until(visitor, "ground", "formula sin(2*x) + y^2 + 0.1*x^2 5.0")
    field.fill("x + $y")
    field.press("Enter")
    visitor.until(lambda: "character 5" in visitor.warnings(), "the error is said at the field")
    assert said(visitor, "ground").startswith("formula sin(2*x)")
    visitor.shoot("descent-formula-wrong")
    field.fill("cos(x)")
    field.press("Enter")
    until(visitor, "ground", "formula cos(x) 5.0")
    page.get_by_test_id("curve").wait_for()
    assert visitor.warnings() == ""


def test_a_lesson_locks_the_start(arrive: Arrive) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, "?surface=bowl&lock=start,optimizer,lr")
    assert page.get_by_test_id("start").count() == 1 and not page.get_by_test_id("start").is_visible()
    page.get_by_test_id("map").click(position=spot(visitor, 0.6, 0.8))
    page.get_by_test_id("pill-sgd").click(force=True)
    page.wait_for_timeout(600)
    assert said(visitor, "start") == "-3.2,2.4"
    assert visitor.query()["optimizer"] == "momentum,adam"
    assert page.get_by_test_id("rate-adam").is_disabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_presenting_fits_a_projector(arrive: Arrive, scheme: str) -> None:
    visitor = arrive(color_scheme=scheme, **CALM)
    page = go(visitor, "?present=1&surface=himmelblau&optimizer=sgd,adam,rmsprop&noise=1")
    scrub(visitor, 12)
    for testid in ("play", "map", "telling", "losses", "hill"):
        box = page.get_by_test_id(testid).bounding_box()
        assert box is not None and box["y"] >= 0 and box["y"] + box["height"] < 721 and box["height"] > 40, testid
    inside = "node => [...node.children].every(line => line.getBoundingClientRect().bottom < innerHeight + 1)"
    assert page.get_by_test_id("lines").evaluate(inside)
    visitor.shoot(f"descent-present-{scheme}")


def test_on_a_phone_a_tap_is_a_start(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2, **CALM)
    page = go(visitor, "?surface=bowl&optimizer=sgd,momentum,rmsprop,adam")
    assert said(visitor, "width") == "narrow"
    box = page.get_by_test_id("map").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.3)
    visitor.until(lambda: said(visitor, "start") != "-3.2,2.4", "it starts where the thumb was")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    for testid in ("play", "step", "reset", "back", "entrant-0", "start", "pill-sgd", "rate-sgd-box", "auto-sgd"):
        found = page.get_by_test_id(testid).bounding_box()
        assert found is not None and found["height"] >= 43.5, testid
    play = page.get_by_test_id("play").bounding_box()
    assert play is not None and PHONE["height"] / 2 < play["y"] < PHONE["height"]
    visitor.shoot("descent-390")


@pytest.mark.parametrize("surface", ["parabola", "double_well"])
def test_on_a_curve_the_balls_roll(arrive: Arrive, surface: str) -> None:
    visitor = arrive(**CALM)
    page = go(visitor, f"?surface={surface}&optimizer=sgd,adam&steps=50")
    curve = page.get_by_test_id("curve").bounding_box()
    assert curve is not None
    before = said(visitor, "start")
    page.get_by_test_id("curve").click(position={"x": curve["width"] * 0.3, "y": curve["height"] * 0.5})
    visitor.until(lambda: said(visitor, "start") != before, "it starts where it was clicked")
    assert "," not in said(visitor, "start")
    assert "at −" in visitor.read("alt") or "at 0" in visitor.read("alt")
