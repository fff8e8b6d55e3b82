"""Each activation against torch: its values, and its derivative against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.core.errors import SpecError
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.specs.mlp import MLPSpec

# Dense around 0, every kink of the hard ones exactly, and far out.
POINTS = np.unique(np.concatenate([np.linspace(-8, 8, 321), [-3, -1, 0, 1, 3], np.geomspace(9, 1000, 40) * -1]))
POINTS = np.unique(np.concatenate([POINTS, -POINTS]))


def of_torch(name: str, x: torch.Tensor) -> torch.Tensor:
    """What torch makes of ``x`` with the activation of that name in the registry."""
    known = ACTIVATIONS[name].torch
    if not known:
        assert name in ("identity", "step"), f"{name} names no counterpart in torch: give the test one"
        return x if name == "identity" else torch.heaviside(x.detach(), torch.zeros(1, dtype=x.dtype)) + 0 * x
    function = getattr(torch.nn.functional, known, None) or getattr(torch, known)
    if name == "prelu":
        return function(x, torch.tensor([0.25], dtype=x.dtype))
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


# With another value of its parameter, as torch has it. A parameter without an oracle fails here with a KeyError.
OTHER = {
    ("leaky_relu", "slope"): lambda x, value: torch.nn.functional.leaky_relu(x, value),
    ("elu", "alpha"): lambda x, value: torch.nn.functional.elu(x, value),
    ("silu", "beta"): lambda x, value: x * torch.sigmoid(value * x),
    ("prelu", "a"): lambda x, value: torch.nn.functional.prelu(x, torch.tensor([value], dtype=x.dtype)),
}


@pytest.mark.parametrize(("name", "key"), [(name, key) for name in ACTIVATIONS for key in ACTIVATIONS[name].parameters])
def test_parameters_mean_what_they_mean_in_torch(name: str, key: str) -> None:
    entry, points = ACTIVATIONS[name], POINTS[np.abs(POINTS) > 1e-3]
    span = entry.parameters[key]
    assert span.low <= span.default <= span.high
    np.testing.assert_array_equal(entry.function(points, **{key: span.default}), entry.function(points))
    np.testing.assert_array_equal(entry.derivative(points, **{key: span.default}), entry.derivative(points))
    for value in (span.low, 0.6 * span.low + 0.4 * span.high, span.high):
        x = torch.from_numpy(points).requires_grad_()
        y = OTHER[name, key](x, value)
        (slope,) = torch.autograd.grad(y.sum(), x)
        np.testing.assert_allclose(entry.function(points, **{key: value}), y.detach().numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(entry.derivative(points, **{key: value}), slope.numpy(), rtol=1e-9, atol=1e-12)


def test_only_what_can_be_trained_with_is_offered_for_training() -> None:
    assert [name for name, entry in ACTIVATIONS.items() if not entry.trainable] == ["prelu", "step"]
    offered = MLPSpec.bounds()["activation"].options()  # type: ignore[attr-defined]
    assert set(ACTIVATIONS) - set(offered) == {"prelu", "step"}
    with pytest.raises(SpecError, match="Activation"):
        MLPSpec(activation="step").checked()


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
