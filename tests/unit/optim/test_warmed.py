"""The schedules of fine-tuning: up from nothing, then down to nothing or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from playground.optim.warmed import SHAPES, warmed


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.5])
def test_it_rises_evenly_to_the_full_rate_and_never_passes_it(shape: str, warmup: float) -> None:
    factors = np.array([warmed(shape, step, 100, warmup) for step in range(100)])
    rise = round(100 * warmup)
    assert factors.max() == pytest.approx(1.0) and factors.min() > 0 and factors[rise] == pytest.approx(1.0)
    assert np.allclose(np.diff(factors[: rise + 1]), 1 / (rise + 1))
    down = factors[rise:]
    assert (np.diff(down) <= 0).all() if shape != "constant" else (down == 1).all()
    if shape == "linear":
        assert np.allclose(np.diff(down), -1 / len(down))
    if shape != "constant":
        assert down[-1] < 0.03 and down[len(down) // 2] == pytest.approx(0.5, abs=0.02)


def test_a_run_of_one_step_takes_it() -> None:
    assert [warmed(shape, 0, 1, 0.1) for shape in SHAPES] == [1.0] * 3
