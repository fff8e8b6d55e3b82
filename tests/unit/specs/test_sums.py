"""Sums as they may be asked for: three numbers a neuron, a link that restores them, and training."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.functional.sums import TARGETS
from playground.specs.sums import LARGEST, MOST, STEEPEST, SumsSpec


@pytest.mark.parametrize(
    ("neurons", "said"),
    [
        ((), "write three for each"),
        ((1.0, 2.0), "2 numbers"),
        ((5.0, 1.0, 1.0), "neuron 1 stands at 5"),
        ((0.0, 1.0, 1.0, 0.0, 1.0, -4.5), "neuron 2 has the output weight -4.5"),
        ((0.0, 17.0, 1.0), "outside what is allowed"),
        ((0.0, 1.0, 1.0) * (MOST + 1), "too many"),
    ],
)
def test_wrong_neurons_are_refused_in_words(neurons: tuple[float, ...], said: str) -> None:
    with pytest.raises(SpecError, match=said) as caught:
        SumsSpec(neurons=neurons).checked()
    assert caught.value.field == "neurons"


def test_a_link_restores_the_neurons() -> None:
    spec = SumsSpec(target="zigzag", activation="relu", neurons=(-1.25, 0.5, -3.875, 2.0, -16.0, 0.125)).checked()
    assert SumsSpec.from_query(spec.to_query()) == (spec, [])


def test_the_longest_link_is_not_cut() -> None:
    spec = SumsSpec(neurons=(-3.123, -15.999, -3.999) * MOST)
    assert SumsSpec.from_query(spec.to_query()) == (spec, [])


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_training_reduces_the_error_and_stays_within_the_bounds(activation: str, target: str) -> None:
    spec = SumsSpec(target=target, activation=activation, neurons=(-2.0, 2.0, 0.5, 0.0, 2.0, -0.5, 2.0, 2.0, 0.5))
    trained = spec.replace(neurons=spec.trained()).checked("public")
    assert trained.error() < 0.8 * spec.error()
    assert (np.abs(trained.rows()) <= [4.0, STEEPEST, LARGEST]).all()


def test_training_gets_where_two_sigmoids_can_get() -> None:
    spec = SumsSpec()
    assert spec.error() > 0.1
    assert spec.replace(neurons=spec.trained()).error() < 0.001
    assert spec.replace(steps=1, neurons=spec.replace(steps=1).trained()).error() > 0.05, "one step is not a fit"


def test_a_step_is_trained_in_its_output_weights_alone() -> None:
    spec = SumsSpec(activation="step")
    trained = spec.replace(neurons=spec.trained())
    np.testing.assert_array_equal(trained.rows()[:, :2], spec.rows()[:, :2])
    assert trained.error() < spec.error()
