"""Depth: a gain on the weights, and the two factors of every layer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.core.seed import Stream, generator
from playground.functional.activations import ACTIVATIONS
from playground.functional.depth import gradient_through_depth
from playground.functional.initial import INITIALISERS, draw_biases


@pytest.mark.parametrize(
    ("activation", "gain", "biases"), [("tanh", 1.7, False), ("silu", 0.6, True), ("relu", 2.0, True)]
)
def test_gain_and_biases_are_those_of_the_network_that_autograd_sees(
    activation: str, gain: float, biases: bool
) -> None:
    layers, width, seed = 4, 10, 5
    depth = gradient_through_depth(activation, "he_uniform", layers, width, seed, samples=16, biases=biases, gain=gain)
    h = torch.from_numpy(generator(seed, Stream.DATA).normal(0.0, 1.0, (16, width))).requires_grad_()
    act = getattr(torch.nn.functional, activation)
    sums, outputs = [], []
    for layer in range(layers):
        w = gain * INITIALISERS["he_uniform"].draw(width, width, generator(seed, Stream.WEIGHTS, layer))
        b = draw_biases(width, generator(seed, Stream.WEIGHTS, layer, 1)) if biases else np.zeros(width)
        z = h @ torch.from_numpy(w).T + torch.from_numpy(b)
        z.retain_grad()
        h = act(z)
        sums.append(z)
        outputs.append(h)
    h.backward(torch.from_numpy(generator(seed, Stream.NOISE).normal(0.0, 1.0, (16, width)) / 16))
    gradients = [float(torch.sqrt((z.grad**2).mean())) for z in sums]
    np.testing.assert_allclose(depth.gradients, gradients, rtol=1e-10)
    np.testing.assert_allclose(
        depth.signals, [float(torch.sqrt((h.detach() ** 2).mean())) for h in outputs], rtol=1e-10
    )


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "step"])
def test_the_two_factors_of_a_layer_are_all_that_happens_to_a_gradient(activation: str) -> None:
    depth = gradient_through_depth(activation, "he_normal", 12, 24, 2, gain=0.9, biases=True)
    products = depth.gradients[1:] * depth.stretch[1:] * depth.passed[:-1]
    np.testing.assert_allclose(depth.gradients[:-1], products, rtol=1e-10)


def test_of_a_relu_the_gain_is_a_factor_at_every_layer() -> None:
    plain, strong = (gradient_through_depth("relu", "he_normal", 15, 40, 1, gain=gain) for gain in (1.0, 1.5))
    np.testing.assert_allclose(strong.stretch, 1.5 * plain.stretch, rtol=1e-9)
    np.testing.assert_allclose(strong.passed, plain.passed, rtol=1e-9)
    assert strong.factor == pytest.approx(1.5 * plain.factor)
    level = gradient_through_depth("relu", "he_normal", 15, 40, 1, gain=1.0 / plain.factor)
    assert level.gradients[0] == pytest.approx(level.gradients[-1])


def test_with_weights_of_zero_it_is_the_weights_that_let_nothing_through() -> None:
    depth = gradient_through_depth("tanh", "zeros", 6, 8, 1, biases=True)
    assert depth.distinct.tolist() == [1] * 6, "no biases are drawn beside zeros"
    np.testing.assert_allclose(depth.passed, 1.0, rtol=0.2)
    assert (depth.stretch == 0).all()
    assert (depth.gradients[:-1] == 0).all()


def test_where_the_slopes_let_nothing_through_the_weights_still_say_what_they_would_do() -> None:
    depth = gradient_through_depth("step", "glorot_normal", 6, 64, 1)
    assert (depth.passed == 0).all()
    np.testing.assert_allclose(depth.stretch, 1.0, rtol=0.1)
