"""Inside BERT with a real browser: a sentence typed, a piece followed, a head chosen, its arithmetic played, a word hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.support import PATIENCE, PHONE, Visitor

Arrive = Callable[..., Visitor]
FIRST = 2 * PATIENCE
"""The first answer waits for a process that reads its libraries from disk."""


def opened(visitor: Visitor, query: str = "") -> Any:
    """Open the page and wait until the sentence is opened."""
    visitor.go(f"/inside_bert?v=inside_bert1{query}")
    there = "[data-testid=inside-bert][data-theme][data-state=there]:not([data-stale])"
    visitor.page.wait_for_selector(there, timeout=1000 * FIRST)
    return visitor.page.get_by_test_id("inside-bert")


def said(root: Any, name: str) -> str:
    return str(root.get_attribute(f"data-{name}"))


def shares(root: Any) -> list[float]:
    return [float(one) for one in said(root, "row").split(",")]


def test_a_sentence_is_typed_followed_and_computed(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor, "&layer=0&head=0&piece=1")
    assert abs(sum(shares(root)) - 1) < 0.01, "one row of attention is all of it"
    box = visitor.page.get_by_test_id("text")
    box.fill("My grandmother loved it, Zebedee did not.")
    visitor.until(
        lambda: said(root, "text").startswith("My grandmother") and not root.get_attribute("data-late"),
        "what is typed is opened",
    )
    assert box.evaluate("node => node.getRootNode().activeElement === node"), "and the caret stays in the box"
    assert "example" not in visitor.query() and "Zebedee" not in visitor.page.url

    # A piece that is pointed at is followed; one that is clicked stays chosen.
    sheet = visitor.page.get_by_test_id("inside-sheet")
    first, place = shares(root), said(root, "place")
    sheet.focus()
    visitor.page.keyboard.press("ArrowDown")
    visitor.until(lambda: said(root, "place") != place and shares(root) != first, "an arrow key follows the next piece")
    chosen = said(root, "place")
    area = sheet.bounding_box()
    visitor.page.mouse.move(area["x"] + area["width"] * 0.92, area["y"] + area["height"] * 0.9)
    visitor.until(lambda: said(root, "place") != chosen, "pointing follows another one")
    visitor.page.mouse.move(2, 2)
    visitor.until(lambda: said(root, "place") == chosen, "until nothing is pointed at")
    visitor.page.get_by_test_id("overview").focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.until(lambda: said(root, "place").split(",")[1] == "1", "the next head")
    visitor.until(lambda: visitor.query().get("head") == "1", "the link follows")
    visitor.shoot("inside-attention")
    attention = shares(root)

    # What queries and keys come to in the browser is the network's own attention.
    visitor.page.get_by_role("button", name="Step by step", exact=True).click()
    visitor.until(
        lambda: "layer 1, head 2" in visitor.page.get_by_test_id("inside-bert").inner_text(),
        "this head's numbers have come",
    )
    visitor.press("look-scores")
    visitor.until(lambda: said(root, "step") == "1", "the first score")
    assert max(abs(a - b) for a, b in zip(shares(root), attention, strict=True)) < 5e-3
    assert visitor.read("result")
    visitor.press("play")
    visitor.until(lambda: int(said(root, "step")) >= 3, "it plays")
    visitor.press("play")
    visitor.shoot("inside-steps")

    visitor.press("phase-reason")
    visitor.page.wait_for_selector("[data-testid=beside] tbody tr")
    assert visitor.page.get_by_test_id("beside").locator("tbody tr").count() >= 7
    assert "of the attention" in visitor.read("attended")
    visitor.press("measure-rollout")
    visitor.until(lambda: visitor.query().get("measure") == "rollout", "the link follows")
    visitor.shoot("inside-reason")


def test_pieces_on_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    root = opened(visitor, "&depth=pieces&example=rare")
    visitor.page.get_by_test_id("piece-2").tap()
    visitor.until(
        lambda: said(root, "place").split(",")[2] == "2" and visitor.query().get("piece") == "2",
        "a tap chooses a piece",
    )
    assert "stands for" in visitor.read("explain")
    visitor.page.get_by_test_id("phase-attention").tap()
    visitor.page.wait_for_selector("[data-testid=inside-bert][data-depth=attention]")
    assert visitor.warnings() == ""
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "no sideways scrolling"
    visitor.shoot("inside-phone")
