"""Each schedule against the class of torch.optim.lr_scheduler that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from playground.optim.schedules import SCHEDULES

TOTAL, LR = 120, 0.4

# What torch's class is given to be ours, from our parameters. A schedule without an oracle fails here with a KeyError.
ARGUMENTS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "constant": lambda: {"factor": 1.0},
    "step": lambda every, gamma: {"step_size": round(every * TOTAL), "gamma": gamma},
    "exponential": lambda final: {"gamma": final ** (1 / TOTAL)},
    "cosine": lambda final: {"T_max": TOTAL, "eta_min": final * LR},
    "warm_up": lambda share, first: {"start_factor": first, "end_factor": 1.0, "total_iters": round(share * TOTAL)},
    "one_cycle": lambda peak, start, end: {
        "max_lr": LR, "total_steps": TOTAL, "pct_start": peak, "div_factor": start, "final_div_factor": end,
        "cycle_momentum": False,
    },
}  # fmt: skip
OTHER = {
    "every": 0.1, "gamma": 0.7, "final": 0.2, "share": 0.5, "first": 0.3, "peak": 0.6, "start": 10.0, "end": 50.0,
}  # fmt: skip


def of_torch(name: str, params: Mapping[str, float]) -> np.ndarray:
    """The learning rate at each step, as torch has it."""
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=LR)
    scheduler = getattr(lr_scheduler, SCHEDULES[name].torch)(optimizer, **ARGUMENTS[name](**params))
    rates = []
    for _ in range(TOTAL):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step() if len(rates) < TOTAL else None
    return np.array(rates)


@pytest.mark.parametrize("other", [False, True])
@pytest.mark.parametrize("name", SCHEDULES)
def test_same_learning_rates_as_torch(name: str, other: bool) -> None:
    entry = SCHEDULES[name]
    params = {key: OTHER[key] if other else span.default for key, span in entry.parameters.items()}
    ours = LR * entry.factors(TOTAL, **params)
    np.testing.assert_allclose(ours, of_torch(name, params), rtol=1e-9, atol=1e-12)
    if not other:
        np.testing.assert_array_equal(ours, LR * entry.factors(TOTAL))


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("total", [1, 2, 3, 500])
def test_a_factor_lies_between_0_and_1_at_both_ends_of_every_parameter(name: str, total: int) -> None:
    entry = SCHEDULES[name]
    spans = entry.parameters
    for params in ({k: s.low for k, s in spans.items()}, {k: s.high for k, s in spans.items()}, {}):
        factors = entry.factors(total, **params)
        assert factors.shape == (total,)
        assert np.isfinite(factors).all()
        assert ((factors >= 0) & (factors <= 1 + 1e-12)).all()
    assert all(span.low <= span.default <= span.high for span in spans.values())


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_longer_run_keeps_the_shape(name: str) -> None:
    short, long = SCHEDULES[name].factors(100), SCHEDULES[name].factors(1000)[::10]
    assert np.abs(short - long).max() < 0.15


def test_all_six_differ() -> None:
    assert list(SCHEDULES) == ["constant", "step", "exponential", "cosine", "warm_up", "one_cycle"]
    assert len({tuple(entry.factors(50).round(6)) for entry in SCHEDULES.values()}) == 6
