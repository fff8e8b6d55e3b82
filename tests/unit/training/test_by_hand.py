"""What a visitor does to a network beyond training it: set a number by hand, open the test set."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from playground.core import frames
from playground.core.events import Computation, Edit, EpochEnded, FrameReady, Obeyed, OpenTest, Save, Saved, Show
from playground.specs.mlp import MLPSpec
from playground.training.supervised import fit

SPEC = MLPSpec(hidden=(3, 2))


def begun(spec: MLPSpec = SPEC, state: bytes | None = None) -> Computation:
    run = fit(spec, state=state)
    next(run)
    return run


def shown(run: Computation) -> tuple[dict[str, Any], dict[str, Any]]:
    frame = run.send(Show())
    assert isinstance(frame, FrameReady)
    return frames.unpack(frame.frame)


@pytest.mark.parametrize("value", [0.0, -2.5, 7.25])
def test_a_weight_set_by_hand_is_that_weight_alone(value: float) -> None:
    run = begun()
    before = shown(run)
    assert run.send(Edit(1, 0, 2, value)) == Obeyed()
    after = shown(run)

    def matrix(frame: tuple[dict[str, Any], dict[str, Any]]) -> np.ndarray[Any, Any]:
        header, blocks = frame
        return blocks["weights"][6:12].reshape(2, 3) / 32767 * header["weight_scales"][1]  # after the 3 x 2 of layer 0

    wanted = matrix(before).copy()
    wanted[0, 2] = value
    np.testing.assert_allclose(matrix(after), wanted, atol=2 * after[0]["weight_scales"][1] / 32767)
    assert after[0]["metrics"]["train_loss"] != before[0]["metrics"]["train_loss"]
    np.testing.assert_array_equal(after[1]["biases"], before[1]["biases"])


def test_a_bias_set_by_hand_is_that_bias_alone_and_training_goes_on_from_it() -> None:
    run = begun()
    before = shown(run)[1]["biases"]
    run.send(Edit(0, 1, None, 0.5))
    after = shown(run)[1]["biases"]
    assert after[1] == 0.5
    np.testing.assert_array_equal(np.delete(after, 1), np.delete(before, 1))
    next(run)
    moved = shown(run)[1]["biases"]
    assert moved[1] != 0.5
    assert abs(moved[1] - 0.5) < 0.1


@pytest.mark.parametrize(
    "edit",
    [Edit(3, 0, 0, 1.0), Edit(-1, 0, 0, 1.0), Edit(0, 3, 0, 1.0), Edit(0, 0, 2, 1.0), Edit(0, 0, -1, 1.0)],
)
def test_a_number_that_is_not_there_is_refused_in_words(edit: Edit) -> None:
    run = begun()
    before = shown(run)
    answer = run.send(edit)
    assert answer == Obeyed("This network has no such weight or bias.")
    np.testing.assert_array_equal(shown(run)[1]["weights"], before[1]["weights"])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9])
def test_a_value_beyond_reason_is_refused_in_words(value: float) -> None:
    answer = begun().send(Edit(0, 0, 0, value))
    assert isinstance(answer, Obeyed)
    assert "write a number from -1000 to 1000" in answer.note


def test_the_test_set_is_covered_until_it_is_opened_and_each_opening_counts() -> None:
    run = begun(MLPSpec(dataset="iris"))
    assert shown(run)[0]["test"] is None
    run.send(OpenTest())
    first = shown(run)[0]["test"]
    assert first["opened"] == 1
    assert first["epoch"] == 0
    next(event for event in run if isinstance(event, EpochEnded) and event.epoch == 30)
    assert shown(run)[0]["test"] == first
    run.send(OpenTest())
    second = shown(run)[0]["test"]
    assert second["opened"] == 2
    assert second["epoch"] == 30
    assert second["loss"] < first["loss"]
    saved = run.send(Save())
    assert isinstance(saved, Saved)
    assert shown(begun(MLPSpec(dataset="iris"), saved.state))[0]["test"] == second


def test_drawn_data_has_no_test_set_and_says_so() -> None:
    answer = begun().send(OpenTest())
    assert isinstance(answer, Obeyed)
    assert "no test set" in answer.note


def test_metrics_of_an_epoch_never_tell_the_test_set() -> None:
    run = fit(MLPSpec(dataset="iris"))
    ended = [event for event in itertools.islice(run, 40) if isinstance(event, EpochEnded)]
    assert ended
    assert not any(name.startswith("test") for event in ended for name in event.metrics)
