"""Hands on the network: set a weight, open the test set, recover from steps that were too long."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.support import Visitor

Arrive = Callable[..., Visitor]


def test_a_number_set_by_hand_changes_the_network_and_reset_takes_it_back(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp")
    loss = visitor.read("val-loss")
    visitor.press("unit-2-0")
    field = visitor.page.get_by_test_id("card-value")
    field.wait_for(state="visible")
    bias = float(field.input_value())
    field.fill("3")
    field.press("Enter")
    visitor.until(lambda: visitor.read("val-loss") != loss, "the loss is measured anew")
    assert float(field.input_value()) == 3 != bias
    visitor.press("reset")
    visitor.until(lambda: visitor.read("val-loss") == loss, "the first loss is back")


def test_a_number_beyond_reason_is_not_taken(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp")
    loss = visitor.read("val-loss")
    visitor.press("unit-2-0")
    field = visitor.page.get_by_test_id("card-value")
    field.fill("1000000")
    field.press("Enter")
    visitor.until(lambda: "1000" in visitor.page.get_by_test_id("card").inner_text(), "the field says what is allowed")
    visitor.page.wait_for_timeout(300)
    assert visitor.read("val-loss") == loss


def test_the_test_set_is_covered_until_opened_and_says_how_often_it_was(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp?dataset=iris&hidden=8&lr=0.3")
    visitor.play(epochs=5)
    visitor.pause()
    assert "Test accuracy" not in visitor.page.get_by_test_id("mlp").inner_text()
    visitor.press("open-test")
    visitor.until(lambda: "Test accuracy" in visitor.page.get_by_test_id("test-result").inner_text(), "it is opened")
    visitor.until(lambda: "opened once" in visitor.page.get_by_test_id("mlp").inner_text(), "the opening is counted")
    visitor.press("open-test")
    visitor.until(lambda: "opened 2 times" in visitor.page.get_by_test_id("mlp").inner_text(), "the next one, too")


def test_steps_that_were_too_long_are_said_and_one_button_recovers(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp?dataset=plane&activation=identity&lr=10&optimizer=momentum")
    visitor.press("play")
    visitor.until(lambda: visitor.status() == "diverged", "it diverges")
    assert "no longer a finite number" in visitor.page.get_by_test_id("notice").inner_text()
    visitor.shoot("mlp-diverged")
    visitor.press("restore")
    visitor.until(lambda: visitor.status() in ("paused", "ready"), "it is back")
    visitor.until(lambda: visitor.number("data-lr") < 10, "the learning rate follows")
    visitor.until(lambda: "lr=10&" not in visitor.page.url, "the page's own control follows")
    step = visitor.step()
    visitor.press("play")
    visitor.until(lambda: visitor.step() > step, "it learns on")
