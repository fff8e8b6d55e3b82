"""What the two networks of a GAN make small: values and slopes against torch's, and which of them go flat."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.gan_scores import DISCRIMINATOR, GENERATOR
from playground.functional.gan_losses import LOSSES

S = np.linspace(-6, 6, 41) + 0.01
OTHER = np.linspace(4, -5, 41) - 0.02


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_definitions_are_what_the_engine_computes_and_slopes_are_their_derivatives(name: str, smoothing: float) -> None:
    loss = LOSSES[name]
    real, made = (torch.tensor(scores, requires_grad=True) for scores in (S, OTHER))
    taken = smoothing if loss.smooth else 0.0
    found = DISCRIMINATOR[name](real, made, taken)
    found.backward()  # type: ignore[no-untyped-call]
    assert found.item() == pytest.approx(loss.real(S, taken).mean() + loss.made(OTHER).mean(), abs=1e-9)
    of_real, of_made, of_wanted = loss.slopes
    assert real.grad is not None and made.grad is not None
    np.testing.assert_allclose(real.grad.numpy() * len(S), of_real(S, taken), atol=1e-9)
    np.testing.assert_allclose(made.grad.numpy() * len(S), of_made(OTHER), atol=1e-9)
    made.grad = None
    wanted = GENERATOR[name](made)
    wanted.backward()  # type: ignore[no-untyped-call]
    assert wanted.item() == pytest.approx(loss.wanted(OTHER).mean(), abs=1e-9)
    np.testing.assert_allclose(made.grad.numpy() * len(S), of_wanted(OTHER), atol=1e-9)


def test_only_minimax_teaches_nothing_where_the_discriminator_is_sure() -> None:
    sure = np.array([-20.0])
    flat = {name for name, loss in LOSSES.items() if abs(loss.slopes[2](sure)[0]) < 1e-6}
    assert flat == {"minimax"}


def test_a_score_above_the_middle_is_a_better_answer_for_a_real_picture() -> None:
    for loss in LOSSES.values():
        if loss.middle is None:
            assert loss.says == "critic"
            continue
        above, below = np.array([loss.middle + 0.3]), np.array([loss.middle - 0.3])
        assert loss.real(above, 0.0) < loss.real(below, 0.0) and loss.made(below) < loss.made(above)
        assert loss.real(above, 0.0) == pytest.approx(loss.made(below))  # neither side is favoured
