"""The page's own parts: hues that stay, errors that point, help that helps, words with this run's numbers."""

from __future__ import annotations

import json
import shlex
from typing import Any

import numpy as np
import pytest

from playground.cli import main
from playground.core.frames import unpack
from playground.core.numbers import decimal
from playground.functional.formula import FormulaError
from playground.functional.surfaces import SURFACES
from playground.optim.outcome import Kind
from playground.optim.rules import RULES
from playground.specs.descent import OWN, DescentSpec
from playground.ui.parts import gradient_descent as part
from playground.ui.parts.racers import hues, point, rates_of, tiles

CROSSED = DescentSpec(surface="ravine", optimizer=("sgd", "adam"), lr=(0.084, 0.0), steps=120)


def test_a_newcomer_changes_nobody_elses_hue() -> None:
    for rule in RULES:
        before = ["momentum", "adam", "adamax"]
        if rule not in before:
            assert hues([*before, rule])[:3] == hues(before)
    names = list(RULES)
    for start in range(len(names) - 3):
        assert len(set(hues(names[start : start + 4]))) == 4


def test_there_is_a_picture_for_every_surface() -> None:
    found = {tile.name: tile for tile in tiles()}
    assert found.keys() == SURFACES.keys()
    assert all(tile.picture.startswith("<svg") for tile in found.values())
    assert sum(len(tile.picture) for tile in found.values()) < 60_000


@pytest.mark.parametrize(
    ("text", "shown", "under"),
    [("x + $y", "x + $y", "$"), ("x**2 + 3*y**2 + sinn(x*y) + 4", None, "s"), ("x +", "x +", "")],
)
def test_a_wrong_formula_is_pointed_at(text: str, shown: str | None, under: str) -> None:
    line, mark = point(text).split("\n")
    at = mark.index("^")
    assert shown is None or line == shown
    assert line[at : at + 1] == under
    assert len(line) <= 24


def test_what_is_no_place_in_a_formula_is_not_pointed_at() -> None:
    assert point("x + y") == ""
    assert point("3") == ""
    with pytest.raises(FormulaError):
        DescentSpec(surface=OWN, formula="3").landscape()


HELPED: list[tuple[dict[str, Any], str, str]] = [
    ({"surface": "ravine", "optimizer": ("sgd",), "lr": (0.084,)}, "Use 0.008", "lr"),
    ({"surface": "rosenbrock", "optimizer": ("sgd",), "lr": (1.0,)}, "Use 0.1", "lr"),
    ({"surface": "bowl", "optimizer": ("sgd",), "lr": (0.001,), "steps": 50}, "Take 150 steps", "steps"),
    ({"surface": "saddle", "optimizer": ("sgd",), "lr": (0.1,), "start": (2.6, 0.0)}, "Start a little aside", "start"),
    ({"surface": "plateau", "optimizer": ("sgd",), "lr": (0.01,), "start": (-4.0, 4.0)}, "Use 0.1", "lr"),
]


@pytest.mark.parametrize(("values", "label", "field"), HELPED)
def test_one_press_that_helps_is_a_valid_change(values: dict[str, Any], label: str, field: str) -> None:
    spec = DescentSpec(**values).checked()
    paths = spec.paths()
    found = part.fix(spec, paths, 0, 10_000)
    assert found is not None
    assert (found["label"], list(found["changes"])) == (label, [field])
    changed = spec.replace(**{name: tuple(v) if isinstance(v, list) else v for name, v in found["changes"].items()})
    after = changed.checked().paths()
    if field != "steps":
        assert not np.array_equal(after.positions[0, :5], paths.positions[0, :5])
    if label in ("Use 0.008", "Start a little aside"):
        assert paths.outcomes[0].kind in (Kind.DIVERGED, Kind.SADDLE)
        assert after.outcomes[0].kind in (Kind.MOVING, Kind.CONVERGED)


def test_a_fix_of_one_leaves_the_others_as_they_were() -> None:
    found = part.fix(CROSSED, CROSSED.paths(), 0, 2000)
    assert found == {"label": "Use 0.008", "changes": {"lr": [0.008, 0.0]}}
    assert part.fix(CROSSED, CROSSED.paths(), 1, 2000) is None
    assert rates_of(DescentSpec(lr=(0.1,))) == (0.1, 0.1)


def test_what_happened_names_each_with_its_number() -> None:
    words = part.what_happened(CROSSED, CROSSED.paths())
    assert "from (−3.6, 1)" in words
    adam = CROSSED.paths().outcomes[1]
    assert f"Adam is the first to stay within 0.08 of the bottom, from step {adam.step} on; its loss is" in words
    assert f"{decimal(adam.loss)} at step 120." in words
    assert "SGD is thrown out at step" in words
    both = DescentSpec(lr=(0.001, 0.1), steps=800)
    assert part.what_happened(both, both.paths()).count("at step 800.") == 2
    rests = DescentSpec(surface="saddle", start=(2.6, 0.0), optimizer=("sgd",), lr=(0.1,))
    assert "Dauphin" in part.what_happened(rests, rests.paths())
    noisy = DescentSpec(noise=1.0)
    assert "noise of 1" in part.what_happened(noisy, noisy.paths())


@pytest.mark.parametrize(
    "spec",
    [
        DescentSpec(optimizer=("adam",), lr=(0.02,), steps=40, start=(-1.2, 1.0)),
        DescentSpec(surface=OWN, formula="x**2 + 3*y**2", optimizer=("momentum", "nesterov"), steps=20),
        DescentSpec(
            surface=OWN, formula="cos(x)", extent=3, steps=10, hyper=("momentum.momentum=0.5", "nadam.beta1=0.1")
        ),
        DescentSpec(surface="bowl", noise=1.0, seed=4, schedule="cosine", steps=15),
    ],
)
def test_the_command_line_walks_the_pages_own_path(spec: DescentSpec, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(part.command(spec))[1:]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    paths = spec.paths()
    count = len(spec.optimizer)
    assert len(rows) == count * (spec.steps + 1)
    printed = np.array([[row["x"], row["y"], row["loss"]] for row in rows]).reshape(count, spec.steps + 1, 3)
    assert np.array_equal(printed[..., :2], paths.positions)
    assert np.array_equal(printed[..., 2], paths.losses)
    packed = part._walk(spec, 2000).frame  # what the browser is given is the same, in single precision
    np.testing.assert_array_equal(unpack(packed)[1]["0.x"], printed[0, :, 0].astype(np.float32))
