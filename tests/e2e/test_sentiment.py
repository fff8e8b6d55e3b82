"""Sentiment in a real browser, with the starter: typed and answered, words changed, a file through and back, a phone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
LINK = "/sentiment?model=starter_sentiment"


def root(visitor: Visitor) -> Any:
    return visitor.page.get_by_test_id("sentiment")


def there(visitor: Visitor, text: str | None = None) -> None:
    """Wait until the text in the box is answered and its words have their colours."""

    def done() -> bool:
        node = root(visitor)
        if (
            node.count() != 1
            or node.get_attribute("data-state") != "answered"
            or node.get_attribute("data-words") != "there"
        ):
            return False
        return text is None or visitor.page.get_by_test_id("text").input_value() == text

    visitor.until(done, "the text is answered")


def verdict(visitor: Visitor) -> str:
    return str(visitor.page.get_by_test_id("verdict").inner_text())


def test_a_text_is_answered_while_it_is_typed_and_the_caret_stays(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go(LINK)
    there(visitor)
    box = page.get_by_test_id("text")
    before = page.get_by_test_id("scale").bounding_box()
    visitor.shoot("sentiment")
    place = root(visitor).bounding_box()
    assert place["y"] + place["height"] <= 720, "box, bar and words fit a projector"
    box.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("I hated every minute of it.")
    visitor.until(lambda: verdict(visitor) == "Negative", "it is read as it is meant")
    there(visitor)
    tinted = page.locator("[data-testid=tokens] [data-side=negative] .letters").all_inner_texts()
    assert "hated" in tinted
    assert page.get_by_test_id("scale").bounding_box() == before, "nothing jumps"
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("!r")
    there(visitor)
    page.keyboard.type("c")  # neither letter is a short cut of the page, and an answer takes no focus
    there(visitor, "I hated every minute of!rc it.")
    assert "example" not in visitor.query() and "hated" not in page.url
    visitor.shoot("sentiment-typed")


def test_a_megabyte_is_refused_in_words_and_examples_are_in_the_link(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go(LINK)
    there(visitor)
    page.get_by_test_id("text").evaluate(
        """(node) => {
            const held = new DataTransfer();
            held.setData("text/plain", "word ".repeat(210000));
            node.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: held }));
        }"""
    )
    said = page.get_by_test_id("text-count").inner_text()
    assert "1,050,000 characters were pasted; 100,000 are the most" in said
    assert len(page.get_by_test_id("text").input_value()) < 200
    page.get_by_role("button", name="Neutral:").click()
    visitor.until(lambda: visitor.query()["example"] == "neutral", "the link names the example")
    there(visitor)
    assert page.get_by_test_id("text").input_value().startswith("The train")
    other = arrive()
    other.go(page.url)
    there(other)
    assert other.page.get_by_test_id("text").input_value().startswith("The train")


def test_a_word_changed_a_word_swapped_and_the_windows_of_a_long_text(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go(f"{LINK}&example=praise")
    there(visitor)
    page.get_by_test_id("sides").wait_for()
    visitor.until(
        lambda: page.get_by_test_id("sides").get_attribute("data-state") == "answered", "the words are weighed"
    )
    page.get_by_test_id("tokens-first").get_by_role("button", name="delicious").click()
    page.get_by_test_id("put").fill("disgusting")
    page.keyboard.press("Enter")
    visitor.until(lambda: page.get_by_test_id("verdict-second").count() == 1, "the changed text is answered")
    visitor.until(lambda: page.get_by_test_id("sides").get_attribute("data-state") == "answered", "its words, too")
    assert "disgusting" in page.get_by_test_id("tokens-second").inner_text()
    visitor.settle()
    visitor.shoot("sentiment-words")
    page.get_by_role("tab", name="Swap one word").click()
    visitor.until(lambda: page.get_by_test_id("dots").locator("li").count() == 20, "each name has its dot")
    page.get_by_test_id("marks").get_by_role("button", name="evening").click()
    visitor.until(
        lambda: "What a lovely ___" in page.get_by_test_id("sentence").inner_text(), "the marked word is swapped"
    )
    visitor.shoot("sentiment-swap")
    page.get_by_role("tab", name="Long texts").click()
    page.get_by_role("button", name="Try a long review").click()
    page.get_by_test_id("windows").wait_for()
    there(visitor)
    assert verdict(visitor) == "Negative", "its last line decides"
    page.get_by_test_id("windows").locator("button").first.click()
    visitor.until(
        lambda: page.get_by_test_id("text").evaluate("node => node.selectionEnd - node.selectionStart") > 20,
        "it is marked",
    )
    visitor.shoot("sentiment-long")


def test_a_file_goes_through_and_comes_back(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go(LINK)
    there(visitor)
    page.get_by_role("tab", name="Several texts").click()
    page.get_by_test_id("rows").wait_for()
    held = io.StringIO()
    csv.writer(held).writerows(
        [
            ["id", "review"],
            ["1", "What a wonderful day, I love it"],
            ["2", "=1+1 is awful, terrible and boring"],
            ["3", ""],
        ]
    )
    chosen = page.locator("[data-testid=stFileUploaderDropzoneInput]")
    chosen.set_input_files({"name": "in.csv", "mimeType": "text/csv", "buffer": held.getvalue().encode()})
    page.get_by_role("button", name="Judge 3 texts").click()
    visitor.until(lambda: page.get_by_test_id("rows").locator("tbody tr").count() == 3, "three rows are there")
    assert page.get_by_test_id("rows").locator(".row-verdict").all_inner_texts()[2].endswith("empty")
    page.get_by_test_id("rows").get_by_role("button", name="Sure").click()
    visitor.settle()
    visitor.shoot("sentiment-many")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Table with the answers").click()
    cells = list(csv.reader(io.StringIO(Path(coming.value.path()).read_text(encoding="utf-8-sig"))))
    assert cells[0][:4] == ["id", "review", "predicted", "score"] and [row[2] for row in cells[1:]] == [
        "positive",
        "negative",
        "",
    ]
    assert cells[2][1].startswith("'=1+1")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        {"name": "bad.csv", "mimeType": "text/csv", "buffer": b"\x00\x01\x02" * 400}
    )
    visitor.until(lambda: "bad.csv" in visitor.warnings(), "what cannot be read is said")


def test_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = visitor.go(LINK)
    there(visitor)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    box, bar = page.get_by_test_id("text").bounding_box(), page.get_by_test_id("scale").bounding_box()
    assert box["y"] < bar["y"] and bar["y"] + bar["height"] < 844 and bar["x"] + bar["width"] <= 390
    assert page.locator(".chip").first.bounding_box()["height"] >= 44
    visitor.shoot("sentiment-390")
