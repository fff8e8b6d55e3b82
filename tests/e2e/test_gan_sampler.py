"""The GAN sampler in a real browser, with a starter: painted while a slider moves, pinned, typed, shared, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
LINK = "/gan_sampler?model=gan_digits_by_class"


def root(visitor: Visitor) -> Any:
    return visitor.page.get_by_test_id("gan-sampler")


def told(visitor: Visitor, name: str) -> str:
    node = root(visitor)
    return str(node.get_attribute(f"data-{name}") or "") if node.count() == 1 else ""


def there(visitor: Visitor) -> None:
    """Wait until everything is painted that was asked for, at rest, and the page's script knows of it."""

    def done() -> bool:
        asked = told(visitor, "asked") or "0"
        return (
            told(visitor, "met") == "true" and told(visitor, "state") == "painted" and told(visitor, "rested") == asked
        )

    visitor.until(done, "the sheet is painted")
    visitor.settle()


def sheet(visitor: Visitor) -> str:
    """The pixels of the sheet, and of the sample that is shown large."""
    script = "nodes => nodes.map(node => node.toDataURL()).join()"
    found: str = visitor.page.locator(
        "[data-testid=sheet], [data-testid=large], [data-testid=pins] canvas"
    ).evaluate_all(script)
    return found


def test_a_slider_repaints_the_sheet_and_a_link_restores_it(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go(LINK)
    visitor.until(lambda: told(visitor, "painted") != "", "the starter's first sheet")
    there(visitor)
    assert page.get_by_test_id("count").input_value() == "70", "seven whole rows, each class in its column"
    page.get_by_test_id("seed").fill("-5")
    page.keyboard.press("Enter")
    assert "from 0 to 2,147,483,647. Seed 1 is drawn." in page.get_by_test_id("seed-problem").inner_text()
    assert page.get_by_test_id("seed").input_value() == "1"
    visitor.shoot("gan-sampler")
    place = root(visitor).bounding_box()
    assert place["y"] + place["height"] <= 720, "sheet, sliders and sample fit a projector"
    first = sheet(visitor)
    page.get_by_test_id("direction-0").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    visitor.until(lambda: visitor.query().get("moves", "-") != "-", "the link says how far")
    there(visitor)
    assert sheet(visitor) != first
    left, top, cell, _ = map(float, page.get_by_test_id("sheet").get_attribute("data-place").split(","))
    page.get_by_test_id("sheet").click(position={"x": left + 3.5 * cell, "y": top + 1.5 * cell})
    visitor.until(lambda: visitor.query().get("chosen", "") == "13", "the fourth of the second row")
    assert page.get_by_test_id("sample-title").inner_text() == "Sample 14: 3"
    page.keyboard.press("p")
    page.get_by_test_id("bars").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    visitor.until(
        lambda: visitor.query().get("edits", "").startswith("13~1_") and visitor.query().get("pins", "") != "",
        "pinned and set by hand",
    )
    there(visitor)
    visitor.shoot("gan-sampler-moved")
    assert "real" in page.get_by_test_id("opinion").inner_text()
    mine = sheet(visitor)
    other = arrive()
    other.go(page.url)
    there(other)
    other.until(lambda: sheet(other) == mine, "the very pictures")


def test_latents_that_are_none_are_said_in_words_and_a_class_is_chosen_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True)
    page = visitor.go(f"{LINK}&n=16")
    there(visitor)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="7", exact=True).tap()
    visitor.until(lambda: visitor.query().get("of_class", "") == "7", "the link says which class")
    there(visitor)
    visitor.shoot("gan-sampler-phone")
    low = page.locator("[data-testid=gan-sampler] button:visible").evaluate_all(
        "all => Math.min(...all.map(one => one.getBoundingClientRect().height))"
    )
    assert low >= 44
    page.get_by_test_id("type-row").tap()
    for text, words in (
        ("1, 2, foo", "Number 3 of the row, 'foo', is not a number"),
        (", ".join(["0.5"] * 63 + ["1e9"]), "Number 64 of the row is 1e9"),
    ):
        page.get_by_test_id("row").fill(text)
        page.get_by_test_id("apply-row").tap()
        visitor.until(
            lambda words=words: words in page.get_by_test_id("problem").inner_text(), "it is refused in words"
        )
    page.get_by_test_id("row").fill(" ".join(["0.5"] * 64))
    page.get_by_test_id("apply-row").tap()
    visitor.until(lambda: visitor.query().get("edits", "").startswith("0~0_0.5_1_0.5"), "a whole row is taken")
    there(visitor)
    assert page.get_by_test_id("problem").inner_text() == ""
    entries = """() => {
        const before = history.length;
        history.pushState({}, "", `${location.pathname}?run=r&visit=1`);
        history.pushState({}, "", `${location.pathname}?run=r&seed=1`);
        return history.length - before;
    }"""
    assert page.evaluate(entries) == 1, (
        "the address that a page makes of a short link takes its place: one press of Back leaves"
    )
