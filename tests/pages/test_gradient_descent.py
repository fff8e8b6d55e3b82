"""The gradient descent page without a browser: every link opens, every bound holds, and what is wrong is said."""

from __future__ import annotations

from typing import Any

import pytest

from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES
from playground.specs.bounds import Range
from playground.specs.descent import OWN, DescentSpec
from playground.specs.hyper import join, setting
from playground.ui import controls
from playground.ui.controls import Edited
from playground.ui.parts import racers
from tests.pages.support import canvas_data, open_page, problems

PAGE = "gradient_descent"


def labels(page: Any) -> set[str]:
    kinds = ("slider", "select_slider", "selectbox", "text_input", "number_input")
    return {item.label for kind in kinds for item in getattr(page, kind)} - {"Title", "Question"}


def test_it_opens_with_an_example_that_arrives() -> None:
    page = open_page(PAGE)
    assert problems(page) == []
    words = " ".join(item.value for item in page.markdown)
    assert "is the first to stay within 0.04 of the bottom, from step" in words and "2 ÷" in words
    assert page.query_params["v"] == "descent1"
    assert page.query_params["lr"] == "0.001,0.1"
    assert "Rosenbrock" in canvas_data(page)


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface(name: str) -> None:
    page = open_page(PAGE, all="1", surface=name)
    assert problems(page) == []
    assert page.query_params["surface"] == name


@pytest.mark.parametrize("rule", RULES)
def test_every_optimizer_with_its_settings_at_both_bounds(rule: str) -> None:
    for side in ("low", "high"):
        items = [join(rule, name, getattr(setting(name), side)) for name in RULES[rule].hyper]
        page = open_page(PAGE, all="1", optimizer=rule, hyper=",".join(items) or "-", steps="40")
        assert problems(page) == []
        assert page.query_params["hyper"] == (",".join(items) or "-")


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule(name: str) -> None:
    page = open_page(PAGE, all="1", schedule=name)
    assert problems(page) == []
    assert page.query_params["schedule"] == name


def bounds() -> list[tuple[str, float]]:
    found = []
    for field, bound in DescentSpec.bounds().items():
        if isinstance(bound, Range):
            found += [(field, bound.low), (field, bound.top("local"))]
    return found


@pytest.mark.parametrize(("field", "value"), bounds())
def test_every_control_at_both_bounds(field: str, value: float) -> None:
    more = {"surface": OWN} if field == "extent" else {"noise": "1"} if field == "seed" else {}
    written = DescentSpec.bounds()[field].write(int(value) if value == int(value) else value)
    page = open_page(PAGE, all="1", **{**more, field: written})
    assert problems(page) == []
    assert page.query_params[field] == written


def test_a_typed_formula_is_walked() -> None:
    page = open_page(PAGE, all="1", surface=OWN, formula="x**2 + 3*y**2")
    assert problems(page) == []
    field = next(item for item in page.text_input if item.label == "Formula")
    field.set_value("sin(x) + y^2 + 0.1*x^2").run()
    assert problems(page) == []
    assert page.query_params["formula"] == "sin(x) + y^2 + 0.1*x^2"
    words = " ".join(item.value for item in page.markdown)
    assert "Your formula" in words


def test_a_wrong_formula_is_worded_and_pointed_at_the_field() -> None:
    page = open_page(PAGE, all="1", surface=OWN, formula="x**2 + 3*y**2")
    next(item for item in page.text_input if item.label == "Formula").set_value("x + sinn(y)").run()
    assert any("character 5" in item.value and "Did you mean 'sin'" in item.value for item in page.error)
    assert any(item.value == "x + sinn(y)\n    ^" for item in page.code)
    assert next(item for item in page.text_input if item.label == "Formula").value == "x + sinn(y)"
    assert page.query_params["formula"] == "x**2 + 3*y**2"  # the walk stays what it was
    next(item for item in page.text_input if item.label == "Formula").set_value("x + sin(y) + x*x").run()
    assert problems(page) == []


def test_bad_values_in_a_link_are_said_in_words_and_the_rest_is_kept() -> None:
    page = open_page(PAGE, surface="rosenbrok", optimizer="sgd,adma", lr="fast", hyper="adam.beta1=7", steps="77")
    said = " ".join(item.value for item in page.warning)
    for words in ("Did you mean 'rosenbrock'", "'adma' is unknown", "'fast' is not a number", "Adam, beta1"):
        assert words in said
    assert page.query_params["steps"] == "77"
    page = open_page(PAGE, surface=OWN, formula="__import__('os')")
    assert "no meaning here" in " ".join(item.value for item in page.warning)
    assert not page.exception


def test_simple_shows_few_controls_and_all_shows_the_rest() -> None:
    assert labels(open_page(PAGE)) == {"Steps", "Gradient noise"}  # beside surfaces and optimizers
    assert labels(open_page(PAGE, all="1", noise="1")) == {"Steps", "Gradient noise", "Start", "Schedule", "Seed"}


