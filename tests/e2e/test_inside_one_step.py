"""Inside one step on the perceptron's page: the run's own next batch, four clicks through it, then the step is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]


def look(visitor: Visitor, query: str = "") -> Any:
    """Open the tab and look; the picture of the step."""
    visitor.open(f"/mlp{query}")
    visitor.page.get_by_role("tab", name="Inside one step").click()
    visitor.page.get_by_role("button", name="Look inside the next step").click()
    picture = visitor.page.get_by_test_id("one-step")
    picture.wait_for(state="visible")
    visitor.until(lambda: picture.get_attribute("data-phase") == "start", "the step is drawn")
    return picture


def stands(visitor: Visitor) -> int:
    """The number of the step that is shown."""
    words = visitor.page.locator("[role=tabpanel]", has_text="shuffled order").first.inner_text()
    found = re.search(r"Step ([\d,]+),", words)
    assert found is not None, words
    return int(found[1].replace(",", ""))


def phases(visitor: Visitor, picture: Any) -> None:
    """Four clicks, and what each of them must show."""
    for phase in ("forward", "loss", "backward", "update"):
        picture.get_by_test_id("next").click()
        visitor.until(lambda phase=phase: picture.get_attribute("data-phase") == phase, f"{phase} is shown")
        if phase == "backward":
            said = picture.get_by_test_id("check").inner_text()
            assert said.startswith("PyTorch autograd: ")
            digits = re.search(r"largest difference anywhere ([\d.e\u2212-]+)", said)
            assert digits is not None and float(digits[1].replace("\u2212", "-")) < 1e-12, said


def test_a_run_never_played_is_looked_into_and_its_step_is_done(arrive: Arrive) -> None:
    visitor = arrive()
    picture = look(visitor)
    assert stands(visitor) == 1
    phases(visitor, picture)
    visitor.shoot("mlp-inside-one-step")
    before, after = (picture.get_by_test_id(name).inner_text() for name in ("loss-before", "loss-after"))
    assert float(after) < float(before) < 2
    visitor.page.get_by_role("button", name="Do this step").click()
    visitor.until(lambda: stands(visitor) == 2, "the next step is shown")
    visitor.until(lambda: visitor.step() == 1, "the run has taken the first")
    assert visitor.status() == "paused"


def test_looking_while_it_trains_lets_it_train(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp?optimizer=adam&all=1")
    visitor.play()
    visitor.page.get_by_role("tab", name="Inside one step").click()
    visitor.page.get_by_role("button", name="Look inside the next step").click()
    picture = visitor.page.get_by_test_id("one-step")
    picture.wait_for(state="visible")
    seen = stands(visitor)
    assert seen > 25
    visitor.until(lambda: visitor.status() == "playing" and visitor.step() > seen + 50, "it trains on")
    phases(visitor, picture)
    assert stands(visitor) == seen, "the picture stands while the run goes on"
    assert "Adam" in picture.get_by_test_id("explain").inner_text()
    visitor.pause()
    visitor.page.get_by_role("button", name="Look inside the next step").click()
    visitor.until(lambda: stands(visitor) == visitor.step() + 1, "the step after the pause is shown")


def test_another_rate_moves_the_step_that_is_looked_at(arrive: Arrive) -> None:
    visitor = arrive()
    picture = look(visitor)
    picture.get_by_test_id("update").click()
    visitor.until(lambda: picture.get_attribute("data-phase") == "update", "the update is shown")
    after = picture.get_by_test_id("loss-after").inner_text()
    visitor.slider("Learning rate").press("ArrowRight")
    visitor.until(lambda: picture.get_by_test_id("loss-after").inner_text() != after, "the step leads elsewhere")


def test_on_a_phone_both_transports_can_be_reached(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    picture = look(visitor)
    picture.get_by_test_id("next").tap()
    visitor.until(lambda: picture.get_attribute("data-phase") == "forward", "the first phase is shown")
    visitor.page.get_by_test_id("play").tap()
    visitor.until(lambda: visitor.status() == "playing", "it trains")
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
