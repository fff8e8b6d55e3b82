"""Links: a whole experiment in one, a hostile one, a teacher's, one for presenting, and the cards of the home page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.e2e.support import Visitor

Arrive = Callable[..., Visitor]

EXPERIMENT = {
    "dataset": "spiral",
    "noise": "0",
    "samples": "300",
    "hidden": "8,8",
    "activation": "relu",
    "optimizer": "adam",
    "lr": "0.01",
    "batch_size": "32",
    "seed": "7",
    "l2": "0.001",
    "dropout": "0.1",
    "all": "1",
}


def test_a_copied_link_restores_the_experiment_in_a_second_browser(arrive: Arrive) -> None:
    first = arrive()
    page = first.open("/mlp?" + urlencode(EXPERIMENT))
    assert first.warnings() == ""
    loss, picture = first.read("val-loss"), first.pixels()
    first.play(epochs=2)
    page.get_by_test_id("stPopoverButton").click()
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").first.inner_text().strip()
    assert link.startswith(first.server.url + "/mlp?")
    assert "run" not in parse_qs(urlsplit(link).query)  # a link is for everyone; the run is hers

    second = arrive()
    second.open(link)
    assert second.warnings() == ""
    assert {name: second.query()[name] for name in EXPERIMENT} == EXPERIMENT
    assert (second.status(), second.epoch()) == ("ready", 0)
    assert second.read("val-loss") == loss
    second.until(lambda: second.pixels() == picture, "the same first picture")
    assert second.query()["run"] != first.query()["run"]
    assert first.status() == "playing"


def test_somebody_elses_address_opens_the_settings_and_not_the_run(arrive: Arrive) -> None:
    first, second = arrive(), arrive()
    page = first.open("/mlp?dataset=moons&hidden=3")
    first.play(epochs=2)
    address = page.url
    second.open(address)
    assert second.query()["run"] != first.query()["run"]
    assert (second.query()["dataset"], second.query()["hidden"]) == ("moons", "3")
    assert (second.status(), second.epoch()) == ("ready", 0)


def test_hostile_values_are_said_in_words_and_the_page_works(arrive: Arrive) -> None:
    hostile = {
        "v": "mlp1",
        "dataset": "../../../etc/passwd",
        "noise": "1e999",
        "samples": "9" * 400,
        "train_share": "-0",
        "features": "x1,<b>",
        "hidden": "8,8,8",
        "activation": "<script>alert(1)</script>",
        "lr": "NaN",
        "optimizer": "adma",
        "seed": "-1",
        "batch_size": "1.5",
        "table": "../../x",
        "unknown": "' or 1=1 --",
        "run": "../../../etc/passwd",
        "title": "<img src=x onerror=alert(2)> [x](javascript:alert(3))",
        "question": "$\\href{javascript:alert(4)}{x}$",
        "hide": "nothing,<i>",
        "start": "x" * 2000,
    }
    visitor = arrive()
    dialogs: list[str] = []
    visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = visitor.open("/mlp?" + urlencode(hostile))
    said = visitor.warnings()
    for label in ("Data:", "Noise:", "Samples:", "Inputs:", "Activation:", "Learning rate:", "Optimizer:", "Seed:"):
        assert label in said
    assert "Did you mean 'adam'?" in said
    assert "Training share:" in said
    assert "Batch size:" in said
    query = visitor.query()
    assert (query["hidden"], query["lr"], query["dataset"]) == ("8,8,8", "0.03", "circle")
    assert "unknown" not in query
    assert page.locator("h1").inner_text() == hostile["title"]
    assert page.locator("img[onerror], a[href^=javascript]").count() == 0
    visitor.play()
    assert dialogs == []


def test_a_value_far_too_large_in_a_layer_list_is_refused(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.open("/mlp?hidden=" + ",".join(["64"] * 50))
    assert "Hidden layers:" in visitor.warnings()
    visitor.play()


def test_simple_and_all_controls(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    optimizer = page.get_by_role("combobox", name="Optimizer")
    assert optimizer.count() == 0
    page.get_by_text("All controls", exact=True).click()
    optimizer.wait_for()
    for label in ("Batch size", "L1", "L2", "Dropout", "Training share", "Samples"):
        assert visitor.slider(label).count() == 1
    visitor.until(lambda: visitor.query().get("all") == "1", "the link keeps it")
    visitor.shoot("mlp-all-controls")
    page.get_by_text("Simple", exact=True).click()
    optimizer.wait_for(state="detached")
    visitor.until(lambda: "all" not in visitor.query(), "the link keeps that too")


def test_a_teachers_link_hides_locks_and_titles(arrive: Arrive) -> None:
    lesson = {
        "title": "Monday: *bend* it",
        "question": "Which unit bends?",
        "hide": "hidden,lr",
        "lock": "activation,noise",
    }
    visitor = arrive()
    page = visitor.open("/mlp?" + urlencode(lesson))
    assert page.locator("h1").inner_text() == "Monday: *bend* it"
    assert page.get_by_text("Which unit bends?").is_visible()
    assert visitor.slider("Learning rate").count() == 0
    assert page.get_by_role("textbox", name="Hidden layers").count() == 0
    assert page.get_by_test_id("unit-add-0").count() == 0
    assert page.get_by_role("combobox", name="Activation").is_disabled()
    assert visitor.slider("Noise").is_disabled()
    assert {name: visitor.query()[name] for name in ("title", "question")} == {
        name: lesson[name] for name in ("title", "question")
    }
    visitor.play()
    visitor.shoot("mlp-lesson")


def test_a_lesson_is_made_on_the_page(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp")
    page.get_by_test_id("stPopoverButton").click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_text("Make it a lesson").click()
    body.get_by_role("textbox", name="Title").fill("Week 3")
    page.keyboard.press("Enter")
    codes = body.get_by_test_id("stCode")
    visitor.until(lambda: "title=Week" in codes.last.inner_text(), "the lesson's link has the title")
    pupil = arrive()
    pupil.open(codes.last.inner_text().strip())
    assert pupil.page.locator("h1").inner_text() == "Week 3"
    assert page.locator("h1").inner_text() == "Multilayer perceptron"


def test_presenting(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp?present=1")
    assert visitor.root().get_attribute("data-present") is not None
    assert page.get_by_test_id("stPopoverButton").count() == 0
    assert "Press Play" not in page.get_by_test_id("stMain").inner_text()
    assert page.get_by_test_id("play").bounding_box()["height"] >= 44
    visitor.play(epochs=20)
    visitor.shoot("mlp-present-1280")


def test_a_card_of_the_home_page_opens_its_experiment(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/")
    visitor.shoot("home-1280-light")

    def open_card(title: str) -> None:
        card = page.get_by_test_id("stVerticalBlock").filter(has=page.get_by_role("heading", name=title)).last
        card.get_by_role("link", name="Open").click()
        page.wait_for_selector("h1:has-text('Multilayer perceptron')")
        visitor.await_picture()

    open_card("The spiral")
    visitor.until(lambda: visitor.query().get("hidden") == "8,8,8", "the spiral's layers")
    assert visitor.query()["dataset"] == "spiral"
    page.get_by_test_id("stTopNavLink").first.click()
    page.wait_for_selector("h1:has-text('Deep Learning Playground')")
    open_card("Three classes")
    visitor.until(lambda: visitor.query().get("dataset") == "blobs", "the other card's data")
    page.get_by_test_id("unit-2-2").wait_for(state="attached")  # three outputs
    visitor.play()