def test_a_lesson_hides_and_locks() -> None:
    page = open_page(PAGE, hide="noise,optimizer,lr,surface", lock="steps,start")
    assert problems(page) == []
    assert labels(page) == {"Steps"}
    assert next(item for item in page.select_slider if item.label == "Steps").disabled
    assert "Ravine" not in canvas_data(page)
    assert "start" in edits(open_page(PAGE))
    assert "start" not in edits(open_page(PAGE, lock="start")) and "lr" in edits(open_page(PAGE, lock="start"))


def edits(page: Any) -> str:
    """The fields that may be changed on the picture, as the canvas is told."""
    (told,) = [text for item in page.get("bidi_component") if '\\"frame\\"' in (text := str(item.proto))]
    return told.partition("edits")[2].partition("]")[0]


# -- the editor of optimizers, without its browser part


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Edited:
    found = Edited(DescentSpec(optimizer=("sgd", "adam"), lr=(0.001, 0.05)))
    monkeypatch.setattr("playground.ui.controls.state", lambda *_: found)
    monkeypatch.setattr("playground.ui.parts.racers.state", lambda *_: found)
    return found


def test_a_newcomer_gets_a_rate_that_suits_and_everyone_keeps_theirs(kept: Edited) -> None:
    racers.take("descent", {"optimizer": ["sgd", "adam", "momentum"]})
    assert isinstance(kept.spec, DescentSpec)
    assert (kept.spec.optimizer, kept.spec.lr) == (("sgd", "adam", "momentum"), (0.001, 0.05, 0.0))
    racers.take("descent", {"optimizer": ["adam", "momentum"]})
    assert (kept.spec.optimizer, kept.spec.lr) == (("adam", "momentum"), (0.05, 0.0))
    racers.take("descent", {"optimizer": ["momentum"]})
    assert kept.spec.lr == ()
    assert kept.notes == [] and kept.problems == {}


def test_what_the_editor_may_not_say_changes_nothing(kept: Edited) -> None:
    before = kept.spec
    for wrong in (["adma"], [], ["sgd", "adam", "nadam", "radam", "adamw"], [3]):
        racers.take("descent", {"optimizer": wrong})
        assert kept.spec == before and "optimizer" in kept.problems
    racers.take("descent", {"lr": [1, 2, 3]})
    racers.take("descent", {"hyper": ["adam.beta1=x"]})
    assert kept.spec == before and {"lr", "hyper"} <= kept.problems.keys()
    racers.take("descent", {"lr": [0.0, 0.1], "hyper": ["adam.beta1=0.5"]})
    assert isinstance(kept.spec, DescentSpec)
    assert (kept.spec.lr, kept.spec.hyper) == ((0.0, 0.1), ("adam.beta1=0.5",))


def hand(page: Any, monkeypatch: pytest.MonkeyPatch, **values: Any) -> Any:
    """Do something on the map, and run the page again."""
    edited = page.session_state[f"{Edited.__module__}.{Edited.__qualname__}/descent"]
    with monkeypatch.context() as patched:
        patched.setattr(controls, "state", lambda *_: edited)
        patched.setattr(controls, "mode", lambda: "local")
        controls.assign("descent", **values)
    return page.run()


def test_a_link_to_a_start_without_a_value_opens() -> None:
    page = open_page(PAGE, v="descent1", surface=OWN, formula="log(x)", start="0,0")
    assert len(problems(page)) == 1
    assert "no value at" in problems(page)[0]
    assert page.get("bidi_component")


def test_a_click_where_the_formula_has_no_value_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(PAGE, v="descent1", surface=OWN, formula="log(x) + y", start="1,2")
    assert problems(page) == []
    page = hand(page, monkeypatch, start=(-2.0, 1.0))
    assert "start" not in {item.label.lower() for item in page.text_input}  # no control speaks for it
    assert len(problems(page)) == 1 and "no value at" in problems(page)[0]
    assert page.query_params["start"] == "1,2" and page.get("bidi_component")
    page = page.run()
    assert len(problems(page)) == 1
    page = hand(page, monkeypatch, start=(2.0, 1.0))
    assert problems(page) == [] and page.query_params["start"] == "2,1"


def test_a_refused_click_is_forgotten_with_the_next_change_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(PAGE, v="descent1", surface=OWN, formula="log(x) + y", start="1,2")
    assert len(problems(hand(page, monkeypatch, start=(-2.0, 1.0)))) == 1
    assert problems(hand(page, monkeypatch, steps=40)) == []


def test_a_control_that_is_drawn_says_its_own_problem_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(PAGE, all="1", v="descent1", surface=OWN, formula="log(x) + y", start="1,2")
    page = hand(page, monkeypatch, start=(-2.0, 1.0))
    assert len(problems(page)) == 1
    page = hand(page, monkeypatch, lr=(11.0,))
    assert len(problems(page)) == 2


def test_a_formula_without_a_value_at_the_start_starts_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(PAGE, v="descent1", surface=OWN, formula="x^2 + y^2", start="-2,2")
    page = hand(page, monkeypatch, formula="sqrt(x)")
    assert page.query_params["formula"] == "sqrt(x)" and page.query_params["start"] == "-"
    assert len(problems(page)) == 1 and "set back to its default" in problems(page)[0]
    assert problems(page.run()) == []
