"""A walk as a frame: nothing lost that is needed, and never too large."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from playground.core.errors import SpecError
from playground.core.frames import unpack
from playground.functional.expression import UNARY
from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.specs.descent import OWN, DescentSpec
from playground.viz.descent import KEPT, WHOLE, axis, frame, kept, places
from playground.viz.relief import relief

FOUR = ("nadam", "adamw", "adadelta", "radam")


def packed(spec: DescentSpec) -> bytes:
    paths = spec.paths()
    ground = relief(paths.surface) if paths.surface.dimensions == 2 else None
    return frame(paths, ground, noisy=spec.noise > 0, about={}, racers=[{} for _ in paths.racers])


def test_short_runs_are_kept_whole_and_long_ones_thinned_evenly() -> None:
    assert kept(300).tolist() == list(range(301))
    long = kept(2000, [777, 2000])
    assert long[: WHOLE + 1].tolist() == list(range(WHOLE + 1))
    assert len(long) <= KEPT + 2
    assert {777, 2000} <= set(long.tolist())
    assert (np.diff(long) > 0).all()
    assert np.diff(long[WHOLE:]).max() <= 2 * np.median(np.diff(long[WHOLE:]))


def test_what_is_sent_is_what_was_walked() -> None:
    spec = DescentSpec(optimizer=("momentum", "adam"), steps=900)
    paths = spec.paths()
    header, blocks = unpack(packed(spec))
    at = blocks["steps"].astype(int)
    for run in (0, 1):
        np.testing.assert_allclose(blocks[f"{run}.x"], paths.positions[run, at, 0], rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(blocks[f"{run}.loss"], paths.losses[run, at], rtol=1e-6)
        np.testing.assert_allclose(blocks[f"{run}.gradient"][:-1], paths.gradients[run, at[:-1]], rtol=1e-5, atol=1e-6)
        assert np.isnan(blocks[f"{run}.gradient"][-1]).all()  # from the last place no step was taken
        racer = header["racers"][run]
        outcome = paths.outcomes[run]
        assert (racer["outcome"]["kind"], at[racer["outcome"]["at"]]) == (outcome.kind, outcome.step)
        assert at[racer["end"]] == paths.ended[run]
        assert racer["constants"]["rate"] == paths.racers[run].rate


def test_a_rate_that_changes_is_sent_for_each_step() -> None:
    header, blocks = unpack(packed(DescentSpec(optimizer=("sgd",), schedule="cosine", steps=50, lr=(0.001,))))
    assert "rate" not in header["racers"][0]["constants"]
    rates = blocks["0.rate"][:, 0]
    assert rates[0] == pytest.approx(0.001) and rates[30] < rates[10]


def test_who_diverged_ends_there() -> None:
    header, blocks = unpack(packed(DescentSpec(optimizer=("sgd", "adam"), lr=(1.0, 0.1), steps=700)))
    end = header["racers"][0]["end"]
    assert end < 10 and np.isfinite(blocks["0.x"][end]) and np.isnan(blocks["0.x"][end + 1])
    assert header["racers"][0]["outcome"]["kind"] == "diverged"


@pytest.mark.parametrize(
    ("values", "most"),
    [
        ({"lr": (0.001, 0.1), "steps": 300}, 100_000),
        ({"optimizer": FOUR, "steps": 2000, "noise": 1.0, "schedule": "cosine"}, 250_000),
        ({"optimizer": FOUR, "steps": 10_000}, 250_000),
        ({"surface": "double_well", "optimizer": FOUR, "steps": 2000}, 150_000),
        ({"surface": OWN, "formula": "sin(3*x) + y^2", "optimizer": FOUR, "steps": 2000}, 250_000),
    ],
)
def test_a_frame_stays_small(values: dict[str, Any], most: int) -> None:
    assert len(packed(DescentSpec(**values))) * 4 / 3 < most


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_is_packed(name: str) -> None:
    header, blocks = unpack(packed(DescentSpec(surface=name, optimizer=("sgd", "adam"), steps=40)))
    flat = SURFACES[name].dimensions == 1
    assert ("curve.y" in blocks) == flat and ("shares" in blocks) != flat
    assert blocks["1.velocity"].shape[1] == (1 if flat else 2)
    assert {place["kind"] for place in header["places"]} <= {"minimum", "local"}
    assert header["axis"]["low"] < header["axis"]["high"]


def test_the_lowest_minima_are_told_from_the_others() -> None:
    assert {place["kind"] for place in places(SURFACES["himmelblau"])} == {"minimum"}
    kinds = [place["kind"] for place in places(SURFACES["two_wells"])]
    assert kinds == ["minimum", "local"]


def test_losses_decades_apart_stand_on_a_log_axis_above_the_lowest() -> None:
    paths = DescentSpec(surface="bowl", optimizer=("sgd",), lr=(0.5,), steps=60).paths()
    found = axis(paths)
    assert found["log"] and found["floor"] == 0 and found["label"] == "loss"
    assert found["high"] >= paths.losses[0, 0] > found["low"]
    assert math.log10(found["high"] / found["low"]) <= 12
    below = axis(DescentSpec(surface="two_wells", optimizer=("momentum",), steps=200).paths())
    assert below["log"] and below["floor"] == pytest.approx(-0.3054, abs=1e-4) and "−0.3054" in below["label"]
    near = axis(DescentSpec(surface="plateau", optimizer=("sgd",), lr=(0.01,), steps=60).paths())
    assert not near["log"]


def test_a_loss_without_a_bottom_has_a_plain_axis() -> None:
    paths = DescentSpec(surface=OWN, formula="x^3 + y", optimizer=("sgd",), lr=(0.1,), steps=200).paths()
    found = axis(paths)
    assert not found["log"] and math.isfinite(found["low"]) and found["low"] < found["high"]


def test_an_axis_without_any_loss_has_ends() -> None:
    paths = DescentSpec(surface=OWN, formula="log(x)", optimizer=("sgd",), steps=5, start=(-2, 0)).paths()
    assert not np.isfinite(paths.losses).any()
    found = axis(paths)
    assert not found["log"] and found["low"] < found["high"]


@pytest.mark.parametrize(
    "formula",
    [
        "1e-300*y",
        "tan(1e-300)*y+0*20",
        "abs(5e-324)*x^0.5",
        "(1e10)^(x*6)",
        "1e10^20 + x + y",
        "y/1e-308 - x",
        "tanh(5e-324)*y",
    ],
)
def test_heights_next_to_nothing_or_beyond_all_are_drawn(formula: str) -> None:
    header, _ = unpack(packed(DescentSpec(surface=OWN, formula=formula, steps=30).checked()))
    ends = header.get("heights") or header["range"]
    assert math.isfinite(ends[1] - ends[0]) and ends[0] < ends[1]
    assert math.isfinite(header["axis"]["high"]) and header["axis"]["low"] < header["axis"]["high"]


NUMBERS = ["0", "0.5", "1", "2", "3", "20", "1e-5", "1e12", "1e-150", "1e-300", "5e-324", "pi", "e"]
FORMULAS = st.recursive(
    st.sampled_from(["x", "y", "x", "y", *NUMBERS]),
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("({})^{}".format, inner, st.sampled_from(["2", "3", "0.5", "20", "(-1)", "(-20)", "x"])),
        st.builds("{}({})".format, st.sampled_from(sorted(UNARY)), inner),
        st.builds("{}({},{})".format, st.sampled_from(["min", "max"]), inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    formula=FORMULAS,
    extent=st.sampled_from([0.1, 1.0, 5.0, 100.0]),
    corner=st.sampled_from([(), (0.0, 0.0), (-1.0, 1.0), (0.37, -0.81)]),
    names=st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=3, unique=True),
    rate=st.sampled_from([(), (10.0,), (1e-300,)]),
    noise=st.sampled_from([0.0, 100.0]),
)
def test_whatever_is_typed_is_drawn_or_refused_in_words(
    formula: str, extent: float, corner: tuple[float, ...], names: list[str], rate: tuple[float, ...], noise: float
) -> None:
    spec = DescentSpec(
        surface=OWN, formula=formula, extent=extent, start=tuple(extent * share for share in corner),
        optimizer=tuple(names), lr=rate, noise=noise, steps=30,
    )  # fmt: skip
    try:
        spec = spec.checked("public")
    except SpecError as error:
        event(f"refused: {error.field}")
        return
    header, _ = unpack(packed(spec))
    json.dumps(header, allow_nan=False)  # a browser reads no other numbers
    assert header["axis"]["low"] < header["axis"]["high"]
