"""The page of image GANs in a browser: noise becomes digits, the film is scrubbed, a class is asked for, all is kept and taken along."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]


def test_noise_becomes_digits_the_film_goes_back_and_all_is_there_after_leaving(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/gan?width=16")
    assert page.locator("h1").inner_text() == "Image GAN"
    assert all(colours > 10 for colours, _ in visitor.pixels(".gan-grid canvas, .gan-real canvas"))
    assert "noise" in visitor.read("shown")
    visitor.shoot("gan-first")
    noise = page.get_by_test_id("grid").get_attribute("data-sum")
    visitor.play(epochs=3)
    visitor.until(lambda: visitor.number("data-snapshots") >= 3, "snapshots are kept")
    visitor.until(lambda: "%" in visitor.read("told-real") and "%" in visitor.read("told-fake"), "both are judged")
    visitor.until(lambda: visitor.read("val-metric")[0].isdigit(), "the distance is measured")
    visitor.shoot("gan-playing")
    film = page.get_by_test_id("film-range")
    film.focus()
    page.keyboard.press("Home")
    visitor.until(lambda: page.get_by_test_id("grid").get_attribute("data-sum") == noise, "the first samples again")
    at = visitor.step()
    visitor.until(lambda: visitor.step() > at, "it trains on while an earlier step is looked at")
    visitor.press("film-now")
    visitor.until(lambda: page.get_by_test_id("grid").get_attribute("data-sum") != noise, "the samples of now")
    visitor.pause()
    page.get_by_test_id("grid-chosen").focus()
    page.keyboard.press("ArrowRight")
    visitor.until(
        lambda: page.get_by_test_id("grid").get_attribute("data-cell") == "1", "the keyboard chooses a sample"
    )
    page.keyboard.press("ArrowLeft")
    visitor.until(lambda: page.get_by_test_id("grid").get_attribute("data-cell") == "0", "and the first one again")
    made = greys(visitor, "chosen-picture")
    stands, run = visitor.step(), visitor.query()["run"]
    page.get_by_test_id("stTopNavLink").first.click()
    visitor.until(lambda: visitor.root().count() == 0, "the canvas is gone")
    page.go_back()
    visitor.await_picture()
    assert (visitor.query()["run"], visitor.step(), visitor.status()) == (run, stands, "paused")
    page.get_by_role("link", name="Keep and open in the sampler").click()
    page.wait_for_url("**/gan_sampler*")
    visitor.until(lambda: page.locator("h1").inner_text() == "GAN sampler", "the sampler")
    sampler = page.get_by_test_id("gan-sampler")
    visitor.until(
        lambda: sampler.get_attribute("data-met") == "true" and sampler.get_attribute("data-state") == "painted",
        "the sampler paints",
    )
    visitor.until(lambda: np.abs(greys(visitor, "large") - made).max() <= 2, "that very generator's first picture")
    assert made.std() > 10
    visitor.shoot("gan-kept")


def test_a_class_is_asked_for_and_the_generator_taken_along_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitor.open("/gan?conditional=1&loss=hinge&width=16&epochs=1")
    visitor.press("play")
    visitor.until(lambda: visitor.status() == "done", "the only epoch is through")
    page.get_by_test_id("notice-action").get_by_text("10 more epochs").wait_for()
    every = page.get_by_test_id("grid").get_attribute("data-sum")
    visitor.press("class-7")
    visitor.until(lambda: visitor.attribute("data-class") == "7", "the grid shows one class")
    assert page.get_by_test_id("grid").get_attribute("data-sum") != every
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.shoot("gan-phone")
    page.get_by_role("button", name="Pack it").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (").click()
    with zipfile.ZipFile(download.value.path()) as made:
        held = {name.rpartition("/")[2] for name in made.namelist()}
    assert {"config.json", "model.safetensors", "predict.py"} <= held


def test_the_doctor_says_what_goes_wrong_and_its_remedy_is_pressed(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/gan")
    page.get_by_role("button", name="See it fail").click()
    visitor.until(lambda: visitor.query().get("loss") == "minimax", "the settings with which it fails")
    visitor.settle()
    visitor.await_picture()
    visitor.press("play")
    visitor.until(lambda: "discriminator wins" in visitor.read("finding"), "the doctor names it")
    assert "gradient" in visitor.read("finding-words")
    visitor.shoot("gan-doctor")
    visitor.press("remedy")
    visitor.until(lambda: visitor.query().get("loss") == "nonsaturating", "the remedy is taken")
    visitor.until(lambda: visitor.read("finding") == "", "and another run begins")


def test_a_critics_scores_are_no_probabilities_and_ones_own_pictures_are_learnt(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/gan?dataset=own&side=16&width=8&batch_size=16")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "two.zip", "mimeType": "application/zip", "buffer": two_classes()}
    )
    visitor.await_picture()
    visitor.press("pick-wgan_gp")
    visitor.until(lambda: visitor.query().get("loss") == "wasserstein", "another loss")
    visitor.settle()
    visitor.await_picture()
    visitor.press("epoch")
    visitor.until(lambda: visitor.epoch() == 1, "an epoch")
    visitor.until(lambda: "score of real" in page.get_by_test_id("gan").inner_text(), "scores")
    assert "%" not in visitor.read("told-real")
    visitor.shoot("gan-own")


def greys(visitor: Visitor, testid: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The pixels of a small canvas."""
    script = """canvas => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        copy.drawImage(canvas, 0, 0);
        return [...copy.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0);
    }"""
    found = np.array(visitor.page.get_by_test_id(testid).evaluate(script), np.float64)
    return np.resize(found, 256) if len(found) != 256 else found


def two_classes() -> bytes:
    """Forty pictures of upright and of lying stripes, in folders."""
    held, drawn = io.BytesIO(), np.random.default_rng(1)
    with zipfile.ZipFile(held, "w") as made:
        for number in range(40):
            wave = 127 + 100 * np.sin(np.arange(24) * drawn.uniform(0.5, 1.2) + drawn.uniform(0, 6))
            picture = np.broadcast_to(wave if number % 2 else wave[:, None], (24, 24)).astype(np.uint8)
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "PNG")
            made.writestr(f"stripes/{number % 2}/{number}.png", content.getvalue())
    return held.getvalue()
