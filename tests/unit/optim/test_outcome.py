"""Ends that must not be mistaken for others."""

from __future__ import annotations

import pytest

from playground.functional.surfaces import SURFACES
from playground.optim.descent import Racer, descend
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
