"""The training loop: it learns, it is the same every time, it obeys, and it goes on where it was left."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.core.errors import InputError, PlaygroundError
from playground.core.events import (
    Change,
    Computation,
    Diverged,
    EpochEnded,
    Event,
    Finished,
    Look,
    Obeyed,
    Restore,
    Save,
    Saved,
    Started,
    Stepped,
)
from playground.core.frames import unpack
from playground.core.seed import Stream, generator
from playground.data.dataset import Dataset
from playground.data.registry import DATASETS
from playground.engine.contract import Blueprint
from playground.engine.torch import TorchEngine
from playground.functional.activations import ACTIVATIONS
from playground.optim.rules import RULES
from playground.specs.mlp import MLPSpec
from playground.training.probes import first_frames
from playground.training.stored import unpack_run
from playground.training.supervised import fit

SMALL = MLPSpec(samples=60, noise=0, batch_size=8, hidden=(3,), epochs=3)
HARD = MLPSpec(dataset="plane", samples=100, hidden=(4,), activation="identity", lr=10, epochs=50)


def until(run: Computation, kind: type[Any], most: int = 20_000) -> Any:
    """The next event of a kind."""
    for _ in range(most):
        if isinstance(event := next(run), kind):
            return event
    raise AssertionError(f"no {kind.__name__} in {most} events")


def parameters(run: Computation) -> NDArray[Any]:
    """All weights and biases, as they are now."""
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    return unpack_run(answer.state).engine["parameters"]


def finished(spec: MLPSpec) -> Finished:
    event = until(fit(spec), Finished | Diverged, 100_000)
    assert isinstance(event, Finished), event
    return event


def test_events_come_in_order_and_the_last_batch_of_an_epoch_brings_its_metrics() -> None:
    run = fit(SMALL)  # 30 training points, batches of 8: four steps an epoch
    assert next(run) == Started("CPU", 0, 0)
    events: list[Event] = [next(run) for _ in range(12)]
    assert [type(event) for event in events] == [Stepped, Stepped, Stepped, EpochEnded] * 3
    assert [event.step for event in events if isinstance(event, Stepped | EpochEnded)] == list(range(1, 13))
    last = events[-1]
    assert isinstance(last, EpochEnded)
    assert list(last.metrics) == ["train_loss", "val_loss", "train_accuracy", "val_accuracy"]
    done = next(run)
    assert isinstance(done, Finished)
    assert (done.epoch, done.step, dict(done.metrics)) == (3, 12, dict(last.metrics))
    assert done.seconds > 0
    assert next(run) == done
    assert run.send(Change({"epochs": 4})) == Obeyed()
    assert isinstance(next(run), Stepped)


@pytest.mark.parametrize("dataset", [name for name, entry in DATASETS.items() if entry.task != "regression"])
def test_every_classification_is_learnt_in_a_few_epochs(dataset: str) -> None:
    epochs, goal = (150, 0.9) if dataset == "spiral" else (40, 0.95)
    spec = MLPSpec(dataset=dataset, noise=5, hidden=(16, 16), optimizer="adam", lr=0.02, batch_size=16, epochs=epochs)
    metrics = finished(spec).metrics
    assert metrics["train_accuracy"] >= goal
    assert metrics["val_accuracy"] >= goal - 0.1
    assert ("test_accuracy" in metrics) == (not DATASETS[dataset].drawn)


@pytest.mark.parametrize(("dataset", "error"), [("plane", 0.05), ("multi_gauss", 0.2), ("diabetes", 60)])
def test_every_regression_is_learnt_in_the_targets_own_units(dataset: str, error: float) -> None:
    spec = MLPSpec(dataset=dataset, noise=0, hidden=(16, 16), optimizer="adam", lr=0.01, epochs=30)
    metrics = finished(spec).metrics
    assert metrics["val_error"] < error
    assert "val_accuracy" not in metrics


@pytest.mark.parametrize("optimizer", RULES)
@pytest.mark.parametrize("dataset", ["gauss", "blobs", "plane", "iris"])
def test_every_optimizer_learns(optimizer: str, dataset: str) -> None:
    spec = MLPSpec(dataset=dataset, samples=200, optimizer=optimizer, lr=RULES[optimizer].lr * 3, hidden=(6,), epochs=8)
    start = unpack(first_frames(spec)[1])[0]["metrics"]
    assert finished(spec).metrics["train_loss"] < 0.7 * start["train_loss"]


@pytest.mark.parametrize("activation", [name for name, entry in ACTIVATIONS.items() if entry.trainable])
def test_every_activation_learns(activation: str) -> None:
    metrics = finished(MLPSpec(dataset="gauss", activation=activation, lr=0.1, epochs=8)).metrics
    assert metrics["val_accuracy"] > 0.9


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    spec = dataclasses.replace(SMALL, dropout=0.3)
    one, same, other = (finished(dataclasses.replace(spec, seed=seed)).metrics for seed in (4, 4, 5))
    assert one == same
    assert one["train_loss"] != other["train_loss"]


class _Recorder(TorchEngine):
    """Notes what it is given to train on."""

    batches: list[tuple[NDArray[Any], NDArray[Any], int]]

    def __init__(self, blueprint: Blueprint) -> None:
        super().__init__(blueprint)
        _Recorder.batches = []

    def step(self, x: NDArray[Any], t: NDArray[Any], number: int) -> bool:
        self.batches.append((x.copy(), t.copy(), number))
        return super().step(x, t, number)


def test_an_epoch_is_every_training_point_once_in_the_order_of_the_seed() -> None:
    run = fit(SMALL, engine=_Recorder)
    state = until(run, EpochEnded) and run.send(Save())
    assert isinstance(state, Saved)
    until(run, EpochEnded)
    from playground.training.blueprint import prepared_data

    train = prepared_data(SMALL).train
    for epoch in (0, 1):
        order = generator(SMALL.seed, Stream.ORDER, epoch).permutation(30)
        batches = _Recorder.batches[4 * epoch : 4 * epoch + 4]
        np.testing.assert_array_equal(np.concatenate([x for x, _, _ in batches]), train.x[order].astype(np.float32))
        np.testing.assert_array_equal(np.concatenate([t for _, t, _ in batches])[:, 0], train.y[order])
        assert [number for _, _, number in batches] == list(range(4 * epoch, 4 * epoch + 4))


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "adamw"])
def test_a_stored_run_goes_on_bit_by_bit_as_if_never_interrupted(optimizer: str) -> None:
    spec = dataclasses.replace(SMALL, optimizer=optimizer, dropout=0.2, l2=0.01, epochs=20)
    whole = fit(spec)
    next(whole)
    for _ in range(10):  # in the middle of the third epoch
        next(whole)
    saved = whole.send(Save())
    assert isinstance(saved, Saved)
    again = fit(spec, state=saved.state)
    assert next(again) == Started("CPU", 2, 10)
    for _ in range(31):
        ours, theirs = next(whole), next(again)
        assert ours == theirs
    np.testing.assert_array_equal(parameters(whole), parameters(again))
    kept = [unpack_run(run.send(Save()).state) for run in (whole, again)]  # type: ignore[union-attr]
    np.testing.assert_array_equal(kept[0].history, kept[1].history)


def test_a_stored_run_takes_the_live_settings_of_the_spec_and_refuses_another_experiment() -> None:
    run = fit(SMALL)
    until(run, EpochEnded)
    run.send(Change({"lr": 0.5}))
    saved = run.send(Save())
    assert isinstance(saved, Saved)
    assert unpack_run(saved.state).spec.lr == 0.5
    again = fit(dataclasses.replace(SMALL, lr=0.25), state=saved.state)
    next(again)
    assert unpack_run(again.send(Save()).state).spec.lr == 0.25  # type: ignore[union-attr]
    with pytest.raises(InputError, match="another experiment"):
        next(fit(dataclasses.replace(SMALL, seed=2), state=saved.state))


@pytest.mark.parametrize("state", [b"", b"PK\x03\x04", b"not a zip at all" * 9])
def test_a_broken_state_is_refused_in_words(state: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        next(fit(SMALL, state=state))


def test_a_change_is_obeyed_from_the_next_step_on() -> None:
    run, other = fit(SMALL), fit(SMALL)
    for each in (run, other):
        next(each)
        next(each)
    before = parameters(run)
    assert run.send(Change({"lr": 0.3})) == Obeyed()
    next(run)
    next(other)
    np.testing.assert_allclose(parameters(run) - before, 10 * (parameters(other) - before), rtol=1e-3, atol=1e-6)


def test_batch_size_and_epochs_change_in_the_middle_of_an_epoch() -> None:
    run = fit(SMALL)
    next(run)
    next(run)  # 8 of 30 seen
    run.send(Change({"batch_size": 100, "epochs": 1}))
    assert isinstance(next(run), EpochEnded)
    assert isinstance(next(run), Finished)


def test_weight_decay_of_adamw_is_decoupled() -> None:
    spec = dataclasses.replace(SMALL, optimizer="adamw", lr=0.1, epochs=1)
    plain, decayed = fit(spec), fit(dataclasses.replace(spec, l2=0.5))
    start = None
    for run in (plain, decayed):
        next(run)
        start = parameters(run)
        next(run)
    assert start is not None
    inner = 2 * 3 + 3  # weights come before biases
    shift = parameters(decayed) - parameters(plain)
    np.testing.assert_allclose(shift[:inner], -0.1 * 0.5 * start[:inner], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(shift[inner:], 0, atol=1e-7)


@pytest.mark.parametrize("settings", [{"seed": 2}, {"lr": math.nan}, {"lr": 1e9}, {"warmth": 1}, {"loss": "mse"}])
def test_a_change_that_is_not_allowed_is_answered_in_words_and_the_run_goes_on(settings: dict[str, Any]) -> None:
    run = fit(SMALL)
    next(run)
    answer = run.send(Change(settings))
    assert isinstance(answer, Obeyed)
    assert answer.note
    assert unpack_run(run.send(Save()).state).spec == SMALL  # type: ignore[union-attr]
    assert isinstance(next(run), Stepped)


def test_a_divergence_is_said_stands_and_can_be_undone() -> None:
    run = fit(HARD)
    event = until(run, Diverged)
    assert "learning rate" in event.message
    assert "from 10 to 0.03" in event.message
    assert next(run) == event
    good = parameters_of_good(run)
    assert np.isfinite(good).all()
    assert isinstance(run.send(Restore()), Obeyed)
    np.testing.assert_array_equal(parameters(run), good)
    run.send(Change({"lr": 0.003}))
    ended = until(run, EpochEnded)
    assert ended.epoch <= event.epoch + 1
    assert until(run, Finished).metrics["val_error"] < 0.1


def parameters_of_good(run: Computation) -> NDArray[Any]:
    """What a diverged run is stored as: its last good state."""
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    return unpack_run(answer.state).engine["parameters"]


def test_restore_goes_back_to_a_state_worth_having() -> None:
    run = fit(dataclasses.replace(HARD, lr=0.01))
    sane = [until(run, EpochEnded).metrics["train_loss"] for _ in range(5)][-1]
    run.send(Change({"lr": 10}))
    until(run, Diverged)
    run.send(Restore())
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    stored = unpack_run(answer.state)
    assert stored.position.epoch == 5
    assert stored.history[-1, 1] == pytest.approx(sane)
    assert run.send(Restore()) == Obeyed("Nothing to restore: the run has not diverged.")


def test_too_much_decay_is_named_as_the_cause() -> None:
    run = fit(dataclasses.replace(SMALL, lr=1, l2=9, epochs=200))
    message = until(run, Diverged).message
    assert "L2 9" in message


def test_an_own_table_is_learnt_and_asked_for_where_it_is_missing() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(10, 3, (120, 3))
    table = Dataset(x, (x[:, 0] > x[:, 2]).astype(float), "binary", ("a", "b", "c"), "wins", ("no", "yes"))
    spec = MLPSpec(dataset="own", optimizer="adam", lr=0.05, epochs=60)
    metrics = until(fit(spec, data=table), Finished).metrics
    assert metrics["val_accuracy"] > 0.85
    assert metrics["test_accuracy"] > 0.8
    with pytest.raises(PlaygroundError, match="own table"):
        next(fit(spec))
    with pytest.raises(PlaygroundError, match="does not fit this data"):
        next(fit(dataclasses.replace(spec, loss="mse"), data=table))


def test_looking_elsewhere_trains_nothing() -> None:
    run = fit(MLPSpec(dataset="iris", epochs=2))
    next(run)
    before = parameters(run)
    assert run.send(Look({"axes": [2, 3], "held": 5, "focus": [1, 0]})) == Obeyed()
    assert "different inputs" in run.send(Look({"axes": [2, 2]})).note  # type: ignore[union-attr]
    np.testing.assert_array_equal(parameters(run), before)


def test_closing_frees_the_engine() -> None:
    closed = []

    class Closing(TorchEngine):
        def close(self) -> None:
            closed.append(True)
            super().close()

    run = fit(SMALL, engine=Closing)
    next(run)
    run.close()
    assert closed == [True]
