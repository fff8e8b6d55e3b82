"""Softmax at a temperature, its Jacobian and its loss against torch's autograd; cross-entropy as entropy plus divergence."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.functional.losses import LOSSES, softmax
from playground.functional.softmax import (
    entropy,
    softmax_jacobian,
    tempered,
    tempered_cross_entropy,
    tempered_cross_entropy_gradient,
)

Z = np.random.default_rng(5).normal(0, 3, (20, 5))
SOFT = softmax(np.random.default_rng(6).normal(0, 1, Z.shape))


@pytest.mark.parametrize("temperature", [0.05, 0.7, 1.0, 20.0])
def test_jacobian_is_that_of_autograd(temperature: float) -> None:
    found = softmax_jacobian(Z, temperature)
    assert found.shape == (20, 5, 5)
    for row, z in zip(found, Z, strict=True):
        expected = torch.autograd.functional.jacobian(
            lambda logits: torch.softmax(logits / temperature, 0), torch.from_numpy(z)
        )
        np.testing.assert_allclose(row, expected.numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=2), 0, atol=1e-12)


@pytest.mark.parametrize("temperature", [0.05, 0.7, 1.0, 20.0])
@pytest.mark.parametrize("target", ["one-hot", "soft"])
def test_loss_at_a_temperature_is_that_of_torch_with_its_gradient(temperature: float, target: str) -> None:
    t = SOFT if target == "soft" else np.eye(5)[np.arange(20) % 5]
    leaf = torch.from_numpy(Z).requires_grad_()
    value = functional.cross_entropy(leaf / temperature, torch.from_numpy(t), reduction="none")
    (slope,) = torch.autograd.grad(value.sum(), leaf)
    np.testing.assert_allclose(tempered_cross_entropy(Z, t, temperature), value.detach().numpy(), rtol=1e-10)
    found = tempered_cross_entropy_gradient(Z, t, temperature)
    np.testing.assert_allclose(found, slope.numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found, (tempered(Z, temperature) - t) / temperature, rtol=1e-9, atol=1e-12)


def test_cold_is_the_argmax_and_hot_is_even() -> None:
    np.testing.assert_allclose(tempered(Z, 0.001), np.eye(5)[Z.argmax(axis=1)], atol=1e-6)
    np.testing.assert_allclose(tempered(Z, 1e6), 0.2, atol=1e-4)


def test_the_same_number_on_all_logits_changes_nothing() -> None:
    np.testing.assert_allclose(tempered(Z + 1, 0.7), tempered(Z, 0.7), rtol=1e-12)
    np.testing.assert_allclose(softmax_jacobian(Z + 1), softmax_jacobian(Z), rtol=1e-10, atol=1e-15)


def test_entropy_is_that_of_torch_and_nothing_where_it_is_certain() -> None:
    expected = torch.distributions.Categorical(probs=torch.from_numpy(SOFT)).entropy().numpy()
    np.testing.assert_allclose(entropy(SOFT), expected, rtol=1e-6)
    certain = entropy(np.eye(3))
    assert (certain == 0).all()
    assert not np.signbit(certain).any()


def test_cross_entropy_is_entropy_plus_divergence_and_both_have_the_same_gradient() -> None:
    cross, divergence = LOSSES["cross_entropy"], LOSSES["kl_divergence"]
    np.testing.assert_allclose(cross.value(Z, SOFT), entropy(SOFT) + divergence.value(Z, SOFT), rtol=1e-12)
    np.testing.assert_allclose(cross.gradient(Z, SOFT), divergence.gradient(Z, SOFT), atol=1e-12)
    assert (np.abs(cross.value(Z, SOFT) - divergence.value(Z, SOFT)) > 0.1).all()
