"""Each initialisation against the bounds and variances that torch.nn.init documents and draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import init

from playground.core.seed import Stream, generator
from playground.functional.initial import INITIALISERS

FAN_IN, FAN_OUT = 300, 500
ORACLES = {
    "glorot_uniform": init.xavier_uniform_,
    "glorot_normal": init.xavier_normal_,
    "he_uniform": lambda w: init.kaiming_uniform_(w, nonlinearity="relu"),
    "he_normal": lambda w: init.kaiming_normal_(w, nonlinearity="relu"),
    "lecun_normal": lambda w: init.kaiming_normal_(w, nonlinearity="linear"),
    "uniform": lambda w: init.uniform_(w, -0.5, 0.5),
    "zeros": init.zeros_,
}
BOUNDS = {
    "glorot_uniform": math.sqrt(6 / (FAN_IN + FAN_OUT)),
    "he_uniform": math.sqrt(6 / FAN_IN),
    "uniform": 0.5,
}
DEVIATIONS = {
    "glorot_normal": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "he_normal": math.sqrt(2 / FAN_IN),
    "lecun_normal": math.sqrt(1 / FAN_IN),
}


@pytest.mark.parametrize("name", INITIALISERS)
def test_draws_are_spread_as_torch_spreads_them(name: str) -> None:
    """150,000 draws: a variance is then known to about 0.4 %, a mean to 0.3 % of the deviation."""
    ours = INITIALISERS[name].draw(FAN_IN, FAN_OUT, np.random.default_rng(1))
    torch.manual_seed(1)
    theirs = ORACLES[name](torch.empty(FAN_OUT, FAN_IN, dtype=torch.float64)).numpy()
    assert ours.shape == theirs.shape == (FAN_OUT, FAN_IN)
    assert ours.dtype == np.float64
    deviation = theirs.std()
    assert ours.std() == pytest.approx(deviation, rel=0.02)
    assert abs(ours.mean()) <= 0.02 * deviation
    # The same shape, not only the same width: deciles.
    steps = np.linspace(0.1, 0.9, 9)
    np.testing.assert_allclose(np.quantile(ours, steps), np.quantile(theirs, steps), atol=0.03 * deviation)


@pytest.mark.parametrize(("name", "bound"), BOUNDS.items())
def test_uniform_draws_fill_their_bounds(name: str, bound: float) -> None:
    size = np.abs(INITIALISERS[name].draw(FAN_IN, FAN_OUT, np.random.default_rng(2))).max()
    assert 0.999 * bound < size <= bound


@pytest.mark.parametrize(("name", "deviation"), DEVIATIONS.items())
def test_normal_draws_have_their_deviation(name: str, deviation: float) -> None:
    drawn = INITIALISERS[name].draw(FAN_IN, FAN_OUT, np.random.default_rng(3))
    assert drawn.std() == pytest.approx(deviation, rel=0.01)
    assert np.abs(drawn).max() > 3.5 * deviation, "not cut off"


def test_every_initialisation_but_zeros_has_a_stated_spread() -> None:
    assert set(INITIALISERS) == {*BOUNDS, *DEVIATIONS, "zeros"}


@pytest.mark.parametrize("name", INITIALISERS)
def test_same_seed_same_weights(name: str) -> None:
    first, again = (INITIALISERS[name].draw(3, 5, generator(4, Stream.WEIGHTS, 0)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = INITIALISERS[name].draw(3, 5, generator(5, Stream.WEIGHTS, 0))
    assert (name == "zeros") == np.array_equal(first, other)


@pytest.mark.parametrize("name", INITIALISERS)
def test_entry_has_a_formula_and_a_dated_source(name: str) -> None:
    entry = INITIALISERS[name]
    assert entry.formula
    assert entry.formula.count("{") == entry.formula.count("}")
    assert entry.source[-4:].isdigit()
