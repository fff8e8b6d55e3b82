"""The map of a surface: what lies low is low on it, and its lines have numbers a person can read."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.formula import parse
from playground.functional.surfaces import SURFACES
from playground.viz.relief import TOP, relief


@pytest.mark.parametrize("name", list(SURFACES))
def test_the_map_rises_as_the_surface_does(name: str) -> None:
    surface = SURFACES[name]
    found = relief(surface, 61)
    (x0, x1), (y0, y1) = surface.domain
    x, y = np.meshgrid(np.linspace(x0, x1, 61), np.linspace(y0, y1, 61))
    heights = surface.function(x, y)
    order = np.argsort(heights, axis=None)
    assert found.shares.shape == (61, 61)
    assert found.shares.dtype == np.uint16
    assert (np.diff(found.shares.ravel()[order].astype(int)) >= 0).all()
    assert found.shares.max() == 65535
    # A path over the surface lies on the map: both are made by the same scale.
    np.testing.assert_allclose(found.share(heights), found.shares / 65535, atol=2e-5)


@pytest.mark.parametrize("name", list(SURFACES))
def test_a_known_minimum_is_at_the_bottom_of_its_scale(name: str) -> None:
    surface = SURFACES[name]
    found = relief(surface)
    lowest = min(float(surface.function(np.float64(x), np.float64(y))) for x, y in surface.minima)
    assert found.share(lowest) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", list(SURFACES))
def test_lines_lie_where_their_numbers_say(name: str) -> None:
    found = relief(SURFACES[name])
    assert 6 <= len(found.levels) <= 12
    assert (np.diff(found.levels) > 0.02).all()
    assert found.levels[0] > 0
    assert found.levels[-1] < 1
    np.testing.assert_allclose(found.share(found.values), found.levels, rtol=1e-6)
    assert all(len(f"{value:.12g}".strip("-").replace(".", "").strip("0")) <= 3 for value in found.values)


@pytest.mark.parametrize("name", list(SURFACES))
def test_hollows_are_seen(name: str) -> None:
    """Most of the scale is not spent on the few places that lie highest."""
    shares = relief(SURFACES[name]).shares / 65535
    assert np.percentile(shares, 25) >= 0.3
    assert np.percentile(shares, 5) < 0.8


def test_the_lowest_y_comes_first() -> None:
    found = relief(parse("y"), 11)
    assert found.shares[0].max() == 0
    assert found.shares[-1].min() == 65535


@pytest.mark.parametrize(
    "text", ["log(x)", "1/x", "exp(20*x)*exp(20*y)", "x/y", "sqrt(x*y)", "log(x*x+y*y)", "tan(x)", "1e12*x"]
)
def test_a_formula_without_a_value_everywhere_still_has_a_map(text: str) -> None:
    found = relief(parse(text), 41)
    assert np.isfinite(found.levels).all()
    assert np.isfinite(found.values).all()
    assert np.unique(found.shares).size > 10
    assert found.lowest < found.highest


def test_what_has_no_height_is_shown_at_the_top_and_a_runaway_a_little_above() -> None:
    found = relief(SURFACES["rosenbrock"])
    assert found.share([np.nan, np.inf, -np.inf]).tolist() == [1, 1, 1]
    assert found.share(1e300) == np.float32(TOP)
    assert found.share(-1e300) == 0
