"""A phone: one column, the picture first, the transport at the thumb, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]

WIDTHS = "() => { const page = document.scrollingElement; return [page.scrollWidth, page.clientWidth]; }"


@pytest.fixture
def phone(arrive: Arrive) -> Visitor:
    return arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


def box(visitor: Visitor, testid: str) -> dict[str, float]:
    found: dict[str, float] | None = visitor.page.get_by_test_id(testid).first.bounding_box()
    assert found is not None, f"{testid} is not to be seen"
    return found


def no_wider(visitor: Visitor) -> None:
    """The page does not scroll sideways, and neither does the part of it that Streamlit scrolls."""
    inner, outer = visitor.page.evaluate(WIDTHS)
    assert inner <= outer
    main: Any = visitor.page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_play_by_tap_with_the_picture_first(phone: Visitor) -> None:
    page = phone.open("/mlp")
    assert phone.attribute("data-width") == "narrow"
    no_wider(phone)
    phone.shoot("mlp-390-light")
    bar = box(phone, "play")
    assert bar["y"] + bar["height"] <= PHONE["height"]
    assert bar["y"] > PHONE["height"] / 2  # at the thumb, not at the top
    picture, control = box(phone, "mlp"), phone.slider("Noise").bounding_box()
    assert picture["y"] < control["y"]
    page.get_by_test_id("play").tap()
    phone.until(lambda: phone.status() == "playing" and phone.epoch() > 2, "it trains")
    no_wider(phone)
    page.get_by_test_id("play").tap()
    phone.until(lambda: phone.status() == "paused", "it pauses")
    page.get_by_test_id("stMain").evaluate("node => node.scrollTo(0, 600)")
    bar = box(phone, "play")
    assert PHONE["height"] / 2 < bar["y"] <= PHONE["height"] - bar["height"]  # still there when one scrolls
    phone.shoot("mlp-390-scrolled")


def test_what_a_thumb_must_hit_is_large_enough(phone: Visitor) -> None:
    phone.open("/mlp")
    small = phone.page.evaluate(
        """() => {
            const found = [];
            const look = root => root.querySelectorAll('*').forEach(node => {
                if (node.shadowRoot) look(node.shadowRoot);
                if (!node.matches('button, select, [role=tab], input[type=range]') || node.matches('.spot')) return;
                const { width, height } = node.getBoundingClientRect();
                if (width && height < 43.5) found.push(`${node.dataset.testid || node.className || node.textContent} ${height}`);
            });
            document.querySelectorAll('[data-testid=stBidiComponent], [data-testid=mlp], .stBidiComponentRegular').forEach(look);
            return found;
        }"""
    )
    assert small == []
    for testid in ("play", "step", "epoch", "reset"):
        assert box(phone, testid)["height"] >= 44
        assert box(phone, testid)["width"] >= 44


def test_a_tap_on_a_unit_shows_its_card(phone: Visitor) -> None:
    page = phone.open("/mlp")
    page.get_by_test_id("unit-1-1").tap()
    card = page.get_by_test_id("card")
    card.wait_for()
    assert "Layer 1, unit 2" in card.inner_text()
    edges = box(phone, "card")
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= PHONE["width"]
    page.get_by_test_id("unit-3-0").tap()
    phone.until(lambda: "Output" in card.inner_text(), "the card of another unit")
    field = page.locator(".field").bounding_box()
    page.touchscreen.tap(field["x"] + field["width"] - 8, field["y"] + field["height"] - 8)
    card.wait_for(state="hidden")


@pytest.mark.parametrize(
    "path", ["/", "/mlp?all=1", "/mlp?present=1", "/mlp?dataset=own", "/mlp?dataset=iris&hidden=8,8,8,8,8,8"]
)
def test_no_page_scrolls_sideways(phone: Visitor, path: str) -> None:
    phone.go(path)
    if path != "/" and "own" not in path:
        phone.await_picture()
    no_wider(phone)
    phone.shoot(
        "390-" + (path.strip("/").replace("?", "-").replace("=", "-").replace("&", "-").replace(",", "") or "home")
    )
