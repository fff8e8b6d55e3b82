"""The multilayer perceptron's page in a browser: train, interfere, stand still, go back, leave and return."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.e2e.support import Server, Visitor

SETTINGS: dict[str, str] = {}  # a server of its own: a test ends its trainer

Arrive = Callable[..., Visitor]


def test_a_deep_link_is_the_first_page_a_fresh_server_serves(arrive: Arrive, server: Server) -> None:
    # The file's first test: nothing else has been asked of this server yet.
    assert server.trainers() == []
    visitor = arrive()
    page = visitor.open("/mlp")
    assert page.locator("h1").inner_text() == "Multilayer perceptron"
    # The menu is ours, on top; Streamlit's own multipage mode would have put file names into a side bar.
    assert page.get_by_test_id("stTopNavLink").first.inner_text().endswith("Deep Learning Playground")
    assert page.get_by_test_id("stSidebarNav").count() == 0
    assert "Train" in page.get_by_test_id("stTopNav").inner_text()
    assert len(visitor.pixels()) >= 2
    assert all(colours > 50 for colours, _ in visitor.pixels())
    assert (visitor.status(), visitor.epoch(), visitor.step()) == ("ready", 0, 0)
    assert visitor.loss() > 0
    visitor.shoot("mlp-1280-light")


def test_play_learns_pause_stands_still_and_reset_returns_to_the_same_picture(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp?lr=0.1")
    loss, picture = visitor.read("val-loss"), visitor.pixels()
    visitor.play(epochs=2)
    visitor.until(lambda: visitor.loss() < float(loss) / 2, "the validation loss halves")
    visitor.pause()
    assert visitor.read("play") == "Play"
    stands = (visitor.step(), visitor.read("val-loss"), visitor.pixels())
    visitor.page.wait_for_timeout(600)  # long enough for ten frames, were it not standing
    assert (visitor.step(), visitor.read("val-loss"), visitor.pixels()) == stands
    assert visitor.pixels() != picture
    visitor.press("reset")
    visitor.until(lambda: visitor.step() == 0, "it is back at its beginning")
    visitor.until(lambda: visitor.read("val-loss") == loss, f"the first loss {loss} is back")
    visitor.until(lambda: visitor.pixels() == picture, "the first picture is back")


def test_step_is_one_batch_and_epoch_one_pass(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp?samples=500&train_share=50&batch_size=10")
    for number in (1, 2):
        visitor.press("step")
        visitor.until(lambda number=number: visitor.step() == number, f"step {number} is done")
    assert visitor.epoch() == 0
    visitor.press("epoch")
    visitor.until(lambda: visitor.epoch() == 1 and visitor.status() == "paused", "the epoch is through")
    assert visitor.step() == 25  # 250 training samples in batches of 10
    visitor.press("epoch")
    visitor.until(lambda: visitor.epoch() == 2 and visitor.status() == "paused", "the next epoch is through")
    assert visitor.step() == 50


def test_the_learning_rate_moves_mid_run_without_a_reset(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp")
    run = visitor.query()["run"]
    visitor.play(epochs=3)
    before = visitor.epoch()
    assert visitor.number("data-lr") == 0.03
    visitor.slider("Learning rate").focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.until(lambda: visitor.number("data-lr") == 0.1, "the run has the new learning rate")
    assert visitor.status() == "playing"
    assert visitor.epoch() >= before
    visitor.until(lambda: visitor.query()["lr"] == "0.1", "the link has it too")
    assert visitor.query()["run"] == run
    after = visitor.epoch()
    visitor.until(lambda: visitor.epoch() > after, "it trains on")


def test_another_activation_starts_again_and_plays_on(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    visitor.play(epochs=30)
    page.get_by_role("combobox", name="Activation").click()
    page.get_by_role("option", name="ReLU", exact=True).click()
    visitor.until(lambda: 0 <= visitor.epoch() < 30, "it starts again")
    visitor.until(lambda: visitor.status() == "playing" and visitor.epoch() > 0, "it plays on")
    visitor.until(lambda: visitor.query()["activation"] == "relu", "the link has it")


def test_a_run_goes_on_while_its_visitor_is_on_another_page(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    visitor.play()
    run, left = visitor.query()["run"], visitor.epoch()
    page.get_by_test_id("stTopNavLink").first.click()
    page.wait_for_selector("h1:has-text('Deep Learning Playground')")
    visitor.until(lambda: visitor.root().count() == 0, "the canvas is gone")
    visitor.until(lambda: visitor.server.health()["training"] >= 1, "it trains meanwhile")
    page.wait_for_timeout(1500)
    page.get_by_test_id("stTopNavSection").get_by_text("Train", exact=True).click()
    page.get_by_role("menuitem", name="Multilayer perceptron").click()
    page.wait_for_selector("h1:has-text('Multilayer perceptron')")
    visitor.await_picture()
    assert visitor.query()["run"] == run
    assert visitor.status() == "playing"
    back = visitor.epoch()
    assert back > left
    visitor.until(lambda: visitor.epoch() > back, "it trains on")


def test_a_reload_keeps_the_run(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    visitor.play(epochs=2)
    run, left = visitor.query()["run"], visitor.epoch()
    page.reload()
    page.wait_for_selector("[data-testid=stMain] h1")
    visitor.await_picture()
    assert visitor.query()["run"] == run
    assert visitor.status() == "playing"
    assert visitor.epoch() >= left


def test_layers_and_units_are_edited_on_the_canvas(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp?hidden=4,2")

    def wanted(hidden: str) -> None:
        visitor.until(lambda: visitor.query()["hidden"] == hidden, f"the link says {hidden}")
        widths = [int(width) for width in hidden.split(",")]
        last = page.get_by_test_id(f"unit-{len(widths)}-{widths[-1] - 1}")
        visitor.until(lambda: last.count() == 1, f"the picture has {hidden}")
        typed = page.get_by_role("textbox", name="Hidden layers")
        visitor.until(lambda: typed.input_value().replace(" ", "") == hidden, f"the field says {hidden}")

    visitor.press("unit-add-0")
    wanted("5,2")
    visitor.press("unit-remove-1")
    wanted("5,1")
    visitor.press("layer-add")
    wanted("5,1,1")
    visitor.press("layer-remove")
    visitor.press("layer-remove")
    wanted("5")
    page.get_by_role("textbox", name="Hidden layers").fill("3 3")
    page.keyboard.press("Enter")
    wanted("3,3")
    visitor.play()


def test_hovering_a_unit_shows_its_card(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp?hidden=4,2")
    card = page.get_by_test_id("card")
    assert not card.is_visible()
    place = page.get_by_test_id("unit-1-2").bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    card.wait_for(state="visible")
    assert "Layer 1, unit 3" in card.inner_text()
    assert "bias" in card.inner_text()
    assert visitor.read("output-title") == "Layer 1, unit 3"
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")
    page.get_by_test_id("unit-0-0").focus()
    page.keyboard.press("ArrowRight")  # with the keyboard, from unit to unit
    visitor.until(lambda: card.is_visible() and "Layer 1, unit 1" in card.inner_text(), "the card of the next column")


def test_the_keyboard_plays_steps_and_resets(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("ArrowRight")
    visitor.until(lambda: visitor.step() == 1, "arrow right does one step")
    page.keyboard.press("Shift+ArrowRight")
    visitor.until(lambda: visitor.epoch() == 1 and visitor.status() == "paused", "with shift it does an epoch")
    page.keyboard.press("Space")
    visitor.until(lambda: visitor.status() == "playing" and visitor.epoch() > 1, "space plays")
    page.keyboard.press("Space")
    visitor.until(lambda: visitor.status() == "paused", "space pauses")
    page.keyboard.press("r")
    visitor.until(lambda: visitor.step() == 0, "R goes back")
    page.get_by_role("textbox", name="Hidden layers").focus()
    page.keyboard.type("r")
    assert page.get_by_role("textbox", name="Hidden layers").input_value().endswith("r")  # who types is left alone
    assert visitor.step() == 0


def test_the_speed_control_goes_from_a_step_a_second_to_flat_out(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    slider = page.get_by_test_id("speed")
    slider.fill("0")
    assert slider.get_attribute("aria-valuetext") == "1 step/s"
    visitor.press("play")
    visitor.until(lambda: visitor.step() >= 1, "the first step")
    first, began = visitor.step(), time.monotonic()
    visitor.until(lambda: visitor.step() >= first + 2, "two more")
    assert time.monotonic() - began > 1.0
    assert visitor.epoch() == 0
    slider.fill("60")
    assert slider.get_attribute("aria-valuetext") == "flat out"
    visitor.until(lambda: visitor.epoch() >= 2, "it is fast again")


def test_a_loss_that_explodes_is_said_and_taken_back(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp?dataset=plane&activation=identity&lr=10")
    visitor.press("play")
    visitor.until(lambda: visitor.status() == "diverged", "the loss explodes")
    notice = page.get_by_test_id("notice")
    assert "learning rate" in notice.inner_text().lower()
    visitor.shoot("mlp-diverged")
    visitor.press("restore")
    visitor.until(lambda: visitor.status() in ("ready", "paused"), "it is back at its last finite state")
    notice.wait_for(state="hidden")
    assert visitor.loss() < 1e9


def test_weights_and_gradients_open_below_the_network(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    visitor.press("epoch")
    visitor.until(lambda: visitor.epoch() == 1, "an epoch")
    visitor.press("drawer")
    sheet = page.locator(".drawer canvas")
    visitor.until(lambda: sheet.is_visible() and sheet.bounding_box()["height"] > 40, "the histograms have room")
    visitor.until(lambda: visitor.pixels(".drawer canvas")[0][0] > 3, "they are drawn")
    visitor.shoot("mlp-drawer")
