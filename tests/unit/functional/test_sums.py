"""Sums of a few neurons: the curve, its gradient, both fits, and what stays a line."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.functional import sums
from playground.functional.activations import ACTIVATIONS
from playground.functional.sums import TARGETS

X = sums.places()
NEURONS = np.array([[-1.3, 2.0, 0.8], [0.4, -1.5, 1.1], [2.2, 3.0, -0.7]])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "gelu", "identity"])
def test_sum_error_and_gradient_are_torchs(activation: str) -> None:
    theta = torch.from_numpy(NEURONS).requires_grad_()
    place, slope, output = theta[:, :1], theta[:, 1:2], theta[:, 2:]
    z = slope * (torch.from_numpy(X) - place)
    act = z if activation == "identity" else getattr(torch.nn.functional, activation)(z)
    wanted = TARGETS["sine"].function(X)
    loss = torch.nn.functional.mse_loss((output * act).sum(0), torch.from_numpy(wanted))
    loss.backward()
    assert sums.mean_squared_error(X, wanted, NEURONS, activation) == pytest.approx(float(loss.detach()), rel=1e-12)
    np.testing.assert_allclose(sums.gradient(X, wanted, NEURONS, activation), theta.grad.numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_lies_inside_the_picture(name: str) -> None:
    heights = TARGETS[name].function(X)
    assert heights.shape == X.shape
    assert heights.min() >= -1.5 and heights.max() <= 2
    assert np.ptp(heights) >= 0.9


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_solved_output_weights_are_the_best_for_these_kinks(activation: str, target: str) -> None:
    wanted = TARGETS[target].function(X)
    solved = sums.solve_outputs(X, wanted, NEURONS, activation, limit=100.0)
    np.testing.assert_array_equal(solved[:, :2], NEURONS[:, :2])
    error = sums.mean_squared_error(X, wanted, solved, activation)
    assert error <= sums.mean_squared_error(X, wanted, NEURONS, activation)
    np.testing.assert_allclose(sums.gradient(X, wanted, solved, activation)[:, 2], 0.0, atol=1e-6)


def test_output_weights_that_would_be_too_large_are_held_within_the_limit() -> None:
    twins = np.array([[0.0, 2.0, 1.0], [0.01, 2.0, 1.0]])
    wanted = TARGETS["bump"].function(X)
    assert np.abs(sums.solve_outputs(X, wanted, twins, "tanh", limit=1e9)[:, 2]).max() > 4
    held = sums.solve_outputs(X, wanted, twins, "tanh", limit=4.0)
    assert np.abs(held[:, 2]).max() <= 4
    assert sums.mean_squared_error(X, wanted, held, "tanh") < sums.mean_squared_error(X, wanted, twins, "tanh")


def test_without_an_activation_the_sum_is_a_line() -> None:
    total = sums.contributions(X, NEURONS, "identity").sum(axis=0)
    np.testing.assert_allclose(np.diff(total, 2), 0.0, atol=1e-12)
    solved = sums.solve_outputs(X, TARGETS["bump"].function(X), NEURONS, "identity", limit=100.0)
    error = sums.mean_squared_error(X, TARGETS["bump"].function(X), solved, "identity")
    assert error == pytest.approx(sums.line_error(X, TARGETS["bump"].function(X)), rel=1e-6)


def test_two_steps_make_a_bump() -> None:
    two = np.array([[-1.5, 16.0, 1.0], [1.5, 16.0, -1.0]])
    wanted = TARGETS["box"].function(X)
    assert sums.mean_squared_error(X, wanted, two, "sigmoid") < 0.01 < sums.line_error(X, wanted)
