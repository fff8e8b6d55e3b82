"""The view Depth: what is said about a network, what the browser is given, and what the picture may change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.specs.depth import COMPARED, DepthSpec
from playground.ui.parts import depth as part
from tests.pages.support import open_page, problems


def sent(spec: DepthSpec) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return unpack(part.frame(spec, spec.measured(), spec.compared()))


def words(**fields: Any) -> str:
    spec = DepthSpec(**fields)
    return part.advice(spec, spec.measured())


@pytest.mark.parametrize("init", INITIALISERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_network_has_finite_curves_and_words(activation: str, init: str) -> None:
    for gain in (0.1, 5.0):
        spec = DepthSpec(activation=activation, init=init, gain=gain, layers=30, width=8, compare="none")
        header, blocks = sent(spec)
        assert all(np.isfinite(block).all() for block in blocks.values())
        assert blocks["gradient"].shape == (30,)
        assert header["words"].endswith(".")
        assert "nan" not in str(header).lower() and "inf" not in str(header["facts"])
        assert "nan" not in part.what_you_see(spec, spec.measured()) + "".join(part.product(spec, spec.measured()))


def test_sizes_are_multiples_of_that_in_the_last_layer() -> None:
    header, blocks = sent(DepthSpec())
    assert blocks["gradient"][-1] == 0
    steps = np.diff(blocks["gradient"])
    np.testing.assert_allclose(-steps, blocks["stretch"][1:] + blocks["passed"][:-1], atol=1e-5)
    assert header["factor"] == pytest.approx(10 ** float(-steps.mean()), rel=1e-3)
    assert header["arrives"] in str(header["facts"])


@pytest.mark.parametrize("compare", COMPARED)
def test_what_is_compared_differs_in_one_thing(compare: str) -> None:
    spec = DepthSpec(activation="relu", init="glorot_uniform", compare=compare)
    found = spec.compared()
    expected = {
        "suited": {"He normal"},
        "inits": {one.title for name, one in INITIALISERS.items() if name not in ("glorot_uniform", "zeros")},
        "activations": {"Tanh", "Sigmoid", "GELU", "SiLU", "Leaky ReLU"},
        "none": set(),
    }
    assert set(found) == expected[compare]
    header, blocks = sent(spec)
    assert header["compared"] == list(found)
    assert blocks["compared"].shape == (len(found), 20)


def test_what_suits_it_is_not_compared_with_itself() -> None:
    assert DepthSpec(activation="relu", init="he_normal", compare="suited").compared() == {}
    assert set(DepthSpec(activation="relu", init="he_normal", gain=2, compare="suited").compared()) == {"He normal"}


def test_vanishing_exploding_and_equal_units_are_named_with_what_to_try() -> None:
    assert "vanishes" in words() and "Tanh with Glorot" in words()
    exploding = words(activation="relu", init="he_normal", gain=2.0)
    assert "explodes" in exploding and "He normal at gain 1" in exploding
    fading = words(activation="relu", init="glorot_uniform")
    assert "vanishes" in fading and "a gain near 1.4" in fading
    assert "count as one" in words(activation="tanh", init="zeros")
    assert "nearly cancel" in words(activation="relu", init="he_normal")
    assert "slope is 0" in words(activation="step")
    assert "Add layers" in words(layers=1)
    assert "LeCun normal" in words(activation="selu", init="uniform", width=100)


def test_the_gain_that_is_advised_is_the_right_one() -> None:
    spec = DepthSpec(activation="relu", init="glorot_uniform")
    advised = float(part.advice(spec, spec.measured()).rpartition("a gain near ")[2].rstrip("."))
    assert spec.replace(gain=advised).measured().factor == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("made", part.tries())
def test_every_try_is_a_valid_experiment_of_fields_that_the_picture_may_change(made: dict[str, Any]) -> None:
    DepthSpec(**made["changes"]).checked("public")
    assert set(made["changes"]) <= set(part._EDITS)


def test_the_page_draws_it_and_the_gain_slider_moves_it() -> None:
    page = open_page("activations", v="depth1")
    assert problems(page) == []
    next(item for item in page.slider if item.label == "Gain (×)").set_value(2.0).run()
    assert problems(page) == []
    assert page.query_params["gain"] == "2"
    assert any("gain 2:" in item.value for item in page.markdown)
