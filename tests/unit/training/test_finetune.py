"""Fine-tuning: its events, what learns and what does not, what it may be told, and that it goes on as if never stopped."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError, SpecError
from playground.core.events import (
    Change,
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
)  # fmt: skip
from playground.core.frames import unpack
from playground.data.text_set import labelled
from playground.hub.finetuning import Tuner
from playground.training import finetune_measure
from playground.training.finetune import fit
from playground.training.finetune_data import prepare
from playground.training.finetune_stored import StoredTune, pack_run, unpack_run
from tests.text_folder import text_folder
from tests.tuning import SMALL, sorted_texts, tiny_model, until

Model = tuple[Card, Path]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return tiny_model(tmp_path_factory.mktemp("models"))


def stored(run: Any) -> StoredTune:
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    return unpack_run(answer.state)


def frame(run: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = run.send(Show())
    assert isinstance(answer, FrameReady)
    return unpack(answer.frame)


def tuner_of(model: Model, **more: Any) -> Tuner:
    data = prepare(SMALL, sorted_texts())
    tuner = Tuner(*model, data.classes, **{"longest": 16, "seed": 1, **more})
    for name in ("train", "val", "test"):
        share = data.share(name)  # type: ignore[arg-type]
        tuner.take(name, share.texts, share.y)
    tuner.begin(tuner.used())
    return tuner


def test_events_come_in_order_and_what_is_done_in_pieces_is_one_step(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = until(fit(SMALL, data=sorted_texts(), model=model), Finished).metrics
    monkeypatch.setattr(finetune_measure, "PIECE", 1_500_000)
    monkeypatch.setattr(finetune_measure, "FIRST", 1)
    run = fit(SMALL, data=sorted_texts(), model=model)
    assert next(run) == Started("CPU", 0, 0)
    assert frame(run)[0]["phase"] == "split"
    events: list[Event] = []
    while not events or not isinstance(events[-1], Finished):
        events.append(next(run))
    steps = [event.step for event in events if isinstance(event, Stepped | EpochEnded)]
    assert steps == sorted(steps) and set(steps) == set(range(11))  # 36 training texts, 8 at a time, twice
    assert steps.count(0) > 5 and steps.count(1) > 1  # the baseline, and the pieces of a batch
    ends = [event for event in events if isinstance(event, EpochEnded)]
    assert [event.epoch for event in ends] == [1, 2]
    assert list(ends[0].metrics) == ["train_loss", "val_loss", "train_accuracy", "val_accuracy"]
    done = events[-1]
    assert isinstance(done, Finished) and done.seconds > 0
    more = {
        "test_loss",
        "test_accuracy",
        "best_epoch",
        "best_val_accuracy",
        "baseline_accuracy",
        "baseline_val_accuracy",
        "majority",
    }
    assert more <= set(done.metrics) == set(whole)
    assert done.metrics["baseline_accuracy"] == whole["baseline_accuracy"]
    assert next(run) == done
    assert run.send(Change({"epochs": 3})) == Obeyed()
    assert isinstance(next(run), Stepped)
    assert until(run, Finished).epoch == 3


def test_it_learns_and_what_is_tested_and_kept_are_the_best_weights(model: Model) -> None:
    run = fit(SMALL.replace(epochs=10, lr=1e-2, head=1), data=sorted_texts(120), model=model)
    done = until(run, Finished)
    assert done.metrics["test_accuracy"] > done.metrics["majority"] + 0.4
    kept = stored(run)
    assert (
        kept.best.accuracy == pytest.approx(max(kept.history[1:, 4])) and kept.best.epoch == done.metrics["best_epoch"]
    )
    run.send(OpenTest())
    run.send(OpenTest())
    opened = frame(run)[0]["test"]
    assert opened["opened"] == 2 and opened["accuracy"] == pytest.approx(done.metrics["test_accuracy"])


@pytest.mark.parametrize("steps", [0, 3, 5, 8], ids=["before", "mid-epoch", "before measuring", "later"])
def test_a_stored_run_goes_on_to_the_very_same_weights(
    model: Model, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetune_measure, "PIECE", 1_500_000)  # batches in pieces: one of them is stored half done
    spec, data = SMALL.replace(dropout=0.3, epochs=3), sorted_texts()
    one = fit(spec, data=data, model=model)
    until(one, Started)
    while steps and next(one).step != steps:  # type: ignore[union-attr]
        pass
    if steps == 3:
        next(one)
    answer = one.send(Save())
    assert isinstance(answer, Saved)
    other = fit(spec, state=answer.state, data=data, model=model)
    assert next(other) == Started("CPU", int(steps > 5), steps)
    assert dict(until(one, Finished).metrics) == dict(until(other, Finished).metrics)
    first, second = stored(one), stored(other)
    for name, array in first.engine.items():
        np.testing.assert_array_equal(array, second.engine[name], err_msg=name)
    for name, array in first.best.weights.items():
        np.testing.assert_array_equal(array, second.best.weights[name], err_msg=name)
    np.testing.assert_array_equal(first.history, second.history)


def test_a_stored_run_of_another_experiment_or_model_or_broken_is_refused(model: Model, tmp_path: Path) -> None:
    run = fit(SMALL, data=sorted_texts(), model=model)
    until(run, EpochEnded)
    kept = stored(run)
    state = pack_run(kept)
    for spec, data in (
        (SMALL.replace(seed=9), sorted_texts()),
        (SMALL.replace(freeze=1), sorted_texts()),
        (SMALL, sorted_texts(30)),
    ):
        with pytest.raises(InputError, match="start it again"):
            next(fit(spec, state=state, data=data, model=model))
    with pytest.raises(InputError, match="others by now"):
        next(fit(SMALL, state=state, data=sorted_texts(), model=tiny_model(tmp_path, seed=7)))
    broken = [
        state[:-40], b"", pack_run(dataclasses.replace(kept, history=np.zeros((2, 3)))),
        pack_run(dataclasses.replace(kept, engine={})), pack_run(dataclasses.replace(kept, rows=np.array([10**6]))),
    ]  # fmt: skip
    for content in broken:
        with pytest.raises(InputError, match=r"start it again|not this model's"):
            next(fit(SMALL, state=content, data=sorted_texts(), model=model))
    longer = fit(SMALL.replace(epochs=4, lr=1e-4), state=state, data=sorted_texts(), model=model)
    assert next(longer) == Started("CPU", 1, 5)
    assert until(longer, Finished).epoch == 4


@pytest.mark.parametrize("freeze", [0, 1, 2, -1])
def test_what_is_frozen_stays_as_it_is(model: Model, freeze: int) -> None:
    tuner = tuner_of(model, freeze=freeze)
    assert tuner.parts == ("embeddings", "layer.0", "layer.1", "pooler", "classifier")
    for step in range(3):
        tuner.learn(np.arange(8), 8, step, 0)
        assert tuner.update(1e-2, 1.0, 0.01)
    still = {0: set(), 1: {0, 1}, 2: {0, 1, 2}, -1: {0, 1, 2, 3}}[freeze]
    assert {part for part, moved in enumerate(tuner.moved()) if moved == 0} == still
    assert {part for part, length in enumerate(tuner.gradients()) if length == 0} == still
    if freeze == -1:  # the encoder is computed once for each text: the answers are the network's all the same
        rows = np.arange(6)
        hidden = tuner.features("val", rows)
        by_hand = hidden @ tuner.last.weight.detach().numpy().T + tuner.last.bias.detach().numpy()
        found = tuner.scores("val", rows)[1]
        np.testing.assert_allclose(found, np.exp(by_hand) / np.exp(by_hand).sum(1, keepdims=True), atol=1e-6)
        pieces = [tuner.model.pieces(text) for text in prepare(SMALL, sorted_texts()).val.texts[:6]]
        np.testing.assert_allclose(tuner.ask(pieces), found, atol=1e-6)


def test_only_vectors_of_pieces_that_occur_learn(model: Model) -> None:
    tuner = tuner_of(model)
    before = text_before = tuner.network.get_input_embeddings().whole.clone()
    tuner.learn(np.arange(16), 16, 0, 0)
    tuner.update(1e-2, 1.0, 0.01)
    changed = (tuner.network.get_input_embeddings().merged() != before).any(dim=1).numpy()
    assert 3 < changed.sum() <= len(tuner.rows) < len(text_before)
    assert set(np.flatnonzero(changed)) <= set(tuner.rows)


@pytest.mark.parametrize("family", ["distilbert", "roberta", "electra", "albert", "mpnet", "deberta-v2"])
def test_every_family_learns(family: str, tmp_path: Path) -> None:
    tuner = tuner_of(tiny_model(tmp_path, family), dropout=0.0)
    assert tuner.parts[0] == "embeddings" and tuner.parts[-1] == "classifier"
    losses = []
    for step in range(4):
        tuner.learn(np.arange(12), 12, step, 0)
        tuner.update(1e-3, 3.0, 0.0)
        losses.append(tuner.loss)
    assert losses[-1] < losses[0] and all(tuner.moved() >= 0)


def test_after_a_divergence_it_goes_back(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    run = fit(SMALL.replace(epochs=4), data=sorted_texts(), model=model)
    until(run, EpochEnded)
    update = Tuner.update

    def poisoned(self: Tuner, *rates: float) -> bool:
        good = update(self, *rates)
        self.load_weights({name: array * np.float32(math.nan) for name, array in self.weights().items()})
        return good

    with monkeypatch.context() as patch:
        patch.setattr(Tuner, "update", poisoned)
        lost = until(run, Diverged)
    assert lost.epoch == 1 and lost.step == 7 and "from 0.001 to 0.0001" in lost.message and "epoch 1" in lost.message
    assert next(run) == lost
    header = frame(run)[0]
    assert header["status"] == "diverged" and header["restore_epoch"] == 1 and header["suggest"] == {"lr": 1e-4}
    assert run.send(Restore()) == Obeyed("Back at epoch 1.")
    assert until(run, Finished).epoch == 4


def test_live_settings_change_at_the_next_step_and_others_do_not(model: Model) -> None:
    run = fit(SMALL.replace(schedule="constant", warmup=0), data=sorted_texts(), model=model)
    until(run, Stepped)
    assert run.send(Change({"lr": 5e-4, "dropout": 0.0, "batch_size": 4})) == Obeyed()
    assert frame(run)[0]["lr"] == 5e-4
    assert next(run).step == 2  # type: ignore[union-attr]
    for name, value, words in (
        ("freeze", 1, "start it again"),
        ("lr", 7.0, "Learning rate"),
        ("nothing", 1, "'nothing'"),
    ):
        note = run.send(Change({name: value})).note  # type: ignore[union-attr]
        assert words in note
    assert "cannot be edited" in run.send(Dissect()).note  # type: ignore[union-attr]


def test_early_stopping_ends_it_and_says_so(model: Model) -> None:
    run = fit(SMALL.replace(epochs=30, patience=1, lr=1e-2, schedule="constant"), data=sorted_texts(), model=model)
    done = until(run, Finished)
    assert done.epoch < 30 and done.epoch == done.metrics["best_epoch"] + 1
    assert "Stopped early" in frame(run)[0]["remark"]


def test_the_visitors_sentence_is_read_before_and_now(model: Model) -> None:
    run = fit(SMALL.replace(lr=3e-3, epochs=6), data=sorted_texts(), model=model)
    next(run)
    assert run.send(Look({"text": "the plot is dull"})) == Obeyed()
    first, blocks = frame(run)
    assert first["own"]["text"] == "the plot is dull" and first["own"]["pieces"] == ["the", "plot", "is", "dull"]
    np.testing.assert_array_equal(blocks["own"][0], blocks["own"][1])
    until(run, Finished)
    _, later = frame(run)
    np.testing.assert_array_equal(later["own"][0], blocks["own"][0])
    assert np.abs(later["own"][1] - later["own"][0]).max() > 0.1
    assert later["moved"].shape == (5,) and later["moved"].min() > 0
    assert "sentence" in run.send(Look({"text": "x" * 601})).note  # type: ignore[union-attr]
    assert "cell" in run.send(Look({"cell": [9, 9]})).note  # type: ignore[union-attr]
    assert run.send(Look({"text": None, "tab": 1})) == Obeyed()
    assert frame(run)[0]["own"]["text"] != "the plot is dull"


def test_the_sentence_and_its_way_come_back_with_a_stored_run(model: Model) -> None:
    spec, data = SMALL.replace(epochs=4), sorted_texts()
    run = fit(spec, data=data, model=model)
    next(run)
    run.send(Look({"text": "the plot is dull"}))
    for _ in range(2):
        frame(run)
        until(run, EpochEnded)
    header, blocks = frame(run)
    saved = run.send(Save())
    assert isinstance(saved, Saved)
    other = fit(spec, state=saved.state, data=data, model=model)
    next(other)
    again, back = frame(other)
    assert again["own"] == header["own"] and blocks["trail"].shape[1] == 3
    np.testing.assert_allclose(back["trail"], blocks["trail"], atol=1e-6)
    np.testing.assert_allclose(back["own"], blocks["own"], atol=1e-6)


def test_what_cannot_be_learnt_from_is_said_in_words(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    many = labelled([f"text {n}" for n in range(120)], [f"class {n}" for n in range(60)] * 2)
    for data, words in (
        (None, "none were given"),
        (labelled(["a", "b"], ["x", "y"]), "20 to 5,000"),
        (labelled([f"text {n}" for n in range(30)], ["same"] * 30), "at least two classes"),
        (many, "60 different labels"),
        (labelled([f"text {n}" for n in range(30)], [str(n) for n in range(30)]), "No class has two texts"),
    ):
        with pytest.raises(InputError, match=words):
            next(fit(SMALL, data=data, model=model))
    monkeypatch.setenv("PLAYGROUND_MODELS", str(tmp_path))
    text_folder(tmp_path, "other")
    with pytest.raises(SpecError, match="choose from .*other"):
        next(fit(SMALL, data=sorted_texts()))
    monkeypatch.setattr("playground.training.finetune_loop.TRAINED", {"local": 1_000, "public": 1})
    with pytest.raises(PlaygroundError, match="Freeze more layers"):
        next(fit(SMALL.replace(base="other"), data=sorted_texts()))
