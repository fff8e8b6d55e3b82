"""Each activation against torch: its values, and its derivative against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS

# Dense around 0, every kink of the hard ones exactly, and far out.
POINTS = np.unique(np.concatenate([np.linspace(-8, 8, 321), [-3, -1, 0, 1, 3], np.geomspace(9, 1000, 40) * -1]))
POINTS = np.unique(np.concatenate([POINTS, -POINTS]))


def of_torch(name: str, x: torch.Tensor) -> torch.Tensor:
    """What torch makes of ``x`` with the activation of that name in the registry."""
    known = ACTIVATIONS[name].torch
    if not known:
        assert name == "identity", f"{name} names no counterpart in torch: give the test one"
        return x
    function = getattr(torch.nn.functional, known, None) or getattr(torch, known)
    # Torch's softplus is a straight line beyond 20 unless told otherwise.
    return function(x, threshold=40) if name == "softplus" else function(x)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_is_that_of_torch(name: str) -> None:
    expected = of_torch(name, torch.from_numpy(POINTS)).numpy()
    np.testing.assert_allclose(ACTIVATIONS[name].function(POINTS), expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_that_of_autograd(name: str) -> None:
    x = torch.from_numpy(POINTS).requires_grad_()
    (expected,) = torch.autograd.grad(of_torch(name, x).sum(), x)
    # Torch holds the 1/6 of the hard sigmoid's slope in single precision, whatever the precision of its input.
    rtol = 1e-7 if name == "hard_sigmoid" else 1e-9
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(POINTS), expected.numpy(), rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_the_slope_of_the_value(name: str) -> None:
    """Without torch: the difference quotient, away from kinks."""
    x, h = np.linspace(-6.013, 6.017, 400), 1e-6
    slope = (ACTIVATIONS[name].function(x + h) - ACTIVATIONS[name].function(x - h)) / (2 * h)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(x), slope, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_precision_and_shape_are_kept_and_far_values_are_finite(name: str, dtype: type[np.floating]) -> None:
    x = np.array([[-1000, -100, -1, 0], [0.5, 1, 90, 1000]], dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for result in (ACTIVATIONS[name].function(x), ACTIVATIONS[name].derivative(x)):
            assert result.dtype == dtype
            assert result.shape == x.shape
            assert np.isfinite(result).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_single_precision_is_close_to_double(name: str) -> None:
    x = np.linspace(-20.1, 20.1, 1000)
    for function in (ACTIVATIONS[name].function, ACTIVATIONS[name].derivative):
        np.testing.assert_allclose(function(x.astype(np.float32)), function(x), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_input_is_left_as_it_was(name: str) -> None:
    x = POINTS.copy()
    assert not np.shares_memory(ACTIVATIONS[name].function(x), x)
    ACTIVATIONS[name].derivative(x)
    np.testing.assert_array_equal(x, POINTS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_entry_names_an_initialisation_and_a_formula(name: str) -> None:
    entry = ACTIVATIONS[name]
    assert entry.init in INITIALISERS
    assert entry.formula
    assert entry.formula.count("{") == entry.formula.count("}")
    assert entry.source[-4:].isdigit(), "a source ends with its year"


def test_the_best_known_come_first() -> None:
    assert list(ACTIVATIONS)[:6] == ["relu", "tanh", "sigmoid", "gelu", "silu", "leaky_relu"]


def test_selu_keeps_mean_zero_and_variance_one() -> None:
    """The fixed point that its two numbers were chosen for (Klambauer et al., 2017), by quadrature."""
    x, weight = np.polynomial.hermite_e.hermegauss(150)
    y = ACTIVATIONS["selu"].function(x)
    weight = weight / weight.sum()
    assert abs(weight @ y) < 1e-2
    assert abs(weight @ y**2 - 1) < 1e-2
