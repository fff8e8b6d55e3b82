"""Momentum on a quadratic: theory, the iteration's own matrix, and runs agree."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.surfaces import SURFACES
from playground.optim.descent import Racer, descend
from playground.optim.quadratic import Quadratic, Regime, digits, factor, measured, motion, optimum, phase

CURVATURES = (1.0, 25.0)
RATES, MOMENTA = np.linspace(0.004, 0.16, 27), np.linspace(0.0, 0.96, 17)


def test_the_factor_is_the_spectral_radius_of_the_iteration() -> None:
    for curvature in CURVATURES:
        ours = factor(curvature, RATES[None, :], MOMENTA[:, None])
        for (row, column), value in np.ndenumerate(ours):
            mu, lr = MOMENTA[row], RATES[column]
            matrix = np.array([[1 + mu - lr * curvature, -mu], [1, 0]])
            assert value == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), abs=1e-7)


def test_theory_is_what_running_gives() -> None:
    diagram = phase(CURVATURES, RATES, MOMENTA)
    run = measured(CURVATURES, RATES, MOMENTA, steps=2000)
    assert np.abs(run - diagram.factors).max() < 0.02
    clear = np.abs(diagram.factors - 1) > 0.02
    np.testing.assert_array_equal((run < 1)[clear], (diagram.factors < 1)[clear])


def test_no_cell_is_faster_than_the_optimum() -> None:
    lr, mu, best = optimum(CURVATURES)
    assert (lr, mu, best) == pytest.approx(((2 / 6) ** 2, (4 / 6) ** 2, 4 / 6))
    fine = phase(CURVATURES, np.linspace(0.01, 0.2, 200), np.linspace(0, 0.98, 200))
    assert best - 1e-9 <= fine.factors.min() < best + 0.02
    at = float(phase(CURVATURES, np.array([lr]), np.array([mu])).factors[0, 0])
    assert at == pytest.approx(best, abs=1e-6)
    slow = float(phase(CURVATURES, np.array([2 / 26]), np.array([0.0])).factors[0, 0])
    assert slow == pytest.approx(24 / 26), "the best that plain descent can do"


def test_the_two_limits() -> None:
    diagram = phase(CURVATURES, RATES, MOMENTA)
    assert (diagram.overshoots, diagram.diverges) == (1 / 25, 2 / 25)
    surface = SURFACES["ravine"]
    below, over, above = (
        descend(surface, [Racer("sgd", lr)], surface.start, 300) for lr in (0.99 / 25, 1.05 / 25, 2.1 / 25)
    )
    assert (below.positions[0, :, 1] >= 0).all(), "from one side only"
    assert over.positions[0, 1, 1] < 0, "over to the other side"
    assert over.losses[0, -1] < 1e-4
    assert above.losses[0, 50] > above.losses[0, 0]
    for mu in (0.0, 0.5, 0.9):
        for share, wanted in ((0.99, True), (1.01, False)):
            lr = np.array([share * diagram.limit(mu)])
            assert (phase(CURVATURES, lr, np.array([mu])).factors[0, 0] < 1) == wanted


def test_regimes_are_named_by_what_the_path_does() -> None:
    def path(lr: float, mu: float) -> np.ndarray:
        valley = Quadratic((1.0, 1.0), start=(1.0, 1.0))
        return descend(valley, [Racer("momentum", lr, {"momentum": mu})], valley.start, 60).positions[0, :, 0]

    creeping = path(0.3, 0.1)
    assert motion(1.0, 0.3, 0.1).regime is Regime.OVERDAMPED
    assert (creeping > 0).all() and (np.diff(creeping) < 0).all()
    jumping = path(1.5, 0.0)
    assert motion(1.0, 1.5, 0.0).regime is Regime.OVERSHOOTING
    assert (np.sign(jumping[1:]) == -np.sign(jumping[:-1])).all()
    swinging, told = path(0.1, 0.95), motion(1.0, 0.1, 0.95)
    assert told.regime is Regime.OSCILLATING
    crossings = np.flatnonzero(np.diff(np.sign(swinging)))
    assert np.diff(crossings).mean() == pytest.approx(told.period / 2, abs=0.5)
    assert motion(1.0, 2.1, 0.0).regime is Regime.DIVERGING
    lr, mu, best = optimum(CURVATURES)
    for curvature in CURVATURES:
        told = motion(curvature, lr, mu)
        assert told.regime is Regime.CRITICAL
        assert told.factor == pytest.approx(best, abs=1e-6)


def test_steps_for_a_digit() -> None:
    assert digits(0.1) == pytest.approx(1.0)
    assert digits(10 ** (-1 / 7)) == pytest.approx(7.0)
    assert digits(0.0) == 0.0
    assert digits(1.0) == digits(1.2) == np.inf


def test_the_valley_has_its_gradient_and_curvatures() -> None:
    valley = Quadratic((0.25, 4.0))
    x, y, h = np.array([1.5]), np.array([-0.7]), 1e-6
    east = (valley.function(x + h, y) - valley.function(x - h, y)) / (2 * h)
    north = (valley.function(x, y + h) - valley.function(x, y - h)) / (2 * h)
    np.testing.assert_allclose(np.concatenate(valley.gradient(x, y)), np.concatenate([east, north]), rtol=1e-6)
