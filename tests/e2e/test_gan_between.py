"""The sampler's tabs in a real browser with a real worker: walking, clips that open, copies looked for, opinions, a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from playground.data.clips import is_clip
from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
BUSY = 240.0
"""Seconds that a busy machine may take until its worker has started and drawn; an idle one takes a few."""
LINK = "/gan_sampler?model=gan_digits&seed=3&n=32&pins=3~4%2C3~9"


def there(visitor: Visitor, name: str) -> Any:
    """One of the tabs' pictures, once it is drawn."""
    root = visitor.page.get_by_test_id(name)
    visitor.until(lambda: root.count() == 1 and root.get_attribute("data-state") == "there", f"{name} is drawn", BUSY)
    visitor.settle()
    root.scroll_into_view_if_needed()
    return root


def turn(visitor: Visitor, title: str, name: str) -> Any:
    """Another tab."""
    visitor.page.get_by_role("tab", name=title).click()
    return there(visitor, name)


def shown(root: Any, test_id: str) -> str:
    """What a canvas shows, as text."""
    return str(root.get_by_test_id(test_id).evaluate("canvas => canvas.toDataURL()"))


def clip(visitor: Visitor, kind: str) -> bytes:
    """Have a clip made, then take it along."""
    page = visitor.page
    page.get_by_role("button", name=f"Make a {kind}").or_(page.get_by_role("button", name=f"Make an {kind}")).click()
    save = page.get_by_role("button", name=f"Download {kind}")
    save.wait_for(timeout=1000 * BUSY)
    with page.expect_download() as waiting:
        save.click()
    return Path(waiting.value.path()).read_bytes()


def test_one_sample_becomes_another_and_the_clip_of_it_opens(arrive: Arrive, tmp_path: Path) -> None:
    visitor = arrive()
    page = visitor.go(LINK)
    root = there(visitor, "gan-between")
    assert root.get_by_test_id("ends").locator("li").count() == 2
    visitor.shoot("gan-between")
    # Halfway both ways are furthest apart; at the ends they are the same picture.
    halfway = {name: shown(root, f"large-{name}") for name in ("linear", "spherical")}
    assert halfway["linear"] != halfway["spherical"]
    scrub = root.get_by_test_id("scrub")
    scrub.fill("0")
    visitor.until(lambda: root.get_attribute("data-at") == "0", "it is at the first stop")
    first = shown(root, "large-linear")
    assert first == shown(root, "large-spherical") and first not in halfway.values()
    root.get_by_test_id("play").click()
    visitor.until(lambda: int(root.get_attribute("data-at")) > 5, "it plays")
    root.get_by_test_id("play").click()
    strip = root.get_by_test_id("strip-spherical")
    strip.click(position={"x": 4, "y": 20})
    visitor.until(lambda: root.get_attribute("data-at") == "0", "a press on the strip goes there")
    # A third stop is one press away, and in the link.
    picks = root.get_by_test_id("picks")
    picks.get_by_role("button", name="Sample 12", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    visitor.until(lambda: root.get_by_test_id("ends").locator("li").count() == 3, "a third stop")
    there(visitor, "gan-between")
    visitor.until(lambda: visitor.query().get("pins") == "3~4,3~9,3~12", "the link holds it")
    gif = Image.open(io.BytesIO(clip(visitor, "GIF")))
    assert gif.format == "GIF" and gif.n_frames == 96 and gif.size == (224, 224) and gif.info.get("loop") == 0
    film = tmp_path / "between.mp4"
    film.write_bytes(clip(visitor, "MP4"))
    assert is_clip(film)
    assert visitor.warnings() == ""


def test_on_a_phone_copies_and_opinions_answer_to_the_finger_and_nothing_goes_sideways(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True)
    page = visitor.go(LINK)
    root = there(visitor, "gan-between")
    for button in root.locator(".transport button, .picks button").all()[:6]:
        box = button.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 44

    def sideways() -> bool:
        width: int = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        return width > PHONE["width"]

    assert not sideways()
    root = turn(visitor, "copying", "gan-copying")
    visitor.shoot("gan-copying")
    assert not sideways()
    pairs = root.get_by_test_id("pairs").get_by_role("button")
    assert pairs.count() == 20
    page.get_by_role("button", name="Show all 32 pairs").click()
    visitor.until(lambda: pairs.count() == 32, "all are shown")
    distances = [float(text) for text in pairs.all_inner_texts()]
    assert distances == sorted(distances) and distances[0] > 0
    before = root.get_by_test_id("pair-words").inner_text()
    pairs.first.focus()
    page.keyboard.press("ArrowRight")
    visitor.until(lambda: root.get_by_test_id("pair-words").inner_text() != before, "another pair is shown large")
    assert pairs.nth(1).get_attribute("aria-pressed") == "true"
    root = turn(visitor, "opinion", "gan-opinion")
    visitor.shoot("gan-opinion")
    assert not sideways()
    best = float(root.get_by_test_id("best").get_by_role("button").first.inner_text())
    worst = root.get_by_test_id("worst").get_by_role("button").first
    assert best > float(worst.inner_text())
    worst.click()
    visitor.until(
        lambda: "Rank 32 of 32" in root.get_by_test_id("opinion-words").inner_text(), "the worst is shown large"
    )
    assert root.get_by_test_id("rank").input_value() == "0"
