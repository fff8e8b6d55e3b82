"""Each surface: its gradient against autograd, and its known minima, which must be minima."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from playground.functional.surfaces import SURFACES

# The same heights in torch, written anew. A surface without an oracle fails here with a KeyError.
ORACLES = {
    "bowl": lambda x, y: (x**2 + y**2) / 2,
    "ravine": lambda x, y: (x**2 + 25 * y**2) / 2,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "saddle": lambda x, y: x**2 - y**2 + y**4 / 10,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "beale": lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    "rastrigin": lambda x, y: 20 + x**2 + y**2 - 10 * torch.cos(2 * math.pi * x) - 10 * torch.cos(2 * math.pi * y),
    "ackley": lambda x, y: (
        -20 * torch.exp(-0.2 * torch.sqrt((x**2 + y**2) / 2))
        - torch.exp((torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y)) / 2)
        + 20
        + math.e
    ),
    "styblinski_tang": lambda x, y: sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)) / 2,
    "plateau": lambda x, y: 1 - torch.exp(-(x**2 + y**2) / 2),
    "two_wells": lambda x, y: (x**2 - 1) ** 2 + 0.3 * x + y**2,
    "six_hump_camel": lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
    "parabola": lambda x, y: x**2 / 2 + 0 * y,
    "double_well": lambda x, y: (x**2 - 1) ** 2 + 0.3 * x + 0 * y,
}


def drawn(name: str, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Places all over the domain, always the same ones."""
    rng = np.random.default_rng(3)
    (x0, x1), (y0, y1) = SURFACES[name].domain
    return rng.uniform(x0, x1, n), rng.uniform(y0, y1, n)


@pytest.mark.parametrize("name", SURFACES)
def test_height_and_gradient_are_those_of_autograd(name: str) -> None:
    surface, places = SURFACES[name], drawn(name)
    x, y = (torch.from_numpy(place).requires_grad_() for place in places)
    height: Tensor = ORACLES[name](x, y)
    np.testing.assert_allclose(surface.function(*places), height.detach().numpy(), rtol=1e-11, atol=1e-11)
    for ours, theirs in zip(surface.gradient(*places), torch.autograd.grad(height.sum(), (x, y)), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-10, atol=1e-10)
        if surface.dimensions == 2:
            assert np.abs(ours).max() > 0.1


@pytest.mark.parametrize("name", SURFACES)
def test_known_minima_are_minima(name: str) -> None:
    """No slope there, and no lower neighbour in any direction, near or somewhat further."""
    surface = SURFACES[name]
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    for x, y in surface.minima:
        here = np.array([x]), np.array([y])
        assert np.abs(surface.gradient(*here)).max() < 1e-12
        height = surface.function(*here)[0]
        for radius in (1e-4, 1e-3, 0.03):
            around = surface.function(x + radius * np.cos(angle), y + radius * np.sin(angle))
            assert (around > height).sum() >= (64 if surface.dimensions == 2 else 62), (x, y, radius)
            assert (around >= height).all()


@pytest.mark.parametrize("name", SURFACES)
def test_nothing_in_the_domain_is_lower_than_the_lowest_known(name: str) -> None:
    surface = SURFACES[name]
    (x0, x1), (y0, y1) = surface.domain
    x, y = np.meshgrid(np.linspace(x0, x1, 301), np.linspace(y0, y1, 301))
    lowest = min(float(surface.function(np.array(a), np.array(b))) for a, b in surface.minima)
    assert surface.function(x, y).min() >= lowest - 1e-9


@pytest.mark.parametrize("name", SURFACES)
def test_start_and_minima_lie_in_the_domain_and_the_start_is_no_minimum(name: str) -> None:
    surface = SURFACES[name]
    for point in (surface.start, *surface.minima):
        assert all(low <= value <= high for value, (low, high) in zip(point, surface.domain, strict=True))
    assert surface.function(*map(np.array, surface.start)) > min(
        surface.function(*map(np.array, point)) for point in surface.minima
    )
    assert surface.minima, "a descent has somewhere to go"


@pytest.mark.parametrize("name", SURFACES)
def test_precision_and_shape_are_kept_and_nothing_is_changed_in_place(name: str) -> None:
    surface = SURFACES[name]
    for dtype in (np.float32, np.float64):
        x, y = (place.reshape(20, 20).astype(dtype) for place in drawn(name))
        before = x.copy(), y.copy()
        for result in (surface.function(x, y), *surface.gradient(x, y)):
            assert result.dtype == dtype
            assert result.shape == (20, 20)
            assert not np.shares_memory(result, x)
            assert not np.shares_memory(result, y)
        np.testing.assert_array_equal((x, y), before)


@pytest.mark.parametrize("name", SURFACES)
def test_one_dimension_means_that_y_has_no_part(name: str) -> None:
    surface, (x, y) = SURFACES[name], drawn(name)
    flat = np.abs(surface.gradient(x, y)[1]).max() == 0
    assert flat == (surface.dimensions == 1)


@pytest.mark.parametrize("name", SURFACES)
def test_entry_has_a_formula(name: str) -> None:
    formula = SURFACES[name].formula
    assert "x" in formula
    assert formula.count("{") == formula.count("}")


def test_the_surfaces_of_the_descent_page_are_all_here() -> None:
    assert set(SURFACES) == set(ORACLES)
    assert next(iter(SURFACES)) == "bowl"
