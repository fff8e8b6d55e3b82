"""Softmax regression on fixed features: at its end the gradient is gone, and the scale of the features does not matter."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.functional.last_layer import fit_last_layer


def clouds(seed: int = 0, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), 12)
    return (random.normal(size=(classes, 20))[labels] + 1.5 * random.normal(size=(len(labels), 20))).astype(
        np.float32
    ), labels


def test_it_ends_where_torch_finds_no_slope() -> None:
    x, labels = clouds()
    decay, found = 0.05, fit_last_layer(x, labels, 3, 0.05)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3 * x.std()
    scale = spread * np.sqrt(20)
    weight = torch.tensor(found.weight * scale, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(found.bias + found.weight @ mean, dtype=torch.float64, requires_grad=True)
    given = torch.tensor((x - mean) / scale, dtype=torch.float64)
    loss = (
        torch.nn.functional.cross_entropy(given @ weight.T + bias, torch.tensor(labels)) + decay / 2 * (weight**2).sum()
    )
    loss.backward()
    assert weight.grad is not None and bias.grad is not None
    assert float(weight.grad.abs().max()) < 1e-4 and float(bias.grad.abs().max()) < 1e-4
    assert np.abs(found.weight).max() > 0.05


def test_scores_do_not_depend_on_the_unit_of_the_features() -> None:
    x, labels = clouds(1)
    plain, large = fit_last_layer(x, labels, 3, 1e-3), fit_last_layer(1000 * x + 7, labels, 3, 1e-3)
    assert plain.scores(x) == pytest.approx(large.scores(1000 * x + 7), abs=2e-3)
    assert (plain.scores(x).argmax(axis=1) == labels).mean() > 0.9
    assert plain.scores(x).sum(axis=1) == pytest.approx(np.ones(len(x)), abs=1e-5)


def test_a_feature_that_never_changes_is_no_trouble() -> None:
    x, labels = clouds(2)
    x[:, 4] = 3.0
    assert np.isfinite(fit_last_layer(x, labels, 3, 0.0).scores(x)).all()
