"""The curve of a run: bounded, steady as it grows, the same after storing."""

from __future__ import annotations

import numpy as np
import pytest

from playground.training.history import KEPT, SHOWN, History


def grown(last: int) -> History:
    history = History()
    for epoch in range(last + 1):
        history.add(epoch, 1 / (1 + epoch), 2 / (1 + epoch), 0.5, float("nan"))
    return history


@pytest.mark.parametrize("last", [0, 1, 148, 149, 150, 151, 1999, 2000, 2001, 12_345])
def test_first_and_newest_are_always_there_and_the_size_is_bounded(last: int) -> None:
    history = grown(last)
    curve, rows = history.curve(), history.rows()
    assert curve.dtype == np.float32
    assert curve.shape[0] == 5
    assert curve.shape[1] <= SHOWN
    assert curve.shape[1] >= min(last + 1, SHOWN // 2 - 1)
    assert len(rows) <= KEPT + 1
    for epochs in (curve[0], rows[:, 0]):
        assert (epochs[0], epochs[-1]) == (0, last)
        assert (np.diff(epochs) > 0).all()
    assert curve[1, -1] == np.float32(1 / (1 + last))


def test_points_that_are_shown_stay_or_go_but_never_move() -> None:
    history, before = History(), set[float]()
    dropped = 0
    for epoch in range(3000):
        history.add(epoch, 1, 1, 1, 1)
        now = set(history.curve()[0].tolist())
        new = now - before - {float(epoch)}
        dropped += not before - {float(epoch - 1)} <= now
        assert new <= {float(epoch - 1)}
        before = now
    assert dropped < 8  # only when the stride doubles


@pytest.mark.parametrize("last", [0, 1, 2, 3, 1000, 2000, 2001, 2003, 9001])
def test_a_stored_history_goes_on_as_if_never_interrupted(last: int) -> None:
    whole = grown(last)
    again = History(whole.rows())
    for epoch in range(last + 1, last + 4100):
        whole.add(epoch, 1, 2, 3, 4)
        again.add(epoch, 1, 2, 3, 4)
        if epoch % 500 == 0:
            np.testing.assert_array_equal(whole.rows(), again.rows())
    np.testing.assert_array_equal(whole.curve(), again.curve())


def test_rewinding_forgets_what_came_later() -> None:
    history = grown(40)
    history.rewind(25)
    assert history.rows()[-1, 0] == 25
    history.add(26, 9, 9, 9, 9)
    assert history.rows()[-2:, 0].tolist() == [25, 26]
