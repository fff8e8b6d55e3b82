"""The constant that each loss chooses for a set of points is where its sum is least."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.location import location
from playground.functional.losses import LOSSES

POINTS = np.array([-1.2, -0.6, 0.0, 0.4, 2.4, 3.0, 8.0])


def test_squared_error_chooses_the_mean_and_absolute_error_the_median() -> None:
    np.testing.assert_allclose(location(LOSSES["mse"].gradient, POINTS), np.mean(POINTS), atol=1e-8)
    np.testing.assert_allclose(location(LOSSES["mae"].gradient, POINTS), np.median(POINTS), atol=1e-8)


def test_between_two_middle_points_absolute_error_does_not_care() -> None:
    low, high = location(LOSSES["mae"].gradient, POINTS[:-1])
    assert (low, high) == pytest.approx((0.0, 0.4), abs=1e-8)


@pytest.mark.parametrize("name", ["mse", "mae", "huber"])
@pytest.mark.parametrize("delta", [0.1, 1.0, 5.0])
@pytest.mark.parametrize("count", [2, 5, 6, 7])
def test_no_constant_costs_less(name: str, delta: float, count: int) -> None:
    given = {"delta": delta} if name == "huber" else {}
    points = POINTS[-count:]

    def cost(constant: float) -> float:
        return float(LOSSES[name].value(np.full((count, 1), constant), points[:, None], **given).sum())

    ends = location(LOSSES[name].gradient, points, **given)
    least = min(cost(constant) for constant in np.linspace(points.min(), points.max(), 2001))
    for end in (*ends, sum(ends) / 2):
        assert cost(end) <= least + 1e-9


def test_huber_lies_between_and_goes_from_one_to_the_other() -> None:
    found = [sum(location(LOSSES["huber"].gradient, POINTS, delta=delta)) / 2 for delta in (0.01, 1.0, 2.0, 100.0)]
    assert found == sorted(found)
    assert found[0] == pytest.approx(np.median(POINTS), abs=0.02)
    assert found[-1] == pytest.approx(np.mean(POINTS), abs=1e-8)


def test_an_outlier_moves_the_mean_and_not_the_median() -> None:
    further = np.append(POINTS[:-1], 800.0)
    assert location(LOSSES["mae"].gradient, further) == pytest.approx(location(LOSSES["mae"].gradient, POINTS))
    assert location(LOSSES["mse"].gradient, further)[0] > 100
