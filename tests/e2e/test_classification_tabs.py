"""The tabs of Image classification in a real browser: what a hand moves moves at once, and asks nothing of the server."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.e2e.support import PHONE, Server, Visitor
from tests.timm_folder import telling

Arrive = Callable[..., Visitor]
LABELS = ("cat, house cat", "dog", "parrot", "owl", "frog", "horse")
LINK = "/classification?v=classification1&model=pets&example=cat"
COLD = 300_000
"""How long a busy machine may take to start the process that runs models and to load one, in milliseconds."""
WIDTHS = "() => { const page = document.scrollingElement; return [page.scrollWidth, page.clientWidth]; }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models folder holds one small random network."""
    models = tmp_path_factory.mktemp("models")
    telling(models, "pets", LABELS)
    made = Server(tmp_path_factory.mktemp("server"), PLAYGROUND_MODELS=str(models), PLAYGROUND_OFFLINE="1")
    yield made
    made.stop()


def opened(visitor: Visitor, tab: str, name: str, link: str = "") -> Any:
    """One of the tabs with its answer drawn."""
    page = visitor.go(LINK + link)
    if tab != "Where it looked":
        page.get_by_role("tab", name=tab).click()
    root = page.locator(f"[data-testid={name}][data-state=there]")
    root.wait_for(timeout=COLD)
    visitor.until(lambda: bool(root.get_attribute("data-photo")), "the photo is decoded")
    visitor.settle()
    return root


def pixels(part: Any) -> np.ndarray[Any, Any]:
    """What a part of the page looks like."""
    return np.asarray(Image.open(io.BytesIO(part.screenshot())).convert("RGB"), np.float64)


def slide(page: Any, testid: str, share: float) -> None:
    """Take a slider's knob to a place and hold it there."""
    slider = page.get_by_test_id(testid)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    now, low, high = (float(slider.evaluate(f"node => node.{name}")) for name in ("value", "min", "max"))
    x = box["x"] + 8 + (box["width"] - 16) * (now - low) / (high - low)
    page.mouse.move(x, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * share, box["y"] + box["height"] / 2, steps=8)


def number(root: Any, name: str) -> float:
    return float(root.get_attribute(f"data-{name}") or "nan")


def test_the_map_fades_under_the_hand_and_the_download_is_what_was_seen(arrive: Arrive, tmp_path: Path) -> None:
    visitor = arrive()
    root = opened(visitor, "Where it looked", "heat")
    page, picture = visitor.page, visitor.page.get_by_test_id("map")
    before = pixels(picture)
    runs: list[str] = []
    page.expose_function("ran", lambda: runs.append("run"))
    page.evaluate(
        """() => new MutationObserver(() => ran()).observe(document.querySelector('[data-testid=stApp]'),
        { attributes: true, attributeFilter: ['data-test-script-state'] })"""
    )
    slide(page, "opacity", 0.0)
    visitor.until(lambda: number(root, "opacity") < 0.02, "the map fades")
    bare = pixels(picture)
    assert np.abs(bare - before).mean() > 8
    assert runs == []
    page.mouse.up()
    slider = page.get_by_test_id("opacity")
    slider.press("End")
    visitor.until(lambda: number(root, "opacity") == 1, "the keyboard moves it too")

    def stepped() -> bool:
        """One press nearer to 70 %: the page may put the value back once, when it hears of it between two presses."""
        away = float(slider.input_value()) - 0.7
        if abs(away) > 0.001:
            slider.press("ArrowLeft" if away > 0 else "ArrowRight")
        return slider.get_attribute("aria-valuetext") == "70 %" and visitor.query().get("opacity") == "0.7"

    visitor.until(stepped, "it is taken to 70 %, and the link knows it once it rests")
    visitor.settle()
    assert number(root, "opacity") == 0.7
    seen = pixels(picture)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Picture with the map (PNG)").click()
    assert caught.value.suggested_filename == "cat-pets-gradcam.png"
    caught.value.save_as(tmp_path / "map.png")
    saved = Image.open(tmp_path / "map.png")
    assert saved.format == "PNG"
    file = np.asarray(saved.convert("RGB").resize(seen.shape[1::-1], Image.Resampling.LANCZOS), np.float64)
    assert np.abs(file - bare).mean() > 20
    # The edge of what was seen is drawn on the page only, and the browser enlarges in its own way.
    assert np.median(np.abs(file - seen)[60:-60, 60:-60]) < 6
    visitor.shoot("classification-where")


def test_holding_the_map_shows_the_photo_alone(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "Where it looked", "heat")
    visitor.page.get_by_test_id("map").hover()
    visitor.page.mouse.down()
    visitor.until(lambda: number(root, "opacity") == 0, "the map is gone")
    visitor.page.mouse.up()
    visitor.until(lambda: number(root, "opacity") == 0.55, "and comes back")


