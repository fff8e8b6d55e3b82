"""Object detection in a real browser: the threshold under the hand, boxes that light up, compare, downloads opened, a phone."""

from __future__ import annotations

import csv
import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import tiny_yolo
from tests.e2e.support import PHONE, Server, Visitor

Arrive = Callable[..., Visitor]
LINK = "/detection?v=detection1&model=tiny&example=cat&confidence=0.5"
COLD = 300.0
"""How long a busy machine may take to start the process that runs models and to load one, in seconds."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a small detector by chance in its models folder."""
    models = tmp_path_factory.mktemp("models")
    tiny_yolo.put(models, "tiny")
    made = Server(tmp_path_factory.mktemp("server"), PLAYGROUND_MODELS=str(models), PLAYGROUND_OFFLINE="1")
    yield made
    made.stop()


def root(visitor: Visitor) -> Any:
    return visitor.page.get_by_test_id("boxes")


def count(visitor: Visitor) -> int:
    """How many objects are shown."""
    return int(root(visitor).get_attribute("data-count") or -1)


def state(visitor: Visitor) -> str:
    return str(root(visitor).get_attribute("data-state")) if root(visitor).count() == 1 else ""


def answered(visitor: Visitor, path: str = LINK) -> Any:
    """Open the page and wait for the boxes."""
    page = visitor.go(path)
    visitor.until(lambda: state(visitor) == "answered", "the picture is answered", COLD)
    visitor.settle()
    return page


