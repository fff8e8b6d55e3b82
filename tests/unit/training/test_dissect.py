"""Looking inside the next step: it is the step that is then taken, and looking changes nothing."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.core.events import Change, Computation, Dissect, Dissected, Diverged, Finished, Obeyed, Save, Saved
from playground.data.registry import DATASETS
from playground.functional.backward import one_step
from playground.optim.rules import RULES
from playground.specs.mlp import MLPSpec
from playground.training.blueprint import prepared_data
from playground.training.stored import unpack_run
from playground.training.supervised import fit

SMALL = MLPSpec(samples=60, noise=0, batch_size=8, hidden=(3,), epochs=30)  # 30 training points: four steps an epoch


def begun(spec: MLPSpec, steps: int) -> Computation:
    run = fit(spec)
    for _ in range(steps + 1):
        next(run)
    return run


def look(run: Computation) -> Dissected:
    answer = run.send(Dissect())
    assert isinstance(answer, Dissected), answer
    return answer


def state(run: Computation) -> bytes:
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    return answer.state


def parameters(run: Computation) -> NDArray[Any]:
    return unpack_run(state(run)).engine["parameters"]


def flat(weights: tuple[NDArray[Any], ...], biases: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    return np.concatenate([array.ravel() for array in (*weights, *biases)])


@pytest.mark.parametrize("steps", [0, 1, 3, 6])
@pytest.mark.parametrize("rule", RULES)
def test_the_new_weights_are_those_that_the_next_step_makes(rule: str, steps: int) -> None:
    run = begun(dataclasses.replace(SMALL, optimizer=rule, l1=0.01, l2=0.02), steps)
    told = look(run)
    np.testing.assert_array_equal(flat(told.weights, told.biases), parameters(run))
    next(run)
    np.testing.assert_array_equal(flat(told.new_weights, told.new_biases), parameters(run))
    assert (told.step, told.rule) == (steps, rule)


@pytest.mark.parametrize("rule", RULES)
def test_a_run_that_was_looked_into_goes_on_as_if_it_had_not_been(rule: str) -> None:
    spec = dataclasses.replace(SMALL, optimizer=rule, dropout=0.3, l2=0.01)
    run, other = begun(spec, 0), begun(spec, 0)
    for _ in range(10):
        look(run)
        assert next(run) == next(other)
    look(run)
    ours, theirs = unpack_run(state(run)), unpack_run(state(other))
    assert ours.engine.keys() == theirs.engine.keys()
    for name, array in theirs.engine.items():
        np.testing.assert_array_equal(ours.engine[name], array, err_msg=name)
    assert dataclasses.replace(ours.position, seconds=0) == dataclasses.replace(theirs.position, seconds=0)
    np.testing.assert_array_equal(ours.history, theirs.history)


def test_dropout_is_left_out_of_the_step_that_is_told_and_on_again_afterwards() -> None:
    spec = dataclasses.replace(SMALL, hidden=(8,), dropout=0.5)
    run, whole = begun(spec, 2), begun(spec, 2)
    told = look(run)
    assert told.settings["dropout"] == 0.5
    whole.send(Change({"dropout": 0.0}))
    next(whole)
    np.testing.assert_array_equal(flat(told.new_weights, told.new_biases), parameters(whole))
    next(run)
    assert np.abs(parameters(run) - parameters(whole)).max() > 1e-6


def test_the_batches_told_are_those_of_an_epoch_each_training_row_once() -> None:
    run, train = begun(SMALL, 0), prepared_data(SMALL).train
    batches = []
    for first in (0, 8, 16, 24):
        told = look(run)
        assert (told.first, told.total, told.epoch) == (first, 30, 0)
        np.testing.assert_array_equal(told.x, train.x[told.rows].astype(np.float32))
        np.testing.assert_array_equal(told.t[:, 0], train.y[told.rows])
        batches.append(told.rows.tolist())
        next(run)
    assert [len(batch) for batch in batches] == [8, 8, 8, 6]
    assert sorted(itertools.chain(*batches)) == list(range(30))
    assert look(run).epoch == 1


def test_settings_are_those_of_now() -> None:
    run = begun(SMALL, 1)
    run.send(Change({"lr": 0.5, "batch_size": 3}))
    told = look(run)
    assert told.settings["lr"] == 0.5
    assert len(told.rows) == 3
    next(run)
    np.testing.assert_array_equal(flat(told.new_weights, told.new_biases), parameters(run))


@pytest.mark.parametrize("dataset", DATASETS)
def test_gradients_by_hand_are_those_of_autograd(dataset: str) -> None:
    for activation in ("tanh", "relu", "gelu"):
        told = look(begun(MLPSpec(dataset=dataset, hidden=(5, 4), activation=activation, batch_size=16), 3))
        step = one_step(
            told.weights, told.biases, told.x, told.t, activation=activation, loss=told.loss, lr=told.settings["lr"]
        )
        for layer, ours in enumerate(step.layers):
            np.testing.assert_allclose(ours.weight_gradients, told.weight_gradients[layer], rtol=1e-9, atol=1e-13)
            np.testing.assert_allclose(ours.bias_gradients, told.bias_gradients[layer], rtol=1e-9, atol=1e-13)
            np.testing.assert_allclose(ours.new_weights, told.new_weights[layer], rtol=1e-5, atol=1e-6)
        assert len(told.outputs) == told.t.shape[1]
        assert len(told.inputs) == told.x.shape[1]


def test_a_batch_too_large_to_check_is_told_without_autograds_gradients() -> None:
    spec = MLPSpec(samples=2000, hidden=(64, 64, 64, 64, 64, 64), batch_size=512)
    assert look(begun(spec, 0)).weight_gradients != ()
    from playground.engine import autograd

    most, autograd.MOST_WORK = autograd.MOST_WORK, 1_000_000
    try:
        told = look(begun(spec, 0))
    finally:
        autograd.MOST_WORK = most
    assert told.weight_gradients == ()
    assert told.new_weights[1].shape == (64, 64)


def test_where_there_is_no_next_step_it_is_said_in_words() -> None:
    done = fit(dataclasses.replace(SMALL, epochs=1))
    while not isinstance(next(done), Finished):
        pass
    answer = done.send(Dissect())
    assert isinstance(answer, Obeyed) and "done all its epochs" in answer.note
    run = fit(MLPSpec(dataset="plane", samples=100, hidden=(4,), activation="identity", lr=10, epochs=50))
    while not isinstance(next(run), Diverged):
        pass
    answer = run.send(Dissect())
    assert isinstance(answer, Obeyed) and "diverged" in answer.note


def test_a_step_into_the_infinite_is_told_and_leaves_the_run_where_it_was() -> None:
    run = begun(MLPSpec(dataset="plane", samples=100, hidden=(4,), activation="identity"), 1)
    before = parameters(run)
    run.send(Change({"lr": 10, "l2": 10, "l1": 10}))
    for _ in range(200):
        told = look(run)
        before = parameters(run)
        if isinstance(next(run), Diverged):
            break
    assert not np.isfinite(flat(told.new_weights, told.new_biases)).all()
    assert np.isfinite(before).all()
