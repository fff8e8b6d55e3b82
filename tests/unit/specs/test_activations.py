"""Activations side by side and one neuron, as experiments: what they make of their fields, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.functional.activations import ACTIVATIONS
from playground.specs.activations import ANSWERS, CORNERS, HEAVIEST, TASKS, WANTED, ActivationsSpec, NeuronSpec, right
from playground.specs.bounds import Range


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_parameter_of_an_activation_has_a_control_with_the_registrys_own_span(name: str) -> None:
    spec = ActivationsSpec(activation=name, compare=())
    for parameter, span in ACTIVATIONS[name].parameters.items():
        bound = spec.bounds()[parameter]
        assert isinstance(bound, Range)
        assert (bound.low, bound.high, getattr(spec, parameter)) == tuple(span)
        assert spec.relevant(parameter)
    others = {"slope", "a", "alpha", "beta"} - set(ACTIVATIONS[name].parameters)
    assert not any(spec.relevant(other) for other in others)
    assert spec.parameters(name).keys() == ACTIVATIONS[name].parameters.keys()


def test_the_parameter_of_a_compared_activation_can_be_set_too() -> None:
    spec = ActivationsSpec(activation="relu", compare=("elu", "tanh"), alpha=2)
    assert spec.relevant("alpha")
    assert spec.parameters("elu") == {"alpha": 2}
    assert spec.parameters("relu") == {}


def test_an_activation_is_never_drawn_twice() -> None:
    assert ActivationsSpec(activation="relu", compare=("tanh", "relu")).drawn() == ("relu", "tanh")


@pytest.mark.parametrize("compare", [(), ("tanh",), ("selu", "relu", "mish")])
def test_a_link_restores_what_is_compared(compare: tuple[str, ...]) -> None:
    spec = ActivationsSpec(activation="elu", alpha=0.5, compare=compare, x=-1.25).checked()
    assert ActivationsSpec.from_query(spec.to_query()) == (spec, [])


@pytest.mark.parametrize(
    ("spec", "field", "said"),
    [
        (ActivationsSpec(compare=("relu", "tanh", "elu", "selu")), "compare", "at most 3"),
        (ActivationsSpec(compare=("rely",)), "compare", "unknown"),
        (ActivationsSpec(x=float("nan")), "x", "not a number"),
        (ActivationsSpec(alpha=0), "alpha", "outside"),
        (NeuronSpec(w1=5), "w1", "from -4 to 4"),
        (NeuronSpec(task="nand"), "task", "nand"),
    ],
)
def test_what_cannot_be_is_refused_and_names_its_field(spec: Any, field: str, said: str) -> None:
    with pytest.raises(SpecError, match=said) as caught:
        spec.checked()
    assert caught.value.field == field


def test_a_neuron_sums_its_weighted_inputs_and_its_bias() -> None:
    assert NeuronSpec(w1=0.8, x1=1.5, w2=-0.4, x2=0.5, bias=0.2).sum() == pytest.approx(1.2)


@pytest.mark.parametrize(("task", "most"), [("and", 4), ("or", 4), ("xor", 3)])
def test_one_line_does_and_and_or_but_never_xor(task: str, most: int) -> None:
    weights = np.linspace(-HEAVIEST, HEAVIEST, 17)
    assert max(right(task, w1, w2, bias) for w1 in weights for w2 in weights for bias in weights) == most
    assert right(task, *ANSWERS[task]) == most


def test_what_is_wanted_of_the_corners_is_the_truth_table() -> None:
    table = {"and": "0001", "or": "0111", "xor": "0110"}
    assert WANTED.keys() == TASKS.keys()
    for task, bits in table.items():
        assert "".join(str(int(wanted)) for wanted in WANTED[task]) == bits
    assert CORNERS == ((0, 0), (0, 1), (1, 0), (1, 1))