def meet(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two places on the screen share more than the rounding of an edge."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1


def shown(visitor: Visitor, what: str) -> int:
    """How many of the drawn shapes can be seen."""
    return int(root(visitor).locator(f"{what}:not([data-off])").count())


def test_the_threshold_moves_boxes_under_the_hand_and_the_link_follows(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go(LINK)
    photo, tabs = page.get_by_test_id("photo"), page.get_by_role("tab", name="Boxes", exact=True)
    photo.wait_for()
    visitor.until(lambda: photo.evaluate("node => node.naturalWidth") > 0, "the picture is there before its boxes")
    visitor.until(lambda: state(visitor) == "answered", "the picture is answered", COLD)
    visitor.settle()
    box = root(visitor).bounding_box()
    assert box["y"] + box["height"] <= 720, "the picture and its boxes fit a projector"
    assert tabs.get_attribute("aria-selected") == "true"
    before = count(visitor)
    assert shown(visitor, ".thing") == before == page.get_by_test_id("things").locator("[role=option]:visible").count()
    visitor.shoot("detection")
    # Under the hand, before the page hears of it.
    slider = page.get_by_test_id("confidence")
    slider.evaluate("node => { node.value = 0.05; node.dispatchEvent(new Event('input', { bubbles: true })); }")
    visitor.until(lambda: count(visitor) > before, "more boxes at a lower confidence")
    assert shown(visitor, ".thing") == count(visitor) and visitor.query()["confidence"] == "0.5"
    assert page.get_by_test_id("confidence-value").inner_text() == "5 %"
    names = root(visitor).locator(".label:not([data-off]):not([data-hidden]) rect").all()
    places = [place for name in names if (place := name.bounding_box())]
    assert places and not [(a, b) for a, b in itertools.combinations(places, 2) if meet(a, b)], "no name covers another"
    # Released: link and words follow, and stay.
    many = count(visitor)
    slider.press("ArrowRight")
    visitor.until(lambda: visitor.query()["confidence"] == "0.06", "the link follows")
    visitor.settle()
    assert 0 < count(visitor) <= many and root(visitor).get_attribute("data-confidence") == "0.06"
    assert "detection" in page.get_by_test_id("label").inner_text()


def test_a_row_and_a_class_light_their_boxes_and_compare_shows_the_original(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor)
    page.get_by_test_id("thing-0").click()
    assert root(visitor).get_attribute("data-lit") == "0"
    assert root(visitor).locator(".thing[data-lit]").count() == 1 and "px" in page.get_by_test_id("tip").inner_text()
    visitor.shoot("detection-lit")
    page.get_by_test_id("thing-0").press("ArrowDown")
    page.keyboard.press("Enter")
    assert root(visitor).get_attribute("data-lit") == "1", "by keyboard too"
    chip = page.get_by_test_id("counts").locator("button").first
    chip.click()
    lit = str(root(visitor).get_attribute("data-lit")).split(",")
    assert len(lit) == int(chip.locator("strong").inner_text())
    chip.click()
    assert root(visitor).get_attribute("data-lit") == ""
    # A box on the picture itself.
    scene = page.get_by_test_id("scene")
    place = root(visitor).locator(".thing:not([data-off]) rect.box").last.bounding_box()
    frame = scene.bounding_box()
    x, y = place["x"] + place["width"] / 2 - frame["x"], place["y"] + place["height"] / 2 - frame["y"]
    scene.click(position={"x": x, "y": y})
    visitor.until(lambda: root(visitor).get_attribute("data-lit") != "", "the box under the pointer is lit")
    page.get_by_test_id("compare").click()
    wipe, overlay = page.get_by_test_id("wipe"), page.locator(".overlay")
    half = overlay.evaluate("node => node.style.clipPath")
    assert half.startswith("inset(") and wipe.get_attribute("aria-valuenow") == "50"
    wipe.press("ArrowRight")
    assert overlay.evaluate("node => node.style.clipPath") != half
    page.get_by_test_id("compare").click()
    assert overlay.evaluate("node => node.style.clipPath") == ""
    # Closer: boxes stay on the picture.
    page.get_by_test_id("closer").click()
    wide = page.get_by_test_id("photo").bounding_box()["width"]
    page.get_by_test_id("closer").click()
    visitor.until(lambda: page.get_by_test_id("photo").bounding_box()["width"] > 1.5 * wide, "it grows")


def test_classes_are_filtered_and_all_results_can_be_opened(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor, LINK + "&all=1")
    every = count(visitor)
    visitor.settle()
    field = page.get_by_role("combobox", name="Classes")
    field.click()
    field.press_sequentially("kind 1")
    field.press("Enter")
    visitor.until(lambda: visitor.query().get("classes") == "kind 1", "the link follows")
    visitor.settle()
    visitor.until(
        lambda: count(visitor) < every and page.get_by_test_id("counts").locator("button").count() <= 1,
        "one class is left",
    )
    page.keyboard.press("Escape")
    page.goto(visitor.server.url + LINK)
    visitor.until(lambda: state(visitor) == "answered" and count(visitor) == every, "all of them again", COLD)
    visitor.settle()
    page.get_by_role("button", name="Results").click()
    found: dict[str, bytes] = {}
    for name in ("CSV", "JSON", "YOLO", "Picture", "Pieces"):
        with page.expect_download(timeout=1000 * COLD) as coming:
            page.get_by_role("button", name=name, exact=True).click()
        found[name] = Path(coming.value.path()).read_bytes()
    (row,) = json.loads(found["JSON"])
    assert row["file"] == "cat.jpg" and len(row["predictions"]) == every and len(row["predictions"][0]["box"]) == 4
    cells = list(csv.reader(io.StringIO(found["CSV"].decode("utf-8-sig"))))
    assert len(cells) == 1 + every
    labels = zipfile.ZipFile(io.BytesIO(found["YOLO"]))
    assert labels.namelist() == ["cat.txt", "classes.txt"] and len(labels.read("cat.txt").splitlines()) == every
    with Image.open(io.BytesIO(found["Picture"])) as drawn:
        assert drawn.format == "PNG" and drawn.size == tuple(
            page.get_by_test_id("photo").evaluate("node => [node.naturalWidth, node.naturalHeight]")
        )
    pieces = zipfile.ZipFile(io.BytesIO(found["Pieces"]))
    assert len(pieces.namelist()) == every
    with Image.open(io.BytesIO(pieces.read(pieces.namelist()[0]))) as piece:
        assert piece.format == "JPEG"


def test_a_phone_with_a_picture_of_its_own(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = answered(visitor)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    for name in ("upload", "compare", "closer", "thing-0", "confidence"):
        assert page.get_by_test_id(name).bounding_box()["height"] >= 44, name
    held = io.BytesIO()
    Image.effect_noise((160, 120), 90).convert("RGB").save(held, "JPEG")
    page.get_by_test_id("own-file").set_input_files(
        [{"name": "thumb.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}]
    )
    own = page.get_by_test_id("picture-own")
    visitor.until(
        lambda: own.count() == 1 and "detection" in str(own.get_attribute("aria-label")), "it is answered", COLD
    )
    visitor.until(lambda: state(visitor) == "answered", "its boxes are drawn")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert page.get_by_test_id("strip").locator("[aria-live]").inner_text() == "", "what came is not under way any more"
    assert "example" not in visitor.query() or visitor.query()["example"] == ""
    visitor.shoot("detection-390")
