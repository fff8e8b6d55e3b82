"""Inside one step: what the sentences say is what the rule did, to the last number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from playground.functional.surfaces import SURFACES
from playground.optim.descent import Racer, descend
from playground.optim.rules import RULES
from playground.optim.telling import Telling, tell

# What each rule's last sentence says a step is made of.
SAID: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "sgd": lambda n: -n["rate"] * n["gradient"],
    "momentum": lambda n: -n["rate"] * n["velocity"],
    "nesterov": lambda n: -n["rate"] * (n["gradient"] + n["momentum"] * n["velocity"]),
    "adagrad": lambda n: -n["rate"] * n["gradient"] / n["size"],
    "rmsprop": lambda n: -n["rate"] * n["gradient"] / n["size"],
    "adadelta": lambda n: -n["rate"] * n["gradient"] * n["stride"] / n["size"],
    "adam": lambda n: -n["rate"] * n["velocity"] / n["size"],
    "adamw": lambda n: n["shrink"] - n["rate"] * n["velocity"] / n["size"],
    "adamax": lambda n: -n["rate"] * n["velocity"] / n["size"],
    "nadam": lambda n: -n["rate"] * n["velocity"] / n["size"],
}


def told(rule: str, *, steps: int = 60, noise: float = 0.0, schedule: str = "constant", **hyper: float) -> Telling:
    surface = SURFACES["rosenbrock"]
    racer = Racer(rule, 1e-4 if rule in ("sgd", "momentum", "nesterov", "radam") else 0.05, hyper)
    paths = descend(surface, [Racer("sgd", 1e-4), racer], surface.start, steps, noise=noise, schedule=schedule, seed=3)
    return tell(paths, 1, noisy=noise > 0)


def values(telling: Telling) -> dict[str, Any]:
    return {**telling.constants, **telling.numbers}


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("rule", SAID)
def test_the_last_sentence_is_the_step(rule: str, schedule: str) -> None:
    n = values(told(rule, schedule=schedule))
    np.testing.assert_allclose(SAID[rule](n), n["step"], rtol=1e-9, atol=1e-12)


def test_radam_first_trusts_nothing_and_then_more_and_more() -> None:
    telling = told("radam")
    n = values(telling)
    (first, early), (since, late) = telling.forms
    assert first == 1 and since > 1 and "too few" in early[-1][1] and "trust" in late[-1][1]
    plain = -n["rate"] * n["velocity"]
    np.testing.assert_allclose(plain[: since - 1], n["step"][: since - 1], rtol=1e-9)
    np.testing.assert_allclose((plain / n["size"] * n["trust"])[since - 1 :], n["step"][since - 1 :], rtol=1e-9)
    assert len(told("radam", steps=3).forms) == 1


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_velocity_is_what_was_kept_and_the_gradient(rule: str) -> None:
    n = values(told(rule, momentum=0.7))
    np.testing.assert_allclose(0.7 * n["before"] + n["gradient"], n["velocity"], rtol=1e-12)
    assert not n["before"][0].any()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_sentences_and_every_place_in_them_a_number(rule: str) -> None:
    telling = told(rule, noise=0.5)
    known = {*telling.numbers, *telling.constants}
    for _, lines in telling.forms:
        assert lines[0][0] == "gradient"
        assert lines[-1][0] == "step"
        assert len(lines) > 2 or rule == "sgd"
        for sign, text in lines:
            assert set(re.findall(r"\{(\w+)\}", text)) <= known
            assert sign in known  # so that a mark on the picture belongs to it
            assert text.endswith(".")
    for name, numbers in telling.numbers.items():
        assert numbers.shape[0] == 60, name
        assert np.isfinite(numbers).all(), name


def test_beside_a_noisy_gradient_stands_the_true_one() -> None:
    n = values(told("sgd", noise=2.0))
    assert 1.0 < np.std(n["gradient"] - n["true"]) < 3.0
    assert "true" not in values(told("sgd"))
