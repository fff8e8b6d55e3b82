"""One unit trained from a bad start: the same path as torch takes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.functional.activations import sigmoid
from playground.functional.losses import LOSSES
from playground.functional.saturation import first_above, trained_logit

TORCH = {
    "brier": lambda z: (torch.sigmoid(z) - 1) ** 2,
    "cross_entropy": lambda z: functional.binary_cross_entropy_with_logits(z, torch.ones_like(z)),
}


@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize(("start", "lr"), [(-6.0, 1.0), (-1.0, 0.1), (3.0, 30.0)])
def test_path_is_that_of_torch(name: str, start: float, lr: float) -> None:
    z = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, expected = torch.optim.SGD([z], lr=lr), []
    for _ in range(60):
        expected.append(z.item())
        optimizer.zero_grad()
        TORCH[name](z).backward()
        optimizer.step()
    expected.append(z.item())
    np.testing.assert_allclose(trained_logit(LOSSES[name].gradient, start, lr, 60), expected, rtol=1e-9)


def test_squared_error_stays_where_cross_entropy_leaves() -> None:
    ends = {name: sigmoid(trained_logit(LOSSES[name].gradient, -6.0, 1.0, 100)) for name in TORCH}
    assert ends["brier"][-1] < 0.01
    assert ends["cross_entropy"][-1] > 0.98
    assert first_above(ends["brier"], 0.5) is None
    step = first_above(ends["cross_entropy"], 0.5)
    assert step is not None
    assert ends["cross_entropy"][step - 1] <= 0.5 < ends["cross_entropy"][step]
