"""The torch engine against the definitions: gradients, rules, penalties, dropout, and going on where it was left."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.seed import keep_mask
from playground.data.dataset import Task
from playground.engine.contract import Blueprint, Layers
from playground.engine.torch import WORTHWHILE, TorchEngine, pick_device
from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import LOSSES
from playground.optim.rules import RULES

Floats = NDArray[np.float64]
OUTPUTS = {"binary": 1, "classes": 3, "regression": 1}
PAIRS = [(loss, task) for loss, entry in LOSSES.items() for task in sorted(entry.tasks)]


def plan(task: Task = "binary", loss: str = "cross_entropy", rule: str = "sgd", **changes: Any) -> Blueprint:
    rng = np.random.default_rng(5)
    sizes = (3, 5, 4, OUTPUTS[task])
    weights = tuple(rng.normal(0, 0.6, (b, a)) for a, b in itertools.pairwise(sizes))
    biases = tuple(rng.normal(0, 0.3, b) for b in sizes[1:])
    made = Blueprint(
        sizes, "tanh", loss, task, rule, RULES[rule].hyper, RULES[rule].lr, Layers(weights, biases), seed=9
    )
    return dataclasses.replace(made, **changes)


def batch(task: Task, n: int = 12, seed: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (n, 3)).astype(np.float32)
    if task == "classes":
        return x, np.eye(3, dtype=np.float32)[rng.integers(0, 3, n)]
    t = rng.integers(0, 2, (n, 1)) if task == "binary" else rng.normal(0, 1, (n, 1))
    return x, t.astype(np.float32)


def backward(blueprint: Blueprint, x: NDArray[Any], t: NDArray[Any], masks: list[Floats] | None = None) -> Layers:
    """Backpropagation as in a textbook, float64, from the definitions alone."""
    activation = ACTIVATIONS[blueprint.activation]
    weights, biases = blueprint.start.weights, blueprint.start.biases
    inner = len(weights) - 1
    h, sums = [x.astype(np.float64)], []
    for layer in range(inner):
        sums.append(h[-1] @ weights[layer].T + biases[layer])
        h.append(activation.function(sums[-1]) * (masks[layer] if masks else 1.0))
    z = h[-1] @ weights[inner].T + biases[inner]
    delta = LOSSES[blueprint.loss].gradient(z, t.astype(np.float64)) / len(x)
    gw, gb = [], []
    for layer in range(inner, -1, -1):
        gw.insert(0, delta.T @ h[layer] + blueprint.l1 * np.sign(weights[layer]) + blueprint.l2 * weights[layer])
        gb.insert(0, delta.sum(axis=0))
        if layer:
            delta = (delta @ weights[layer]) * (masks[layer - 1] if masks else 1.0)
            delta = delta * activation.derivative(sums[layer - 1])
    return Layers(tuple(gw), tuple(gb))


def check_gradients(blueprint: Blueprint, task: Task, masks: list[Floats] | None = None, number: int = 0) -> None:
    x, t = batch(task)
    engine = TorchEngine(blueprint)
    assert engine.step(x, t, number)
    found, wanted = engine.gradients(), backward(blueprint, x, t, masks)
    for a, b in zip((*found.weights, *found.biases), (*wanted.weights, *wanted.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", [name for name, entry in ACTIVATIONS.items() if entry.trainable])
def test_gradients_of_every_activation_are_those_of_the_definition(activation: str) -> None:
    check_gradients(plan(activation=activation), "binary")


@pytest.mark.parametrize(("loss", "task"), PAIRS)
def test_gradients_and_value_of_every_loss_are_those_of_the_definition(loss: str, task: Task) -> None:
    blueprint = plan(task, loss)
    check_gradients(blueprint, task)
    x, t = batch(task)
    value, z = TorchEngine(blueprint).evaluate(x, t)
    assert z.shape == (12, OUTPUTS[task])
    assert value == pytest.approx(float(LOSSES[loss].value(z.astype(float), t.astype(float)).mean()), rel=1e-5)


def test_penalties_pull_at_weights_and_not_at_biases() -> None:
    check_gradients(plan(l1=0.3, l2=0.7), "binary")


def test_dropout_leaves_out_the_units_of_the_shared_masks() -> None:
    rate, number = 0.4, 17
    masks = [keep_mask(9, number, layer, (12, units), rate) / (1 - rate) for layer, units in enumerate((5, 4))]
    check_gradients(plan(dropout=rate), "binary", masks, number)
    engine, whole = TorchEngine(plan(dropout=rate)), TorchEngine(plan())
    x, t = batch("binary")
    assert engine.evaluate(x, t)[0] == whole.evaluate(x, t)[0], "dropout is off while it is measured"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_steps_as_its_definition(rule: str) -> None:
    blueprint = plan(rule=rule)
    engine, entry = TorchEngine(blueprint), RULES[rule]
    memory: dict[int, list[Floats]] = {}
    for number in range(6):
        before = engine.weights()
        engine.step(*batch("binary", seed=number), number)
        after, g = engine.weights(), engine.gradients()
        arrays = zip(
            (*before.weights, *before.biases), (*after.weights, *after.biases), (*g.weights, *g.biases), strict=True
        )
        for index, (theta, found, gradient) in enumerate(arrays):
            s = memory.setdefault(index, [np.zeros(theta.shape) for _ in range(3)])
            hyper = dict(entry.hyper)
            if "weight_decay" in hyper and theta.ndim == 1:
                hyper["weight_decay"] = 0.0  # biases are free of decay
            wanted, *memory[index] = entry.step(
                theta.astype(float), gradient.astype(float), *s, number + 1, entry.lr, *hyper.values()
            )
            np.testing.assert_allclose(found, wanted, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("rule", RULES)
def test_a_state_goes_on_to_the_very_same_weights(rule: str) -> None:
    blueprint = plan(rule=rule, l2=0.01, dropout=0.2)
    one, other = TorchEngine(blueprint), TorchEngine(blueprint)
    other.step(*batch("binary", seed=99), 0)  # a memory that has to be replaced
    fresh = one.state()
    for number in range(5):
        one.step(*batch("binary", seed=number), number)
    other.load(one.state())
    for number in range(5, 9):
        one.step(*batch("binary", seed=number), number)
        other.step(*batch("binary", seed=number), number)
    kept, again = one.state(), other.state()
    assert kept.keys() == again.keys()
    for name in kept:
        np.testing.assert_array_equal(kept[name], again[name], err_msg=name)
    other.load(fresh)
    again, start = other.state(), TorchEngine(blueprint).state()
    assert again.keys() == start.keys()
    np.testing.assert_array_equal(again["parameters"], start["parameters"])


@pytest.mark.parametrize(
    ("setting", "value"), [("lr", 0.5), ("l1", 0.2), ("l2", 0.2), ("dropout", 0.5), ("momentum", 0.0)]
)
def test_a_change_is_obeyed_at_the_next_step(setting: str, value: float) -> None:
    start = plan(rule="momentum")
    changed, unchanged = TorchEngine(start), TorchEngine(start)
    for engine in (changed, unchanged):
        engine.step(*batch("binary"), 0)
    changed.change({setting: value})
    for engine in (changed, unchanged):
        engine.step(*batch("binary", seed=2), 1)
    assert not np.allclose(changed.weights().weights[0], unchanged.weights().weights[0], atol=1e-6)
    with pytest.raises(KeyError, match="warmth"):
        changed.change({"warmth": 1.0})


def test_nesterov_runs_without_momentum() -> None:
    plain, nesterov = TorchEngine(plan(lr=0.1)), TorchEngine(plan(rule="nesterov", hyper={"momentum": 0.0}, lr=0.1))
    for engine in (plain, nesterov):
        engine.step(*batch("binary"), 0)
    np.testing.assert_allclose(plain.weights().weights[0], nesterov.weights().weights[0], rtol=1e-6)


def test_a_step_says_when_numbers_are_no_longer_finite() -> None:
    engine = TorchEngine(plan("regression", "mse", lr=1e30))
    x, t = batch("regression")
    assert [engine.step(x, t, number) for number in range(3)][-1] is False


@pytest.mark.parametrize("harm", ["missing", "shape", "dtype", "rule"])
def test_a_broken_state_is_refused_in_words(harm: str) -> None:
    engine = TorchEngine(plan(rule="adam"))
    engine.step(*batch("binary"), 0)
    state = engine.state()
    if harm == "missing":
        del state["parameters"]
    elif harm == "rule":
        del state["rule.0.exp_avg"]
    else:
        state["parameters"] = state["parameters"][:-1] if harm == "shape" else state["parameters"].astype("S4")
    with pytest.raises(InputError, match="stored run"):
        TorchEngine(plan(rule="adam")).load(state)


def test_what_is_handed_out_is_a_copy() -> None:
    engine = TorchEngine(plan())
    before = engine.weights()
    engine.weights().weights[0][:] = 7
    engine.state()["parameters"][:] = 7
    np.testing.assert_array_equal(engine.weights().weights[0], before.weights[0])


def test_tiny_work_stays_on_the_cpu_and_a_missing_device_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert pick_device("auto", WORTHWHILE) == (torch.device("cpu"), "CPU")
    with pytest.raises(InputError, match="no device 'cuda' here; choose from auto, cpu"):
        pick_device("cuda", 1)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert pick_device("auto", WORTHWHILE) == (torch.device("mps"), "MPS")
    assert pick_device("auto", WORTHWHILE - 1) == (torch.device("cpu"), "CPU (quicker than MPS at this size)")
    assert pick_device("cpu", WORTHWHILE) == (torch.device("cpu"), "CPU")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H200")
    assert pick_device("auto", WORTHWHILE) == (torch.device("cuda"), "CUDA: NVIDIA H200")
