"""Gradient descent as an experiment: what it makes of its fields, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.specs.descent import OWN, DescentSpec
from playground.specs.hyper import SETTINGS, join


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


def test_each_optimizer_has_settings_of_its_own() -> None:
    hyper = ("nadam.beta1=0.5", "momentum.momentum=0.5", "adam.beta1=0.8", "adam.beta2=0.99", "nesterov.momentum=0.7")
    spec = DescentSpec(optimizer=("sgd", "momentum", "adam", "nesterov"), hyper=hyper).checked()
    own = [dict(racer.hyper) for racer in spec.racers()]
    assert own == [{}, {"momentum": 0.5}, {"beta1": 0.8, "beta2": 0.99}, {"momentum": 0.7}]
    assert DescentSpec.from_query(spec.to_query()) == (spec, [])
    assert DescentSpec.from_query(DescentSpec().to_query()) == (DescentSpec(), [])
    assert spec.relevant("hyper") and not DescentSpec(optimizer=("sgd",)).relevant("hyper")
    assert not DescentSpec(noise=0).relevant("seed")
    assert DescentSpec(noise=1).relevant("seed")


def test_a_setting_changes_the_walk() -> None:
    usual = DescentSpec(surface="ravine", optimizer=("momentum", "nesterov"), lr=(0.01,), steps=20)
    other = usual.replace(hyper=("momentum.momentum=0.5",)).checked()
    one, two = usual.paths().positions, other.paths().positions
    assert not np.array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])


def test_settings_are_written_once_and_only_where_they_differ() -> None:
    bound = DescentSpec.bounds()["hyper"]
    given = ("adam.beta1=0.5", " adam.beta1 = 0.80 ", "momentum.momentum=0.9", "adagrad.eps=1e-6")
    assert bound.check(given, "local") == ("adagrad.eps=1e-06", "adam.beta1=0.8")
    assert bound.check(bound.read(bound.write(())), "local") == ()


@pytest.mark.parametrize("rule", RULES)
def test_every_setting_of_every_rule_has_bounds_that_hold_its_own_value(rule: str) -> None:
    for name, own in RULES[rule].hyper.items():
        bound = SETTINGS[name]
        assert bound.check(own, "public") == own
        for value in (bound.low, bound.high):
            spec = DescentSpec(optimizer=(rule,), hyper=(join(rule, name, value),), steps=30).checked("public")
            assert spec.racers()[0].hyper.get(name, own) == value
            assert spec.paths().ended[0] > 0


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
        (
            {"surface": OWN, "formula": "log(x)", "start": (0, 0)},
            "start",
            "no value at x = 0; start where it has one, such",
        ),
        (
            {"surface": OWN, "formula": "sqrt(x) + y", "start": (-2, 2)},
            "start",
            r"no value at \(-2, 2\); .* \(0.25, 4\)",
        ),
        ({"surface": OWN, "formula": "sqrt(x)", "start": (0,)}, "start", "no slope at x = 0"),
        ({"surface": OWN, "formula": "sqrt(-1 - x^2)"}, "formula", "no value anywhere"),
        ({"start": (float("nan"), 1)}, "start", "not a number"),
        ({"lr": (1, 2, 3)}, "lr", "3 for 2 optimizers"),
        ({"lr": (-1,)}, "lr", "outside what is allowed"),
        ({"optimizer": ()}, "optimizer", "at least 1"),
        ({"optimizer": ("sgd", "adam", "nadam", "radam", "adamw")}, "optimizer", "at most 4"),
        ({"steps": 10**6}, "steps", "outside"),
        ({"hyper": ("adam.momentum=0.5",)}, "hyper", "Adam has no setting 'momentum'; it has beta1, beta2, eps"),
        ({"hyper": ("adma.beta1=0.5",)}, "hyper", "Did you mean 'adam'"),
        ({"hyper": ("adam.beta1=2",)}, "hyper", "Adam, beta1: '2' is outside what is allowed; choose a number from 0"),
        ({"hyper": ("adam.beta1=nan",)}, "hyper", "not a number"),
        ({"hyper": ("0.9",)}, "hyper", "rule.setting=value"),
        ({"hyper": (0.9,)}, "hyper", "rule.setting=value"),
        ({"hyper": 0.9}, "hyper", "rule.setting=value"),
    ],
)
def test_what_cannot_be_is_refused_and_names_its_field(values: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(SpecError, match=said) as caught:
        DescentSpec(**values).checked()
    assert caught.value.field == field


def test_a_curve_starts_from_one_number() -> None:
    spec = DescentSpec(surface="double_well", start=(1.5,)).checked()
    assert spec.place() == (1.5, 0.0)


@pytest.mark.parametrize(
    "formula", ["log(x)", "sqrt(x)", "1/x", "log(x)*sqrt(y)", "sqrt(x - 3.99999)", "sqrt(-x-y)", "(-x)^0.5"]
)
def test_the_own_start_of_a_formula_is_a_place_to_start_from(formula: str) -> None:
    spec = DescentSpec(surface=OWN, formula=formula, optimizer=("sgd",), steps=5).checked()
    assert np.isfinite(spec.paths().losses[0, 0]) and np.isfinite(spec.paths().gradients[0, 0]).all()
    spec.replace(start=spec.place()).checked()


def test_a_formula_is_read_once() -> None:
    spec = DescentSpec(surface=OWN, formula="x^2 + y^4").checked()
    assert spec.landscape() is spec.replace(steps=7).checked().landscape()
    assert spec.replace(extent=1.0).landscape() is not spec.landscape()
