"""The Fréchet distance of two clouds of points."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.functional.frechet import Cloud, distance


def test_known_distances() -> None:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((4000, 3))
    cloud = Cloud.of(points)
    assert distance(cloud, cloud) == pytest.approx(0, abs=1e-9)
    assert distance(cloud, Cloud.of(points + np.array([3.0, 0, 4]))) == pytest.approx(25)  # moved by 5
    # Covariances that commute: the squared distance of their roots; here every side is doubled.
    doubled = Cloud.of((points - points.mean(0)) * 2 + points.mean(0))
    assert distance(cloud, doubled) == pytest.approx(np.trace(cloud.covariance))


def test_against_the_definition_with_a_matrix_root() -> None:
    rng = np.random.default_rng(1)
    one, other = (
        Cloud.of(rng.standard_normal((50, 4)) @ rng.standard_normal((4, 4)) + rng.random(4)) for _ in range(2)
    )
    values = np.linalg.eigvals(one.covariance @ other.covariance)
    root = np.sqrt(values.real.clip(0)).sum()
    expected = ((one.mean - other.mean) ** 2).sum() + np.trace(one.covariance + other.covariance) - 2 * root
    assert distance(one, other) == pytest.approx(expected) and distance(other, one) == pytest.approx(expected)


def test_points_that_span_less_than_their_space_and_too_few() -> None:
    flat = Cloud.of(np.outer(np.arange(5.0), np.ones(8)))
    assert distance(flat, flat) == pytest.approx(0, abs=1e-6)
    with pytest.raises(InputError, match="two points"):
        Cloud.of(np.zeros((1, 4)))