def test_another_class_another_method_and_scrambled_weights(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "Where it looked", "heat")
    page, first = visitor.page, number(root, "target")
    before = pixels(page.get_by_test_id("map"))
    other = page.locator("[data-testid^=class-]").nth(1)
    other.click()
    visitor.until(
        lambda: number(root, "target") != first and root.get_attribute("data-state") == "there",
        "another class is explained",
    )
    visitor.until(lambda: other.get_attribute("aria-pressed") == "true", "its button says so")
    assert visitor.query()["target"] == f"{number(root, 'target'):g}"
    assert np.abs(pixels(page.get_by_test_id("map")) - before).mean() > 0.5
    page.get_by_role("radio", name="Occlusion").click()
    visitor.until(lambda: root.get_attribute("data-method") == "Occlusion", "another method")
    assert root.get_attribute("data-signed") == "true"
    assert "for it" in page.get_by_test_id("legend").inner_text()
    page.get_by_role("radio", name="All scrambled").click()
    page.get_by_test_id("scrambled").wait_for()
    visitor.until(lambda: page.get_by_test_id("agreement").inner_text() not in ("", "\u2013"), "both maps are compared")
    agreement = float(page.get_by_test_id("agreement").inner_text().replace("\u2212", "-"))
    assert -1 <= agreement <= 1
    assert np.abs(pixels(page.get_by_test_id("scrambled")) - pixels(page.get_by_test_id("map"))).mean() > 0.5
    visitor.shoot("classification-scrambled")


def test_a_stage_is_clicked_and_one_of_its_maps_enlarged(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "What it was fed", "fed")
    page = visitor.page
    assert number(root, "stage") == 0
    assert "64 \u00d7 64 pixels" in root.inner_text()
    page.get_by_test_id("stage-2").click()
    visitor.until(
        lambda: root.get_attribute("data-stage") == "2" and visitor.query().get("stage") == "2", "another stage"
    )
    visitor.settle()
    maps = page.locator("[data-testid^=channel-]")
    assert maps.count() == 24
    names = [str(one.get_attribute("data-testid")).removeprefix("channel-") for one in maps.all()]
    maps.nth(5).hover()
    visitor.until(lambda: root.get_attribute("data-channel") == names[5], "the one under the pointer is enlarged")
    maps.nth(1).click()
    page.keyboard.press("ArrowRight")
    page.mouse.move(0, 0)
    visitor.until(lambda: root.get_attribute("data-channel") == names[2], "arrow keys go through them")
    assert "Channel " + names[2] == page.get_by_test_id("channel").inner_text()
    visitor.shoot("classification-fed")


def test_the_slider_goes_through_a_change_and_says_where_the_answer_turns(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "Shake it", "shake", "&shaking=brightness")
    page = visitor.page
    start, leader = number(root, "at"), root.get_attribute("data-leader")
    before = pixels(page.get_by_test_id("picture"))
    slide(page, "amount", 1.0)
    visitor.until(lambda: number(root, "at") > start, "the value moves under the hand")
    page.mouse.up()
    assert np.abs(pixels(page.get_by_test_id("picture")) - before).mean() > 10
    page.get_by_test_id("flip").click()
    visitor.until(
        lambda: root.get_attribute("data-at") == root.get_attribute("data-turn"), "it goes where the answer turns"
    )
    assert root.get_attribute("data-leader") != leader
    assert "no longer" in page.get_by_test_id("leader").inner_text()
    assert page.locator(".turn").count() == 2
    page.get_by_test_id("unchanged").click()
    visitor.until(lambda: number(root, "at") == start, "and back")
    page.get_by_test_id("amount").press("ArrowRight")
    visitor.until(lambda: number(root, "at") == start + 1, "by the keyboard too")
    assert str(leader or root.get_attribute("data-leader")) in str(
        page.get_by_test_id("scores").get_attribute("aria-label")
    )
    visitor.shoot("classification-shake")


def test_the_attack_changes_what_no_eye_sees_until_the_answer_flips(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "Shake it", "shake")
    page = visitor.page
    page.get_by_role("radio", name="Adversarial").click()
    visitor.until(
        lambda: root.get_attribute("data-kind") == "adversarial" and number(root, "at") == 0, "the attack is there"
    )
    leader = root.get_attribute("data-leader")
    original, change = (pixels(page.get_by_test_id(name)) for name in ("original", "change"))
    assert np.ptp(change[10:-10, 10:-10]) < 3  # nothing is changed yet: grey
    page.get_by_test_id("flip").click()
    visitor.until(lambda: root.get_attribute("data-leader") != leader, "the answer flips")
    assert number(root, "at") == number(root, "turn") > 0
    attacked = pixels(page.get_by_test_id("picture"))
    assert 0 < np.abs(attacked - original)[10:-10, 10:-10].mean() < 17
    assert np.ptp(pixels(page.get_by_test_id("change"))[10:-10, 10:-10]) > 60
    assert np.abs(pixels(page.get_by_test_id("original")) - original).mean() < 0.5
    page.get_by_test_id("amount").press("Home")
    visitor.until(lambda: root.get_attribute("data-leader") == leader, "without the change it is what it was")
    visitor.shoot("classification-attack")


def test_on_a_phone_nothing_goes_sideways_and_a_thumb_can_hit_it(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    for tab, name, hit in (
        ("Where it looked", "heat", ("opacity", "hold")),
        ("What it was fed", "fed", ("stage-0", "stage-1")),
        ("Shake it", "shake", ("amount", "flip", "unchanged")),
    ):
        root = opened(visitor, tab, name, "&shaking=adversarial&scramble=all")
        page = visitor.page
        scroll, client = page.evaluate(WIDTHS)
        assert scroll <= client
        box = root.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= client
        for testid in hit:
            assert page.get_by_test_id(testid).bounding_box()["height"] >= 44, testid
        inner = root.evaluate(
            """root => [...root.querySelectorAll('canvas, button')].filter(node => node.offsetParent
            && (node.getBoundingClientRect().right > innerWidth + 1 || node.getBoundingClientRect().left < -1)).length"""
        )
        assert inner == 0
        root.scroll_into_view_if_needed()
        visitor.shoot(f"classification-phone-{name}")
