"""Fine-tuning in a browser: a sentence followed, layers frozen, mistakes read, one's own table learnt, used and taken along."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
WORDS = {
    "delivery": ("parcel", "courier", "van", "doorstep", "tracking"),
    "payment": ("card", "invoice", "refund", "bank", "price"),
}


def table() -> bytes:
    """Forty short messages in two classes."""
    rows = [
        f"{label},My {word} {tail}"
        for label, words in WORDS.items()
        for word in words
        for tail in ("is wrong", "never came", "please help", "what now")
    ]
    return "\n".join(["kind,message", *rows]).encode()


def test_a_sentence_is_followed_while_the_network_learns_and_all_is_there_after_leaving(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/fine_tune?dataset=unwanted&epochs=30&most=40")
    assert page.locator("h1").inner_text() == "Fine-tune BERT"
    visitor.until(lambda: "%" in visitor.read("own-0"), "the untrained classifier has read the example")
    visitor.shoot("fine_tune-first")
    page.get_by_test_id("own-text").fill("You have won a prize, call now")
    visitor.until(lambda: visitor.attribute("data-own").startswith("You have won"), "it follows another sentence")
    visitor.until(lambda: page.get_by_test_id("pieces").locator("span").count() > 5, "in pieces")
    visitor.play(epochs=1)
    visitor.until(lambda: "\u2013" not in visitor.read("fact-frozen"), "what can be had without training is known")
    visitor.pause()
    visitor.press("view-confusion")
    matrix = page.get_by_test_id("confusion")
    matrix.focus()
    page.keyboard.press("Enter")
    visitor.until(lambda: "validation text" in visitor.read("cell-told"), "the cell says what it holds")
    visitor.shoot("fine_tune-confusion")
    stands, run = visitor.step(), visitor.query()["run"]
    page.evaluate("window.sessionStorage.clear()")  # then the run alone knows the sentence
    page.get_by_test_id("stTopNavLink").first.click()
    visitor.until(lambda: visitor.root().count() == 0, "the canvas is gone")
    page.go_back()
    visitor.await_picture()
    assert (visitor.query()["run"], visitor.step(), visitor.status()) == (run, stands, "paused")
    visitor.until(lambda: page.get_by_test_id("own-text").input_value().startswith("You have won"), "with the sentence")


def test_a_sentence_typed_before_any_run_outlasts_a_reload(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/fine_tune?dataset=unwanted")
    page.get_by_test_id("own-text").fill("You have won a prize, call now")
    page.reload()
    visitor.until(lambda: page.get_by_test_id("own-text").input_value().startswith("You have won"), "it stands there")


def test_a_click_freezes_what_lies_below(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/fine_tune?dataset=unwanted")
    visitor.press("layer-1")
    visitor.until(lambda: visitor.query().get("freeze") == "1", "the link has the lowest layer frozen")
    frozen = page.locator("[data-testid^=layer-][data-frozen]")
    visitor.until(lambda: frozen.count() == 2, "the layer and the embeddings are")
    page.get_by_test_id("layer-0").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    visitor.until(lambda: frozen.count() == 0 and visitor.query().get("freeze") == "0", "the keyboard thaws them")
    visitor.press("path-1")
    assert "at random" in visitor.read("path-about")


def test_ones_own_table_is_learnt_used_and_taken_along_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitor.go("/fine_tune?dataset=own&epochs=1")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "two.csv", "mimeType": "text/csv", "buffer": table()}
    )
    visitor.await_picture()
    visitor.press("play")
    visitor.until(lambda: visitor.status() == "done", "the only epoch is through")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.shoot("fine_tune-phone")
    page.get_by_role("tab", name="Use it").click()
    page.get_by_role("textbox", name="Texts, one a line").fill("My parcel is lost\nMy card was charged")
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("outlined: before training").wait_for()
    page.get_by_role("button", name="Pack it").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (").click()
    with zipfile.ZipFile(download.value.path()) as made:
        held = {name.rpartition("/")[2] for name in made.namelist()}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= held
