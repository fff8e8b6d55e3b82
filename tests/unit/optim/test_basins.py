"""Several maps of one surface are numbered alike."""

from __future__ import annotations

import numpy as np

from playground.functional.surfaces import SURFACES
from playground.optim.basins import DIVERGED, ELSEWHERE, MOVING, basins, together
from playground.optim.descent import Racer


def test_a_minimum_has_one_number_in_all_maps() -> None:
    surface = SURFACES["two_wells"]
    maps = [basins(surface, Racer(rule, 0.01), columns=12, rows=12) for rule in ("sgd", "momentum")]
    shared = together(surface, maps)
    assert len(shared.places) == 2
    assert shared.families.tolist() == [0, 1]
    assert shared.losses[0] < shared.losses[1]
    for one, ends in zip(maps, shared.ends, strict=True):
        for own, number in zip(one.ends.ravel(), ends.ravel(), strict=True):
            if own >= 0:
                np.testing.assert_allclose(one.places[own], shared.places[number], atol=0.12)
            else:
                assert own == number


def test_starts_that_do_not_settle_keep_their_marks() -> None:
    surface = SURFACES["himmelblau"]
    wild = basins(surface, Racer("sgd", 1.0), columns=6, rows=6)
    shared = together(surface, [wild])
    assert (shared.ends[0] == DIVERGED).any()
    early = basins(surface, Racer("sgd", 1e-6), columns=6, rows=6, steps=10)
    assert (together(surface, [early]).ends[0] == MOVING).all()


def test_too_many_minima_share_a_family_by_height() -> None:
    surface = SURFACES["rastrigin"]
    one = basins(surface, Racer("sgd", 0.001), columns=40, rows=40, most=128)
    shared = together(surface, [one], most=6)
    assert len(shared.places) > 80
    assert shared.families.max() == 5
    assert (np.diff(shared.families) >= 0).all(), "higher ones come later"
    assert (shared.families == 0).sum() == 1
    assert (shared.families == 1).sum() == 4
    few = together(surface, [basins(surface, Racer("sgd", 0.001), columns=40, rows=40, most=3)])
    assert (few.ends == ELSEWHERE).any()
