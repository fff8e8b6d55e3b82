"""The view Sums: what the browser is given, the two fits, and what is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.functional import sums
from playground.functional.activations import ACTIVATIONS
from playground.functional.sums import TARGETS
from playground.specs.sums import SumsSpec
from playground.ui.parts import sums as part
from tests.pages.support import open_page, problems


def button(page: Any, label: str) -> Any:
    return next(item for item in page.button if item.label == label)


def linked_error(page: Any) -> float:
    spec, said = SumsSpec.from_query(dict(page.query_params))
    assert said == []
    return spec.error()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_browsers_table_gives_the_error_that_python_finds(activation: str) -> None:
    spec = SumsSpec(activation=activation, neurons=(-2.3, 16, 1, 0.5, -2, -0.6))
    header, blocks = unpack(part.frame(spec))
    x, table = sums.places(), blocks["table"].astype(np.float64)
    grid = np.linspace(-header["reach"], header["reach"], len(table))
    sum_of = sum(output * np.interp(slope * (x - place), grid, table) for place, slope, output in spec.rows())
    error = float(np.mean((sum_of - blocks["target"]) ** 2))
    assert error == pytest.approx(spec.error(), rel=2e-3, abs=1e-4)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_round_handle_never_lies_where_its_activation_is_zero(activation: str) -> None:
    """The hand sets the output weight by the height there, which is divided by the activation."""
    header, _ = unpack(part.frame(SumsSpec(activation=activation)))
    assert float(ACTIVATIONS[activation].function(np.array([header["bend"]]))[0]) > 0.5


@pytest.mark.parametrize("made", part.tries())
def test_every_try_is_valid_and_shows_what_it_says(made: dict[str, Any]) -> None:
    changes = made["changes"]
    spec = SumsSpec(**{**changes, "neurons": tuple(changes["neurons"])}).checked("public")
    assert set(changes) <= set(part._EDITS)
    line = sums.line_error(sums.places(), spec.wanted())
    trained = spec.replace(neurons=spec.trained()).error()
    assert trained > 0.99 * line if spec.activation == "identity" else trained < 0.4 * line


def test_fit_and_solve_reduce_the_error_and_the_link_holds_what_they_found() -> None:
    page = open_page("activations", v="sums1")
    assert problems(page) == []
    before = linked_error(page)
    button(page, "Solve weights").click().run()
    solved = linked_error(page)
    assert solved < 0.6 * before
    assert page.query_params["neurons"].startswith("-2,4,"), "kinks and slopes stay"
    button(page, "Fit them for me").click().run()
    assert linked_error(page) < 0.05 * solved
    assert problems(page) == []


def test_the_fits_obey_a_lesson() -> None:
    page = open_page("activations", v="sums1", lock="neurons")
    assert button(page, "Fit them for me").disabled and button(page, "Solve weights").disabled
    hidden = open_page("activations", v="sums1", hide="neurons")
    assert "Fit them for me" not in [item.label for item in hidden.button]
    assert problems(hidden) == []


@pytest.mark.parametrize(("activation", "said"), [("identity", "again one line"), ("step", "no slope to follow")])
def test_what_an_activation_cannot_do_is_said(activation: str, said: str) -> None:
    page = open_page("activations", v="sums1", activation=activation)
    assert any(said in item.value for item in page.markdown)


@pytest.mark.parametrize("target", TARGETS)
def test_the_page_says_the_error_of_what_it_shows(target: str) -> None:
    spec = SumsSpec(target=target)
    assert f"is {spec.error():.3g};" in part.what_you_see(spec)
    assert problems(open_page("activations", v="sums1", target=target)) == []


def test_neurons_that_are_typed_wrongly_are_refused_in_words() -> None:
    page = open_page("activations", v="sums1", all="1")
    field = next(item for item in page.text_input if item.label == "Neurons")
    field.set_value("0, 1").run()
    assert any("write three for each" in item.value for item in page.error)
    next(item for item in page.text_input if item.label == "Neurons").set_value("0, 1, 1").run()
    assert page.query_params["neurons"] == "0,1,1"
    assert not page.error
