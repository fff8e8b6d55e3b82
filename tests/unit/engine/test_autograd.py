"""Gradients of torch's own autograd in double precision against those written out by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.engine import autograd
from playground.functional.activations import ACTIVATIONS
from playground.functional.backward import one_step
from playground.functional.losses import LOSSES

OUTPUTS = {"binary": 1, "classes": 3, "regression": 1}
PAIRS = [(loss, task) for loss, entry in LOSSES.items() for task in sorted(entry.tasks)]


def network(outputs: int) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(3)
    sizes = (2, 4, 3, outputs)
    weights = [rng.normal(0, 0.7, (b, a)) for a, b in itertools.pairwise(sizes)]
    return weights, [rng.normal(0, 0.4, b) for b in sizes[1:]], rng.normal(0, 1, (9, 2))


def compared(activation: str, loss: str, task: str, rtol: float = 1e-10) -> None:
    weights, biases, x = network(OUTPUTS[task])
    rng = np.random.default_rng(4)
    t = np.eye(3)[rng.integers(0, 3, 9)] if task == "classes" else rng.integers(0, 2, (9, 1)).astype(float)
    step = one_step(weights, biases, x, t, activation=activation, loss=loss, lr=0.1)
    by_weight, by_bias = autograd.gradients(weights, biases, x, t, activation, loss)
    for layer, ours in enumerate(step.layers):
        assert by_weight[layer].dtype == np.float64
        np.testing.assert_allclose(ours.weight_gradients, by_weight[layer], rtol=rtol, atol=1e-14)
        np.testing.assert_allclose(ours.bias_gradients, by_bias[layer], rtol=rtol, atol=1e-14)


@pytest.mark.parametrize("activation", [name for name, entry in ACTIVATIONS.items() if entry.trainable])
def test_every_activation_by_hand_is_that_of_autograd(activation: str) -> None:
    # Torch holds the 1/6 of the hard sigmoid's slope in single precision, whatever the precision of its input.
    compared(activation, "cross_entropy", "binary", 1e-6 if activation == "hard_sigmoid" else 1e-10)


@pytest.mark.parametrize(("loss", "task"), PAIRS)
def test_every_loss_by_hand_is_that_of_autograd(loss: str, task: str) -> None:
    compared("tanh", loss, task)


def test_what_torch_has_no_counterpart_for_or_is_too_large_is_refused_in_words() -> None:
    weights, biases, x = network(1)
    t = np.ones((9, 1))
    with pytest.raises(InputError, match="nothing in torch"):
        autograd.gradients(weights, biases, x, t, "tanh", "focal")
    with pytest.raises(InputError, match="nothing in torch"):
        autograd.gradients(weights, biases, x, t, "step", "mse")
    with pytest.raises(InputError, match="too large"):
        autograd.gradients(
            [np.ones((3000, 3000))], [np.ones(3000)], np.ones((3, 3000)), np.ones((3, 3000)), "tanh", "mse"
        )
