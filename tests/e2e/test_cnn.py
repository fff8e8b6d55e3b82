"""The page of convolutional networks in a browser: train, look inside, build, draw, bring pictures, leave and return."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]


def test_pointing_at_a_map_shows_it_large_with_its_kernels(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/cnn")
    spot = page.get_by_test_id("map-2-3").bounding_box()
    page.mouse.move(spot["x"] + 5, spot["y"] + 5)
    card = page.get_by_test_id("map-card")
    card.wait_for(state="visible")
    assert "map 4" in card.inner_text() and "14 × 14 pixels" in card.inner_text()
    visitor.shoot("cnn-map")
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")
    page.get_by_test_id("map-0-0").focus()
    page.keyboard.press("ArrowDown")
    visitor.until(lambda: card.is_visible() and "map 2" in card.inner_text(), "the keyboard moves from map to map")


def test_blocks_are_built_on_the_canvas_and_impossible_ones_explained(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/cnn")
    visitor.press("block-0")
    visitor.press("block-filters-more")
    visitor.until(lambda: visitor.query().get("blocks", "").startswith("conv:8:5:1:2,"), "the link has eight filters")
    assert visitor.query()["preset"] == "own"
    visitor.until(lambda: page.get_by_test_id("map-0-7").count() == 1, "the picture has eight maps")
    visitor.until(lambda: "208 parameters" in visitor.read("block-result"), "they are counted")
    page.keyboard.press("Escape")
    works = visitor.query()["blocks"]
    visitor.press("block-add-3")
    visitor.press("add-dense")
    visitor.until(
        lambda: "becomes 64" in visitor.read("block-result"), "the new block is possible, and the pooling behind it not"
    )
    page.keyboard.press("Escape")
    visitor.until(lambda: "flat row of 64" in visitor.read("blocks-error"), "why a pooling cannot follow is said")
    visitor.shoot("cnn-impossible")
    visitor.press("blocks-undo")
    page.get_by_test_id("blocks-error").wait_for(state="hidden")
    visitor.settle()
    assert visitor.query()["blocks"] == works, "the last network that works, no earlier one"
    assert page.get_by_test_id("map-0-7").count() == 1


def test_a_digit_is_drawn_by_touch_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitor.open("/cnn?dataset=digits")
    visitor.press("view-draw")
    pad = page.get_by_test_id("pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    touch = page.context.new_cdp_session(page)

    def at(kind: str, x: float, y: float) -> None:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}] if kind != "touchEnd" else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    at("touchStart", 0.5, 0.15)
    for step in range(1, 15):
        at("touchMove", 0.5, 0.15 + 0.05 * step)
    at("touchEnd", 0, 0)
    visitor.until(lambda: pad.get_attribute("data-strokes") == "1", "the stroke is on the pad")
    visitor.until(lambda: visitor.attribute("data-image").startswith("pad"), "the network is given the drawing")
    visitor.until(lambda: "The network says" in visitor.read("pad-says"), "its answer stands beside the pad")
    visitor.until(lambda: page.get_by_test_id("step").locator("canvas").count() == 4, "each step is shown")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.shoot("cnn-phone-draw")
    visitor.press("block-0")
    visitor.press("block-filters-more")
    visitor.until(lambda: page.get_by_test_id("map-0-7").count() == 1, "the network is built anew")
    visitor.until(lambda: visitor.attribute("data-image").startswith("pad"), "it is given what is still on the pad")


def test_it_trains_shows_its_mistakes_and_is_there_again_after_leaving(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/cnn?dataset=digits&epochs=200")
    assert page.locator("h1").inner_text() == "Convolutional network"
    assert all(colours > 50 for colours, _ in visitor.pixels(".field > canvas"))
    visitor.shoot("cnn-first")
    visitor.play(epochs=2)
    visitor.until(lambda: float(visitor.read("val-metric").split()[0]) > 30, "it learns")
    visitor.pause()
    visitor.press("view-confusion")
    matrix = page.get_by_test_id("confusion")
    matrix.focus()
    page.keyboard.press("ArrowRight")  # from the first class, taken for itself, to taken for the second
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    visitor.until(lambda: "rightly so" in visitor.read("cell-told"), "the cell says what it holds")
    visitor.until(lambda: page.get_by_test_id("cell-0").is_visible(), "its pictures are there")
    assert page.get_by_test_id("saliency").is_checked()
    visitor.shoot("cnn-confusion")
    visitor.press("cell-0")
    visitor.until(
        lambda: visitor.attribute("data-image").startswith("cell"), "a picture of the cell passes through the network"
    )
    box = matrix.bounding_box()
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.93 * box["height"])
    visitor.until(lambda: "of 9" in visitor.read("cell-told"), "a clicked cell says what it holds")
    stands = visitor.step()
    run = visitor.query()["run"]
    page.get_by_test_id("stTopNavLink").first.click()
    visitor.until(lambda: visitor.root().count() == 0, "the canvas is gone")
    page.go_back()
    visitor.await_picture()
    assert (visitor.query()["run"], visitor.step(), visitor.status()) == (run, stands, "paused")


def test_after_the_last_epoch_a_button_goes_on(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/cnn?dataset=digits&epochs=1&most=100")
    visitor.press("play")
    visitor.until(lambda: visitor.status() == "done", "the only epoch is through")
    visitor.until(lambda: page.get_by_test_id("play").get_attribute("aria-disabled") == "true", "Play can do nothing")
    page.get_by_test_id("notice-action").get_by_text("10 more epochs").click()
    visitor.until(lambda: visitor.epoch() == 11, "it plays on to the end of ten more")
    assert visitor.query()["epochs"] == "11"


def test_ones_own_zip_is_learnt_from_and_the_network_used_on_a_new_picture(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/cnn?dataset=own&preset=convnetjs&side=16")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "two.zip", "mimeType": "application/zip", "buffer": two_classes()}
    )
    visitor.await_picture()
    visitor.press("epoch")
    visitor.until(lambda: visitor.epoch() >= 1, "an epoch")
    page.get_by_role("tab", name="Use it").click()
    page.get_by_text("On a new picture").wait_for()
    for name, content in (("broken.png", b"GIF89a nothing"), ("new.png", striped(0, 99))):
        page.locator("input[type=file]").last.set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": content}
        )
        said = "not a picture that can be read" if name == "broken.png" else "as the network is given it"
        page.get_by_text(said).wait_for()
    assert page.get_by_test_id("stAlert").count() == 0, "what was wrong with the picture before is gone"
    page.get_by_role("button", name="Pack it").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (").click()
    with zipfile.ZipFile(download.value.path()) as made:
        assert {"model.safetensors", "card.json", "predict.py"} <= set(made.namelist())
    visitor.shoot("cnn-use")


def two_classes() -> bytes:
    """Forty pictures of upright and of lying stripes, in folders, as a Mac packs them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for way, name in enumerate(("upright", "lying")):
            for number in range(20):
                made.writestr(f"stripes/{name}/{number}.png", striped(way, number))
                made.writestr(f"__MACOSX/stripes/{name}/._{number}.png", b"\0\5\26\7")
    return held.getvalue()


def striped(way: int, seed: int) -> bytes:
    drawn = np.random.default_rng(seed)
    wave = 127 + 100 * np.sin(np.arange(40) * drawn.uniform(0.5, 1.2) + drawn.uniform(0, 6))
    picture = np.broadcast_to(wave if way == 0 else wave[:, None], (40, 40)) + drawn.normal(0, 10, (40, 40))
    held = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).convert("RGB").save(held, "PNG")
    return held.getvalue()
