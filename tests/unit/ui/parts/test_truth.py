"""What is said of a state is true of it, and says its numbers as the pictures do."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import LOSSES
from playground.functional.surfaces import SURFACES
from playground.optim.landscape import fitting_rate
from playground.specs.activations import ActivationsSpec
from playground.specs.basins import BasinsSpec
from playground.specs.losses import SaturationSpec
from playground.specs.momentum import MomentumSpec
from playground.specs.race import TOLERANCES, RaceSpec
from playground.specs.schedules import SchedulesSpec
from playground.ui.parts import activations, momentum, race, saturation
from playground.ui.words import minus


@pytest.mark.parametrize("logit", [-6.0, -4.0, -2.5])
def test_the_slope_of_the_squared_error_is_twice_the_miss_times_the_sigmoids(logit: float) -> None:
    spec = SaturationSpec(logit=logit)
    p = 1 / (1 + np.exp(-logit))
    slope = float(LOSSES["brier"].gradient(np.array([[logit]]), np.ones((1, 1)))[0, 0])
    assert slope == pytest.approx(2 * (p - 1) * p * (1 - p))
    said = saturation.what_you_see(spec, saturation.paths(spec))
    assert "twice the miss, p − 1, times the sigmoid's own slope, p (1 − p)" in said
    assert "cross-entropy −1." not in said


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("x", [-5.0, -0.5, 0.5, 5.0])
def test_who_is_told_to_drag_finds_a_steeper_place_there(name: str, x: float) -> None:
    spec = ActivationsSpec(activation=name, x=x)
    said = activations.what_you_see(spec)
    entry, given = ACTIVATIONS[name], spec.parameters(name)
    for goal, side in (("towards 0", np.sign(x)), ("past 0", -np.sign(x))):
        if f"Drag the point {goal} and watch the tangent rise" in said:
            there = float(entry.derivative(np.array([0.5 * side]), **given)[0])
            assert abs(there) > 2 * activations.FLAT > abs(activations.at(spec)[1])
    if name == "relu" and x < 0:
        assert "past 0" in said


def test_the_share_that_is_flat_is_one_number_for_page_and_picture() -> None:
    spec = ActivationsSpec(activation="hard_swish")
    header, _ = unpack(activations.frame(spec))
    assert f"On {int(100 * header['share'] + 0.5)} % of this axis" in activations.what_you_see(spec)


def test_a_run_has_one_name_only_where_both_axes_go_the_same_way() -> None:
    seen = set()
    for lr in (0.3, 1.0, 1.5, 2.5):
        for mu in (0.0, 0.3, 0.9):
            view = momentum.view(MomentumSpec(lr=lr, momentum=mu))
            flat, steep = view.motions
            if max(flat.factor, steep.factor) < 1 and steep.factor > 0:
                same = flat.regime == steep.regime
                seen.add(same)
                assert view.words.startswith(f"{flat.regime.value.capitalize()}: ") == same
                assert same or view.words.startswith("The steep axis")
    assert seen == {True, False}


def test_who_was_low_and_did_not_stay_is_said_to_have_left() -> None:
    spec = RaceSpec(surface="ravine")
    seen, paths = race.view(spec), spec.paths()
    titles = dict(zip(spec.optimizer, range(len(spec.optimizer)), strict=True))
    left = 0
    for name, row, last in zip(seen.names, seen.steps, seen.last, strict=True):
        excess = paths.losses[titles[name]] - paths.verdict.lowest
        assert last == pytest.approx(excess[-1] / excess[0])
        low = [tolerance for step, tolerance in zip(row, TOLERANCES, strict=True) if step >= 0]
        words = race.view(spec.replace(shown=name))
        said = unpack(words.frame)[0]["words"]
        assert ("It does not stay" in said) == bool(low and last > low[-1])
        left += bool(row[-1] >= 0 and last > TOLERANCES[-1])
    assert left > 0 and f"{left} of these" in race._prose(spec, seen)
    assert seen.csv.splitlines()[0].endswith("share_at_the_end,end")


def test_what_0_stands_for_is_said_beside_the_slider() -> None:
    spec = SchedulesSpec()
    assert spec.label("lr") == f"Learning rate (0: auto, {spec.rate:g})"
    maps = BasinsSpec()
    for name in (maps.optimizer, maps.rival):
        assert f"{fitting_rate(SURFACES[maps.surface], name):g}" in maps.label("lr")


def test_minus_signs_are_signs_also_in_exponents() -> None:
    assert minus("from -1.5 to 1e-05, well-known, x-1") == "from −1.5 to 1e−05, well-known, x-1"
