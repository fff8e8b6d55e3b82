"""Your own pictures in a real browser: two classes, one from the camera and one from files, to a classifier that answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
SETTINGS = {"PLAYGROUND_OFFLINE": "1"}


def file(number: int) -> dict[str, Any]:
    """A picture that looks like nothing that the browser's own camera shows."""
    held = io.BytesIO()
    rows = np.random.default_rng(number).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(rows).resize((240, 180)).save(held, "PNG")
    return {"name": f"{number}.png", "mimeType": "image/png", "buffer": held.getvalue()}


def count(page: Any, at: int) -> int:
    """So many pictures the class has."""
    return int(page.get_by_test_id("own-class").nth(at).get_attribute("data-count") or 0)


def state(page: Any) -> str:
    return str(page.get_by_test_id("own-pictures").get_attribute("data-state"))


def test_from_nothing_to_a_classifier_by_camera_and_files(arrive: Arrive) -> None:
    visitor = arrive(permissions=["camera"])
    page = visitor.go("/own_pictures")
    visitor.until(lambda: state(page) == "trained", "the example is there, learnt")
    page.get_by_test_id("anew").click()
    visitor.until(lambda: state(page) == "idle" and count(page, 0) == 0, "two empty classes")
    first, second = page.get_by_test_id("own-class").nth(0), page.get_by_test_id("own-class").nth(1)
    first.get_by_test_id("class-name").fill("Cone")
    first.get_by_test_id("class-name").press("Enter")
    first.get_by_test_id("class-camera").click()
    page.wait_for_selector("[data-testid=class-shots-hold]:not([disabled])")
    page.get_by_test_id("class-shots-hold").focus()
    page.keyboard.down("Enter")  # held as a finger would hold it
    visitor.until(lambda: count(page, 0) >= 4, "the camera takes pictures while the button is held")
    page.keyboard.up("Enter")
    broken = {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    second.get_by_test_id("class-file").set_input_files([*map(file, range(5)), broken])
    visitor.until(lambda: count(page, 1) == 5, "the files are there")
    visitor.until(
        lambda: "broken.jpg cannot be opened" in page.get_by_test_id("own-pictures").inner_text(),
        "the broken file is named",
    )
    page.wait_for_selector("[data-testid=train]:not([disabled])")
    page.get_by_test_id("train").click()
    page.wait_for_selector("[data-testid=way-last][data-state=there]")
    page.wait_for_selector("[data-testid=way-scratch][data-state=there]")
    assert page.get_by_test_id("right-last").inner_text() in ("2 of 2", "1 of 2")
    page.get_by_test_id("try-camera").click()
    bars = page.get_by_test_id("own-bars").first
    visitor.until(lambda: bars.count() == 1 and bars.inner_text().startswith("Cone"), "the camera is answered live")
    page.get_by_test_id("try-file").set_input_files(file(77))
    visitor.until(lambda: bars.inner_text().startswith("Class 2"), "a new picture of the other thing is told from it")

    # Leave by the menu and come back: the same session, so everything is as it was.
    taken = count(page, 0)
    page.get_by_test_id("stTopNavLink").first.click()
    visitor.until(lambda: page.get_by_test_id("own-pictures").count() == 0, "the home page is open")
    visitor.settle()
    page.get_by_test_id("stTopNavSection").get_by_text("Train", exact=True).click()
    page.get_by_text("Your own pictures", exact=True).last.click()
    visitor.until(lambda: state(page) == "trained" and count(page, 0) == taken, "the classes are there again")
    assert page.get_by_test_id("class-name").first.input_value() == "Cone"


def test_it_fits_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitor.go("/own_pictures")
    visitor.until(lambda: state(page) == "trained", "the example is there, learnt")
    page.wait_for_selector("[data-testid=own-try][data-answered^=example]")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    held = page.locator("[data-testid=own-tile][data-held]").last
    held.tap()
    visitor.until(
        lambda: page.get_by_test_id("own-try").get_attribute("data-answered") == held.get_attribute("data-tile"),
        "another one is answered",
    )
