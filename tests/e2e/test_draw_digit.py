"""Drawing a digit by mouse, thumb and keys, and showing one as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PIL import Image

from playground.data import digit_strokes
from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]


def opened(visitor: Visitor, path: str = "/draw_digit") -> Any:
    visitor.go(path)
    visitor.page.wait_for_selector("[data-testid=draw-digit][data-answers]")
    return visitor.page.get_by_test_id("draw-digit")


def reads(visitor: Visitor, digit: int | None) -> None:
    wanted = "" if digit is None else str(digit)

    def there() -> bool:
        return str(visitor.page.get_by_test_id("draw-digit").get_attribute("data-read")).rpartition(",")[2] == wanted

    visitor.until(there, f"the CNN reads {wanted or 'nothing'}")


def seven(visitor: Visitor) -> list[tuple[float, float]]:
    """Where a 7 goes along on the pad, in CSS pixels."""
    box = visitor.page.get_by_test_id("pad").bounding_box()
    (stroke,) = digit_strokes.DIGITS[7]
    shares = list(zip(stroke.points[::6], stroke.points[1::6], strict=True))
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares]


def test_a_digit_drawn_by_hand_is_read_shifted_kept_and_taken_back(arrive: Arrive) -> None:
    visitor = arrive()
    root, page = opened(visitor), visitor.page
    reads(visitor, 4)
    assert page.get_by_test_id("pad").get_attribute("data-strokes") == "2"
    places, before = seven(visitor), int(root.get_attribute("data-answers"))
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:-1]:
        page.mouse.move(*place)
    visitor.until(lambda: int(root.get_attribute("data-answers")) > before, "it is read while the pen is down")
    page.mouse.move(*places[-1])
    page.mouse.up()
    reads(visitor, 7)  # the first stroke cleared the example
    page.get_by_test_id("pad-undo").click()
    reads(visitor, 4)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    reads(visitor, 7)
    page.get_by_test_id("shift").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    visitor.until(lambda: visitor.query().get("shift") == "2", "the link holds the shift")
    page.get_by_text("Photograph", exact=True).click()
    reads(visitor, 0)
    page.get_by_text("Draw", exact=True).click()
    reads(visitor, 7)  # what was drawn is still there
    assert page.get_by_test_id("pad").get_attribute("data-strokes") == "1"
    page.get_by_test_id("sample-3").click()
    reads(visitor, 3)
    page.get_by_test_id("pad-undo").click()
    reads(visitor, 7)


def test_keys_draw_a_one(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor)
    page = visitor.page
    page.get_by_test_id("pad").focus()
    page.keyboard.press("Delete")
    reads(visitor, None)
    page.keyboard.press("Space")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    reads(visitor, 1)
    page.keyboard.press("Control+z")
    reads(visitor, None)


def test_a_thumb_draws_on_a_phone_and_the_page_does_not_scroll(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True)
    opened(visitor)
    page = visitor.page
    page.get_by_test_id("pad-clear").tap()
    reads(visitor, None)
    places = seven(visitor)
    session = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(places) - 1)]
    for kind, (x, y) in zip(kinds, places, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    reads(visitor, 7)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_uploaded_photograph_is_read_through_the_worker(arrive: Arrive, tmp_path: Any) -> None:
    ink = digit_strokes.ink(digit_strokes.DIGITS[5], 300)
    Image.fromarray(220 - (0.7 * ink).astype("uint8")).convert("RGB").save(tmp_path / "five.png")
    visitor = arrive()
    opened(visitor, "/draw_digit?v=photographed_digit1&example=board")
    reads(visitor, 2)
    visitor.page.get_by_test_id("own-file").set_input_files(str(tmp_path / "five.png"))
    reads(visitor, 5)
