"""The one-step experiment: weights given or drawn, a batch of whole samples, and what may not be asked."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.specs.backpropagation import BackpropagationSpec

NETWORKS = [(), (1,), (3,), (4, 4), (1, 2)]


def count(spec: BackpropagationSpec) -> int:
    weights, biases = spec.parameters()
    return sum(array.size for array in (*weights, *biases))


@pytest.mark.parametrize("hidden", NETWORKS)
def test_drawn_weights_fit_the_network_and_are_tenths(hidden: tuple[int, ...]) -> None:
    spec = BackpropagationSpec(hidden=hidden).checked()
    weights, biases = spec.parameters()
    assert [matrix.shape for matrix in weights] == list(zip(spec.sizes[1:], spec.sizes[:-1], strict=True))
    assert [vector.shape for vector in biases] == [(units,) for units in spec.sizes[1:]]
    for array in (*weights, *biases):
        np.testing.assert_allclose(array, np.round(array, 1))
    again = BackpropagationSpec(hidden=hidden).parameters()[0]
    np.testing.assert_array_equal(again[0], weights[0])
    other = BackpropagationSpec(hidden=hidden, seed=5).parameters()[0]
    assert not np.array_equal(other[0], weights[0]), "another seed draws others"


@pytest.mark.parametrize("hidden", NETWORKS)
def test_given_weights_are_layer_by_layer_the_biases_last(hidden: tuple[int, ...]) -> None:
    numbers = tuple(float(k + 1) for k in range(count(BackpropagationSpec(hidden=hidden))))
    weights, biases = BackpropagationSpec(hidden=hidden, weights=numbers).checked().parameters()
    flat = [float(x) for pair in zip(weights, biases, strict=True) for array in pair for x in array.ravel()]
    assert tuple(flat) == numbers


def test_a_link_restores_weights_and_batch() -> None:
    spec = BackpropagationSpec(
        hidden=(4, 4), weights=tuple(round(0.123456 * k - 2, 6) for k in range(37)), batch=(0.5, -1, 1) * 8, taken=7
    ).checked()
    found, problems = BackpropagationSpec.from_query(spec.to_query())
    assert problems == []
    assert found.batch == spec.batch and found.taken == 7
    np.testing.assert_allclose(found.weights, spec.weights)


def test_the_longest_link_is_read_to_its_end() -> None:
    """Links are read up to 500 letters a field; what the picture sends has six digits each."""
    longest = BackpropagationSpec(hidden=(4, 4), weights=(-0.00123456,) * 37, batch=(-0.12345,) * 24)
    assert all(len(text) <= 500 for text in longest.to_query().values())


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"weights": (1.0, 2.0)}, "weights", "which has 13 weights and biases"),
        ({"hidden": (2,), "weights": (1.0,) * 13}, "weights", "2-2-1"),
        ({"batch": (1.0, 2.0)}, "batch", "no whole samples"),
        ({"batch": ()}, "batch", "no whole samples"),
        ({"batch": (1.0,) * 27}, "batch", "too many"),
        ({"loss": "cross_entropy", "batch": (1, 1, 2)}, "batch", "targets from 0 to 1"),
        ({"hidden": (5,)}, "hidden", "not allowed"),
        ({"hidden": (2, 2, 2)}, "hidden", "too many"),
        ({"weights": (float("nan"),) * 13}, "weights", "not a number"),
        ({"activation": "step"}, "activation", "Unknown"),
    ],
)
def test_what_cannot_be_is_said_in_words(wrong: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(SpecError, match=words) as caught:
        BackpropagationSpec().replace(**wrong).checked()
    assert caught.value.field == field


def test_a_seed_counts_only_where_weights_are_drawn() -> None:
    assert BackpropagationSpec().relevant("seed")
    assert not BackpropagationSpec(weights=(1.0,) * 13).relevant("seed")


def test_the_step_is_that_of_the_network() -> None:
    step = BackpropagationSpec().step()
    assert step.layers[0].inputs.shape == (4, 2) and step.targets.shape == (4, 1)
    assert step.new_loss < step.loss, "the page opens on a step that helps"
