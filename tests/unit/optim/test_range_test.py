"""The range test finds the limit, says where the loss falls, and suggests a rate that works."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.surfaces import SURFACES
from playground.optim.descent import Racer, descend
from playground.optim.quadratic import Quadratic
from playground.optim.range_test import range_test, stable_below

QUADRATIC = ("parabola", "bowl", "ravine")


@pytest.mark.parametrize("name", QUADRATIC)
@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
def test_it_finds_the_limit(name: str, rule: str) -> None:
    surface = SURFACES[name]
    test = range_test(surface, Racer(rule), surface.start)
    truth = stable_below(surface, Racer(rule), surface.minima[0])
    assert 0.75 < test.limit / truth < 1.6
    assert test.begins < test.best < test.limit
    assert test.suggested <= test.limit / 3
    assert test.rates.shape == test.losses.shape == (120,)


def test_without_noise_it_is_seen_late() -> None:
    ravine = SURFACES["ravine"]
    truth = stable_below(ravine, Racer("sgd"), (0, 0))
    calm, shaken = (range_test(ravine, Racer("sgd"), ravine.start, noise=noise).limit for noise in (0.0, 0.05))
    assert truth < shaken < calm


@pytest.mark.parametrize("name", QUADRATIC)
@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_the_suggestion_comes_down(name: str, rule: str) -> None:
    surface = SURFACES[name]
    test = range_test(surface, Racer(rule), surface.start)
    paths = descend(surface, [Racer(rule, test.suggested)], surface.start, 300)
    assert not paths.failed[0]
    assert paths.losses[0, -1] < 0.05 * paths.losses[0, 0]


def test_the_limit_is_where_runs_begin_to_diverge() -> None:
    valley = Quadratic((0.2, 5.0))
    for racer in (Racer("sgd"), Racer("momentum", hyper={"momentum": 0.5}), Racer("nesterov", hyper={"momentum": 0.5})):
        truth = stable_below(valley, racer, (0.0, 0.0))
        below, above = (
            descend(valley, [Racer(racer.rule, share * truth, racer.hyper)], valley.start, 600).losses[0]
            for share in (0.98, 1.02)
        )
        assert below[-1] < below[0]
        assert not above[-1] < above[0]


def test_rules_that_divide_by_the_gradient_have_no_such_limit() -> None:
    assert np.isnan(stable_below(SURFACES["bowl"], Racer("adam"), (0, 0)))
    assert np.isnan(stable_below(SURFACES["saddle"], Racer("sgd"), (0, 0))) or SURFACES["saddle"].dimensions == 2


def test_a_test_that_breaks_at_once_still_says_something() -> None:
    surface = SURFACES["ravine"]
    test = range_test(surface, Racer("sgd"), surface.start, low=5.0, high=50.0, steps=20)
    assert test.limit == 5.0
    assert 0 < test.suggested < 5.0


def test_the_same_seed_gives_the_same_test() -> None:
    surface = SURFACES["ravine"]
    one, two, other = (range_test(surface, Racer("sgd"), surface.start, seed=seed).losses for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
