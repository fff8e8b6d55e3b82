"""Ends that must not be mistaken for others."""

from __future__ import annotations

import re

import numpy as np
import pytest

from playground.core.numbers import decimal
from playground.functional.surfaces import SURFACES
from playground.optim.descent import Racer, descend
from playground.optim.landscape import eigenvalues, hessian
from playground.optim.outcome import Kind


@pytest.mark.parametrize("rate", [0.081, 0.083, 0.085])
def test_who_swings_ever_further_has_diverged_though_nothing_stopped_it_yet(rate: float) -> None:
    surface = SURFACES["ravine"]  # its limit is 2 / 25 = 0.08
    paths = descend(surface, [Racer("sgd", rate)], surface.start, 120)
    outcome = paths.outcomes[0]
    assert outcome.kind == Kind.DIVERGED
    assert "overshot" in outcome.words and "Lower the learning rate" in outcome.advice
    low, high = surface.domain[1]
    assert low <= paths.positions[0, outcome.step - 1, 1] <= high
    assert not low <= paths.positions[0, outcome.step, 1] <= high


def test_below_the_limit_it_has_not() -> None:
    surface = SURFACES["ravine"]
    assert descend(surface, [Racer("sgd", 0.079)], surface.start, 400).outcomes[0].kind == Kind.CONVERGED


def test_a_detour_outside_the_picture_is_no_divergence() -> None:
    surface = SURFACES["ravine"]
    paths = descend(surface, [Racer("momentum", 0.1)], (-3.96, -1.58), 400)
    assert (abs(paths.positions[0, :, 1]) > 1.6).any()
    assert paths.outcomes[0].kind == Kind.CONVERGED


CASES = [
    ("rosenbrock", "sgd", 0.001, 800), ("rosenbrock", "momentum", 0.001, 3000), ("rosenbrock", "adam", 0.1, 800),
    ("bowl", "sgd", 0.1, 200), ("ravine", "nesterov", 0.03, 400), ("himmelblau", "momentum", 0.005, 500),
    ("two_wells", "sgd", 0.01, 500), ("rastrigin", "sgd", 0.001, 500), ("saddle", "sgd", 0.1, 300),
    ("double_well", "sgd", 0.01, 500), ("plateau", "sgd", 0.03, 300), ("beale", "rmsprop", 0.01, 900),
    ("bowl", "rmsprop", 0.05, 300), ("styblinski_tang", "adam", 0.05, 400),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rule", "rate", "steps"), CASES)
def test_every_number_that_is_said_of_a_run_is_its_paths(name: str, rule: str, rate: float, steps: int) -> None:
    surface = SURFACES[name]
    start = (2.5, 0.0) if name == "saddle" else surface.start
    paths = descend(surface, [Racer(rule, rate)], start, steps)
    outcome, path = paths.outcomes[0], paths.positions[0]
    assert outcome.kind != Kind.DIVERGED
    assert (outcome.last, outcome.end) == (steps, tuple(path[-1]))
    end = f"({decimal(path[-1, 0])}, {decimal(path[-1, 1])})"
    assert f"at step {steps:,}" in outcome.words.lower() and end in outcome.words
    assert f"loss {decimal(paths.losses[0, -1])}" in outcome.words
    if near := re.search(r"(?i)from step ([\d,]+) on it stays within ([\d.]+) of", outcome.words):
        step, reach = int(near[1].replace(",", "")), float(near[2])
        away = np.hypot(*(path - outcome.place).T)
        assert step == outcome.step and (away[step:] <= reach).all()
        assert step == 0 or away[step - 1] > reach
        if outcome.place != outcome.end:  # a named place: its slope is 0, its curvatures are those that are said
            x, y = (np.array([at]) for at in outcome.place)
            assert np.hypot(*surface.gradient(x, y))[0] < 1e-6
            low, high = eigenvalues(*hessian(surface, x, y))
            assert outcome.curvatures == pytest.approx((low[0], high[0]))
    elif circles := re.search(r"(?i)in its last (\d+) steps it circles, at most ([\d.e-]+) away", outcome.words):
        away = np.hypot(*(path[-int(circles[1]) :] - path[-1]).T)
        assert away.max() <= float(circles[2]) <= 1.2 * away.max()
    else:
        assert outcome.kind in (Kind.MOVING, Kind.PLATEAU)


def test_who_is_near_and_still_falling_is_not_said_to_rest() -> None:
    paths = descend(SURFACES["rosenbrock"], [Racer("sgd", 0.001)], (-1.2, 1.0), 20_000)
    outcome = paths.outcomes[0]
    assert outcome.place == pytest.approx((1, 1), abs=1e-6)
    assert "of the minimum at (1, 1)" in outcome.words and "rest" not in outcome.words
    assert outcome.curvatures[1] == pytest.approx(1001.6, abs=0.1)
    assert paths.losses[0, outcome.step] > 2 * outcome.loss
