"""From an experiment to an engine's blueprint: initial weights, settings, penalties."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.engine.contract import Layers
from playground.functional.initial import INITIALISERS
from playground.optim.rules import RULES
from playground.specs.mlp import MLPSpec
from playground.training.blueprint import blueprint, initial_layers, penalty, prepared_data


@pytest.mark.parametrize("init", INITIALISERS)
def test_initial_weights_come_from_the_seed_layer_by_layer(init: str) -> None:
    spec = MLPSpec(init=init)
    layers = initial_layers(spec, (2, 8, 6, 3))
    assert [matrix.shape for matrix in layers.weights] == [(8, 2), (6, 8), (3, 6)]
    assert [vector.shape for vector in layers.biases] == [(8,), (6,), (3,)]
    again = initial_layers(spec, (2, 8, 6, 3))
    other = initial_layers(dataclasses.replace(spec, seed=2), (2, 8, 6, 3))
    wider_below = initial_layers(spec, (5, 8, 6, 3))
    for layer in range(3):
        np.testing.assert_array_equal(layers.weights[layer], again.weights[layer])
        if init != "zeros":
            assert not np.array_equal(layers.weights[layer], other.weights[layer])
            assert not np.array_equal(layers.biases[layer], other.biases[layer])
        if layer:  # a layer does not depend on what was drawn before it
            np.testing.assert_array_equal(layers.weights[layer], wider_below.weights[layer])


def test_biases_spread_from_minus_1_to_1_and_with_zeros_there_are_none() -> None:
    wide = initial_layers(MLPSpec(), (4, 2000, 1)).biases[0]
    assert np.abs(wide).max() <= 1
    assert wide.std() == pytest.approx(1 / np.sqrt(3), rel=0.05)
    for vector in initial_layers(MLPSpec(init="zeros"), (2, 4, 1)).biases:
        np.testing.assert_array_equal(vector, 0)


@pytest.mark.parametrize("optimizer", RULES)
def test_every_rule_gets_all_its_hyper_parameters(optimizer: str) -> None:
    spec = MLPSpec(optimizer=optimizer, momentum=0.7, l2=0.2)
    plan = blueprint(spec, prepared_data(spec))
    assert plan.hyper.keys() == RULES[optimizer].hyper.keys()
    assert plan.hyper.get("momentum", 0.7) == 0.7
    assert (plan.l2, plan.hyper.get("weight_decay")) == ((0.0, 0.2) if optimizer == "adamw" else (0.2, None))


def test_the_penalty_is_of_weights_alone() -> None:
    layers = Layers((np.array([[1.0, -2.0]]),), (np.array([50.0]),))
    assert penalty(MLPSpec(l1=0.1, l2=0.01), layers) == pytest.approx(0.1 * 3 + 0.01 * 5 / 2)
    assert penalty(MLPSpec(l2=0.01, optimizer="adamw"), layers) == 0
