"""Several maps of one surface are numbered alike."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

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


def test_starts_that_walk_in_groups_end_where_all_would_together(monkeypatch: pytest.MonkeyPatch) -> None:
    surface = SURFACES["himmelblau"]
    wanted = basins(surface, Racer("adam"), columns=9, rows=7)
    monkeypatch.setattr("playground.optim.basins._AT_ONCE", 10)
    found = basins(surface, Racer("adam"), columns=9, rows=7)
    for name in ("x", "y", "ends", "places", "losses", "steps"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))


def test_a_map_needs_little_memory() -> None:
    """As large as the page's largest; everything kept of 1,600 starts at once were 60 megabytes."""
    tracemalloc.start()
    try:
        basins(SURFACES["rastrigin"], Racer("nadam"), columns=40, rows=40, steps=300, most=128)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15e6
