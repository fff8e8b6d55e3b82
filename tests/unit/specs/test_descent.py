"""Gradient descent as an experiment: what it makes of its fields, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.specs.descent import OWN, DescentSpec


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_is_walked_with_every_rule(surface: str) -> None:
    for names in (
        ("sgd", "momentum", "nesterov", "adagrad"),
        ("adadelta", "rmsprop", "adam"),
        ("adamw", "adamax", "nadam", "radam"),
    ):
        spec = DescentSpec(surface=surface, optimizer=names, steps=40).checked("public")
        paths = spec.paths()
        assert paths.positions.shape == (len(names), 41, 2)
        assert tuple(paths.positions[0, 0]) == SURFACES[surface].start
        assert [racer.rule for racer in paths.racers] == list(names)
    assert len(RULES) == 11


def test_one_rate_for_all_one_for_each_or_one_that_suits() -> None:
    spec = DescentSpec(surface="bowl", optimizer=("adam", "sgd"))
    assert [racer.rate for racer in spec.replace(lr=(0.3,)).racers()] == [0.3, 0.3]
    assert [racer.rate for racer in spec.replace(lr=(0.3, 0.2)).racers()] == [0.3, 0.2]
    suited = [racer.rate for racer in spec.racers()]
    assert suited[0] != suited[1]
    assert [racer.rate for racer in spec.replace(lr=(0, 0.2)).racers()] == [suited[0], 0.2]


def test_hyper_parameters_reach_the_rules_that_have_them() -> None:
    spec = DescentSpec(optimizer=("sgd", "momentum", "adam"), momentum=0.5, beta1=0.8, beta2=0.99)
    assert [dict(racer.hyper) for racer in spec.racers()] == [{}, {"momentum": 0.5}, {"beta1": 0.8, "beta2": 0.99}]
    assert spec.relevant("momentum") and spec.relevant("beta1")
    assert not DescentSpec(optimizer=("sgd",)).relevant("momentum")
    assert not DescentSpec(noise=0).relevant("seed")
    assert DescentSpec(noise=1).relevant("seed")


def test_an_own_formula_is_walked_on_its_own_plane() -> None:
    spec = DescentSpec(surface=OWN, formula="(x - 7)^2 + y^2", extent=10, optimizer=("sgd",), lr=(0.1,), start=(0, 5))
    path = spec.checked().paths().positions[0]
    np.testing.assert_allclose(path[-1], [7, 0], atol=1e-6)
    restored, problems = DescentSpec.from_query(spec.checked().to_query())
    assert (restored, problems) == (spec.checked(), [])
    assert not DescentSpec().relevant("formula")


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"surface": OWN, "formula": "x +"}, "formula", "Formula, character 4"),
        ({"surface": OWN, "formula": ""}, "formula", "Write a formula"),
        ({"surface": "rosenbrock", "start": (3, 1)}, "start", "x = 3 is outside the picture; choose -2 to 2"),
        ({"start": (1,)}, "start", "two numbers"),
        ({"start": (float("nan"), 1)}, "start", "not a number"),
        ({"lr": (1, 2, 3)}, "lr", "3 for 2 optimizers"),
        ({"lr": (-1,)}, "lr", "outside what is allowed"),
        ({"optimizer": ()}, "optimizer", "at least 1"),
        ({"optimizer": ("sgd", "adam", "nadam", "radam", "adamw")}, "optimizer", "at most 4"),
        ({"steps": 10**6}, "steps", "outside"),
    ],
)
def test_what_cannot_be_is_refused_and_names_its_field(values: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(SpecError, match=said) as caught:
        DescentSpec(**values).checked()
    assert caught.value.field == field


def test_a_curve_starts_from_one_number() -> None:
    spec = DescentSpec(surface="double_well", start=(1.5,)).checked()
    assert spec.place() == (1.5, 0.0)
