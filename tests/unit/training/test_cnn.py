"""Training a convolutional network: its events, its best weights, what it may be told, and that it goes on as if never stopped."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest

from playground.core.errors import InputError, PlaygroundError
from playground.core.events import (
    Change,
    Computation,
    Dissect,
    Diverged,
    EpochEnded,
    Event,
    Finished,
    FrameReady,
    Look,
    Obeyed,
    OpenTest,
    Restore,
    Save,
    Saved,
    Show,
    Started,
    Stepped,
)
from playground.core.frames import unpack
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled
from playground.functional.convnet import forward
from playground.specs.cnn import CNNSpec
from playground.training import cnn_measure, cnn_seen, cnn_under_way
from playground.training.cnn import fit
from playground.training.cnn_data import Prepared, prepare, spread
from playground.training.cnn_stored import StoredCNN, pack_run, unpack_run

SMALL = CNNSpec(
    dataset="digits", preset="own", blocks=("conv:6:3:1:1:bn", "max:2", "dense:16"), epochs=2, batch_size=40, most=200, lr=0.02,
    augment=(),
)  # fmt: skip


def until(run: Computation, *kinds: type[Any], most: int = 5_000) -> Any:
    """The next event of some kinds."""
    for event in itertools.islice(run, most):
        if isinstance(event, kinds):
            return event
    raise AssertionError(f"none of {kinds} in {most} events")


def stored(run: Computation) -> StoredCNN:
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    return unpack_run(answer.state)


def finished(spec: CNNSpec, **more: Any) -> Finished:
    event = until(fit(spec, **more), Finished, Diverged)
    assert isinstance(event, Finished), event
    return event


def header(run: Computation) -> dict[str, Any]:
    answer = run.send(Show())
    assert isinstance(answer, FrameReady)
    return unpack(answer.frame)[0]


def test_events_come_in_order_and_what_is_measured_in_pieces_is_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = finished(SMALL).metrics
    monkeypatch.setattr(cnn_measure, "PIECE", 60 * SMALL.plan().products)
    run = fit(SMALL)
    assert next(run) == Started("CPU", 0, 0)
    events: list[Event] = []
    while not events or not isinstance(events[-1], Finished):
        events.append(next(run))
    steps = [event.step for event in events if isinstance(event, Stepped | EpochEnded)]
    assert steps == sorted(steps) and set(steps) == set(range(1, 11))
    assert steps.count(3) == 1 and steps.count(5) > 5  # 200 training and 270 validation pictures, 60 at a time
    ends = [event for event in events if isinstance(event, EpochEnded)]
    assert [event.epoch for event in ends] == [1, 2]
    assert list(ends[0].metrics) == ["train_loss", "val_loss", "train_accuracy", "val_accuracy"]
    done = events[-1]
    assert isinstance(done, Finished) and done.seconds > 0
    assert dict(done.metrics) == {name: pytest.approx(value) for name, value in whole.items()}
    assert {"test_loss", "test_accuracy", "best_epoch", "best_val_accuracy"} <= set(done.metrics)
    assert next(run) == done
    assert run.send(Change({"epochs": 3})) == Obeyed()
    assert isinstance(next(run), Stepped)
    assert until(run, Finished).epoch == 3


def test_it_learns_and_what_is_tested_and_kept_are_the_best_weights() -> None:
    spec = SMALL.replace(most=0, epochs=4, augment=("shift",))
    run = fit(spec)
    done = until(run, Finished)
    assert done.metrics["test_accuracy"] > 0.75
    kept, test = stored(run), IMAGE_SETS["digits"].load(None).test  # type: ignore[arg-type]  # needs no folder
    x = ((test.x / 255 - kept.mean) / kept.std).astype(np.float32).transpose(0, 3, 1, 2)
    z = forward(kept.spec.plan(), kept.best.weights, spec.activation, x)[-1]
    assert float(np.mean(z.argmax(1) == test.y)) == pytest.approx(done.metrics["test_accuracy"])
    assert kept.best.accuracy == max(kept.history[1:, 4]) and kept.best.epoch == done.metrics["best_epoch"]
    run.send(OpenTest())
    run.send(OpenTest())
    opened = header(run)["test"]
    assert opened["opened"] == 2 and opened["accuracy"] == pytest.approx(done.metrics["test_accuracy"])


@pytest.mark.parametrize("steps", [3, 5, 8], ids=["mid-epoch", "before measuring", "later"])
def test_a_stored_run_goes_on_to_the_very_same_weights(steps: int) -> None:
    spec = SMALL.replace(blocks=(*SMALL.blocks, "drop:30"), augment=("shift", "light"), epochs=3)
    one = fit(spec)
    until(one, Started)
    while next(one).step != steps:  # type: ignore[union-attr]
        pass
    answer = one.send(Save())
    assert isinstance(answer, Saved)
    other = fit(spec, state=answer.state)
    assert next(other) == Started("CPU", int(steps > 5), steps)
    assert dict(until(one, Finished).metrics) == dict(until(other, Finished).metrics)
    for name, array in stored(one).engine.items():
        np.testing.assert_array_equal(array, stored(other).engine[name], err_msg=name)
    np.testing.assert_array_equal(stored(one).history, stored(other).history)


def test_a_stored_run_of_another_experiment_or_broken_is_refused_and_a_live_change_is_taken() -> None:
    run = fit(SMALL)
    until(run, EpochEnded)
    kept = stored(run)
    state = pack_run(kept)
    for other in (SMALL.replace(seed=9), SMALL.replace(most=100), SMALL.replace(blocks=("dense:4",))):
        with pytest.raises(InputError, match="another experiment"):
            next(fit(other, state=state))
    broken = [
        state[:-40], b"", pack_run(dataclasses.replace(kept, mean=np.zeros(2, np.float32))),
        pack_run(dataclasses.replace(kept, history=np.zeros((2, 3)))), pack_run(dataclasses.replace(kept, engine={})),
        pack_run(dataclasses.replace(kept, best=dataclasses.replace(kept.best, weights={}))),
    ]  # fmt: skip
    for content in broken:
        with pytest.raises(InputError, match="start it again"):
            next(fit(SMALL, state=content))
    longer = fit(SMALL.replace(epochs=4, shift=2), state=state)
    assert next(longer) == Started("CPU", 1, 5)
    assert header(longer)["metrics"]["val_accuracy"] < kept.metrics["val_accuracy"]
    assert until(longer, Finished).epoch == 4


def test_early_stopping_ends_the_run_and_less_patience_lets_it_go_on() -> None:
    spec = SMALL.replace(lr=1e-5, schedule="constant", epochs=30, patience=2, shuffle_labels=True, optimizer="sgd")
    run = fit(spec)
    done = until(run, Finished)
    assert done.epoch == done.metrics["best_epoch"] + 2 < 30
    assert "Stopped early" in header(run)["remark"]
    run.send(Change({"patience": 0}))
    assert isinstance(next(run), Stepped)


def test_the_test_pictures_and_the_best_weights_are_not_changed_by_a_shift_but_what_is_measured_is() -> None:
    run = fit(SMALL.replace(most=0))
    done = until(run, Finished)
    before = stored(run)
    assert run.send(Change({"shift": 3})) == Obeyed()
    after = stored(run)
    assert after.metrics["val_accuracy"] < before.metrics["val_accuracy"] - 0.2
    assert (after.best.epoch, after.best.accuracy) == (before.best.epoch, before.best.accuracy)
    assert until(run, Finished).metrics["test_accuracy"] < done.metrics["test_accuracy"] - 0.2
    run.send(Change({"shift": 0, "epochs": 3}))
    until(run, EpochEnded)
    assert stored(run).best.accuracy >= before.best.accuracy


def test_a_divergence_waits_for_restore_and_a_lower_rate_goes_on() -> None:
    spec = SMALL.replace(
        blocks=("conv:4:3",), activation="identity", optimizer="sgd", schedule="constant", lr=0.01, epochs=9
    )
    run = fit(spec)
    until(run, EpochEnded)
    good = stored(run)
    run.send(Change({"lr": 1.0, "weight_decay": 0.1}))
    for _ in range(40):
        if isinstance(event := next(run), Diverged):
            break
        run.send(Change({"lr": 1.0}))
    else:
        raise AssertionError("no divergence")
    assert "no longer a finite number" in event.message and next(run) == event
    frame = header(run)
    assert frame["status"] == "diverged" and frame["restore_epoch"] >= 1 and frame["suggest"]["lr"] < 1
    assert run.send(Restore()) == Obeyed(f"Back at epoch {frame['restore_epoch']}.")
    run.send(Change({"lr": frame["suggest"]["lr"]}))
    assert until(run, EpochEnded).epoch == frame["restore_epoch"] + 1
    assert good.position.epoch == 1
    assert run.send(Restore()) == Obeyed("Nothing to restore: the run has not diverged.")


def test_what_cannot_be_done_is_answered_in_words_and_changes_nothing() -> None:
    run = fit(SMALL)
    next(run)
    for command, words in (
        (Change({"activation": "tanh"}), "cannot change while a run goes on"),
        (Change({"lr": 5.0}), "Learning rate"),
        (Dissect(), "cannot be edited"),
        (Look({"nothing": 1}), ""),
    ):
        answer = run.send(command)
        assert isinstance(answer, Obeyed) and words in answer.note and answer.note
    assert finished(SMALL).metrics == until(run, Finished).metrics


def test_the_rate_follows_its_schedule_over_all_epochs() -> None:
    run = fit(SMALL.replace(schedule="cosine"))
    next(run)
    rates = [header(run)["lr"]]
    for _ in range(9):
        until(run, Stepped, EpochEnded)
        rates.append(header(run)["lr"])
    assert (
        rates[0] == SMALL.lr
        and sorted(set(rates), reverse=True) == list(dict.fromkeys(rates))
        and min(rates) < SMALL.lr / 2
    )


def counts(y: Any) -> list[int]:
    return np.bincount(y, minlength=10).tolist()


def test_fewer_pictures_are_taken_evenly_and_shuffled_answers_are_those_of_the_training_alone() -> None:
    whole, few = prepare(SMALL.replace(most=0)), prepare(SMALL.replace(most=55))
    assert set(counts(few.data.train.y)) == {5, 6} and len(few.data.val.y) == len(whole.data.val.y)
    mixed = prepare(SMALL.replace(most=0, shuffle_labels=True))
    assert counts(mixed.data.train.y) == counts(whole.data.train.y)
    assert np.mean(mixed.data.train.y == whole.data.train.y) < 0.2
    np.testing.assert_array_equal(mixed.data.train.x, whole.data.train.x)
    np.testing.assert_array_equal(mixed.data.val.y, whole.data.val.y)
    np.testing.assert_array_equal(mixed.data.test.y, whole.data.test.y)
    assert "shuffled" in mixed.data.notes[-1] and "55 of 1,257" in few.data.notes[-1]


def test_shuffled_labels_are_learnt_by_heart_and_nothing_else() -> None:
    spec = SMALL.replace(
        blocks=("dense:128",), most=100, epochs=40, shuffle_labels=True, lr=0.01, batch_size=20, schedule="constant"
    )
    metrics = finished(spec).metrics
    assert metrics["train_accuracy"] > 0.9 and metrics["val_accuracy"] < 0.3


def test_shuffled_pixels_are_what_the_view_shows() -> None:
    spec = SMALL.replace(shuffle_pixels=True, shift=1)
    run = fit(spec)
    next(run)
    kept = stored(run)
    val = IMAGE_SETS["digits"].load(None).val  # type: ignore[arg-type]
    x = ((cnn_seen.given(spec, val.x) / 255 - kept.mean) / kept.std).astype(np.float32).transpose(0, 3, 1, 2)
    z = forward(spec.plan(), kept.best.weights, "relu", x)[-1]
    p = np.exp(z - z.max(1, keepdims=True))
    np.testing.assert_allclose(kept.measured.probabilities, p / p.sum(1, keepdims=True), atol=1e-3)


def own(side: int, count: int = 12) -> ImageSet:
    rng = np.random.default_rng(0)

    def share(n: int) -> Labelled:
        y = np.arange(n) % 2
        x = rng.integers(0, 60, (n, side, side, 3), dtype=np.uint8) + (120 * y).astype(np.uint8)[:, None, None, None]
        return Labelled(x, y)

    return ImageSet(share(count), share(4), share(0), ("dark", "light"))


def test_own_pictures_are_learnt_without_a_test_set_and_others_are_refused() -> None:
    spec = SMALL.replace(dataset="own", side=16, epochs=8, batch_size=4)
    run = fit(spec, data=own(16))
    done = until(run, Finished)
    assert done.metrics["val_accuracy"] == 1 and "test_accuracy" not in done.metrics
    answer = run.send(OpenTest())
    assert isinstance(answer, Obeyed) and "too few for a test set" in answer.note
    assert stored(run).classes == ("dark", "light")
    for data, words in ((None, "none were given"), (own(20), "20 × 20 pixels")):
        with pytest.raises(PlaygroundError, match=words):
            next(fit(spec, data=data))


def test_mean_and_spread_are_those_of_the_pixels() -> None:
    prepared: Prepared = prepare(SMALL)
    mean, std = spread(prepared.data.train.x)
    x = prepared.data.train.x / 255
    assert mean[0] == pytest.approx(x.mean(), abs=1e-6) and std[0] == pytest.approx(x.std(), abs=1e-5)
    assert spread(np.full((3, 4, 4, 1), 9, np.uint8))[1] > 0


def test_a_long_epoch_says_how_it_goes_before_it_ends_and_a_stored_one_goes_on_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = SMALL.replace(epochs=1)  # 200 pictures, 40 a step
    plain = finished(spec).metrics
    monkeypatch.setattr(cnn_under_way, "EVERY", 80)
    monkeypatch.setattr(cnn_under_way, "LONG", 1)
    run = fit(spec)
    until(run, Started)
    assert header(run)["batch_loss"] is None
    next(run)
    first = header(run)
    assert first["batch_loss"] > 0 and first["sample"] is None
    while header(run)["sample"] is None:
        event = next(run)
    assert isinstance(event, Stepped) and event.step == 2
    held, shown = stored(run), header(run)["sample"]
    assert 0 <= shown["val_accuracy"] <= 1 and shown["pictures"] == 270
    assert held.history[:, 0].tolist() == pytest.approx([0, 0.4])
    done = until(run, Finished)
    again = fit(spec, state=pack_run(held))
    assert dict(until(again, Finished).metrics) == dict(done.metrics)
    rows = stored(run).history
    np.testing.assert_array_equal(rows, stored(again).history)
    assert rows[:, 0].tolist() == pytest.approx([0, 0.4, 0.8, 1])
    assert rows[-1, 2] == pytest.approx(done.metrics["val_loss"])
    assert (header(run)["batch_loss"], header(run)["sample"]) == (None, None)
    assert dict(done.metrics) == {name: pytest.approx(value) for name, value in plain.items()}


def test_a_network_that_answers_to_nothing_is_called_dead() -> None:
    run = fit(SMALL.replace(blocks=("conv:6:3:1:1", "max:2", "dense:16"), lr=1.0, epochs=6))
    until(run, Finished)
    said = header(run)["remark"]
    assert said.startswith("Dead: ") and "is all 0" in said and "learning rate 0.001" in said
    lives = fit(SMALL)
    until(lives, EpochEnded)
    assert "Dead" not in header(lives)["remark"]
