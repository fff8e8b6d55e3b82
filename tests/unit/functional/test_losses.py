"""Each loss against torch: the loss of every sample, and its gradient against autograd."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from playground.functional.losses import LOSSES, log_softmax, probabilities, softmax
from playground.specs.mlp import MLPSpec

TASKS = ("binary", "classes", "regression")
PAIRS = [(name, task) for name, loss in LOSSES.items() for task in TASKS if task in loss.tasks]

# The same loss as torch has it, one number a sample. A loss without an oracle fails here with a KeyError.
ORACLES: dict[tuple[str, str], Callable[[Tensor, Tensor], Tensor]] = {
    ("cross_entropy", "binary"): lambda z, t: functional.binary_cross_entropy_with_logits(z, t, reduction="none")[:, 0],
    ("cross_entropy", "classes"): lambda z, t: functional.cross_entropy(z, t.argmax(1), reduction="none"),
    ("mse", "regression"): lambda z, t: functional.mse_loss(z, t, reduction="none")[:, 0],
    ("mae", "regression"): lambda z, t: functional.l1_loss(z, t, reduction="none")[:, 0],
    ("huber", "regression"): lambda z, t: functional.huber_loss(z, t, reduction="none", delta=1.0)[:, 0],
    ("brier", "binary"): lambda z, t: functional.mse_loss(torch.sigmoid(z), t, reduction="none")[:, 0],
    ("brier", "classes"): lambda z, t: functional.mse_loss(torch.softmax(z, 1), t, reduction="none").sum(1),
    # max(0, -s z + 1), and Weston-Watkins, which torch divides by the number of classes.
    ("hinge", "binary"): lambda z, t: functional.margin_ranking_loss(
        z[:, 0], torch.zeros(len(z), dtype=z.dtype), 2 * t[:, 0] - 1, margin=1.0, reduction="none"
    ),
    ("hinge", "classes"): lambda z, t: functional.multi_margin_loss(z, t.argmax(1), reduction="none") * z.shape[1],
}


def drawn(task: str, spread: float = 3.0, n: int = 60) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Raw outputs and targets for a task, always the same ones."""
    rng = np.random.default_rng(7)
    if task == "classes":
        return rng.normal(0, spread, (n, 4)), np.eye(4)[rng.integers(0, 4, n)]
    z = rng.normal(0, spread, (n, 1))
    return z, rng.integers(0, 2, (n, 1)).astype(float) if task == "binary" else rng.normal(0, spread, (n, 1))


def focal(z: Tensor, t: Tensor, gamma: float) -> Tensor:
    """As the paper writes it."""
    one = z.shape[1] == 1
    right = torch.sigmoid(z * (2 * t - 1))[:, 0] if one else (torch.softmax(z, 1) * t).sum(1)
    return -((1 - right) ** gamma) * torch.log(right)


# What is only drawn, with the tasks whose targets it takes: its loss in torch, given the parameters by name.
DRAWN: list[tuple[str, str, Callable[..., Tensor]]] = [
    ("focal", "binary", focal),
    ("focal", "classes", focal),
    ("kl_divergence", "classes", lambda z, t: functional.kl_div(torch.log_softmax(z, 1), t, reduction="none").sum(1)),
    ("kl_divergence", "soft", lambda z, t: functional.kl_div(torch.log_softmax(z, 1), t, reduction="none").sum(1)),
    (
        "smoothed_cross_entropy",
        "classes",
        lambda z, t, smoothing: functional.cross_entropy(z, t, label_smoothing=smoothing, reduction="none"),
    ),
    (
        "smoothed_cross_entropy",
        "binary",
        lambda z, t, smoothing: functional.binary_cross_entropy_with_logits(
            z, t * (1 - smoothing) + smoothing / 2, reduction="none"
        )[:, 0],
    ),
    ("huber", "regression", lambda z, t, delta: functional.huber_loss(z, t, delta=delta, reduction="none")[:, 0]),
]


@pytest.mark.parametrize(("name", "task", "oracle"), DRAWN)
def test_what_is_only_drawn_and_every_parameter_is_that_of_torch(
    name: str, task: str, oracle: Callable[..., Tensor]
) -> None:
    z, t = drawn("classes" if task == "soft" else task, spread=2.0)
    if task == "soft":
        t = softmax(np.random.default_rng(3).normal(0, 1, t.shape))
    spans = LOSSES[name].parameters
    for share in (None, 0.0, 0.3, 1.0):
        given = {} if share is None else {key: s.low + share * (s.high - s.low) for key, s in spans.items()}
        leaf = torch.from_numpy(z).requires_grad_()
        known = {key: span.default for key, span in spans.items()} | given
        value = oracle(leaf, torch.from_numpy(t), **known)
        (slope,) = torch.autograd.grad(value.sum(), leaf)
        np.testing.assert_allclose(LOSSES[name].value(z, t, **given), value.detach().numpy(), rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(LOSSES[name].gradient(z, t, **given), slope.numpy(), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "task", "oracle"), DRAWN)
def test_what_is_only_drawn_stays_finite_far_out(
    name: str, task: str, oracle: object, dtype: type[np.floating]
) -> None:
    z, t = (array.astype(dtype) for array in drawn("classes" if task == "soft" else task))
    z = np.sign(z) * dtype(1000)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for gamma in ({}, {"gamma": 0.5}) if name == "focal" else ({},):
            for result in (LOSSES[name].value(z, t, **gamma), LOSSES[name].gradient(z, t, **gamma)):
                assert result.dtype == dtype
                assert np.isfinite(result).all()


def test_for_one_hot_targets_divergence_and_cross_entropy_are_the_same() -> None:
    z, t = drawn("classes")
    np.testing.assert_allclose(LOSSES["kl_divergence"].value(z, t), LOSSES["cross_entropy"].value(z, t), rtol=1e-12)
    soft = softmax(z)
    np.testing.assert_allclose(LOSSES["kl_divergence"].value(z, soft), 0, atol=1e-12)
    assert (LOSSES["cross_entropy"].value(z, soft) > 1e-3).all()


def test_every_task_has_losses_and_the_contract_is_kept() -> None:
    assert all(any(task in loss.tasks for loss in LOSSES.values()) for task in TASKS)
    assert all(loss.tasks <= set(TASKS) for loss in LOSSES.values())
    assert set(PAIRS) == set(ORACLES)
    assert {name for name, loss in LOSSES.items() if not loss.tasks} == {name for name, _, _ in DRAWN} - {"huber"}
    assert set(MLPSpec.bounds()["loss"].options()) == {"auto"} | {name for name, _ in PAIRS}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "task"), PAIRS)
def test_value_is_that_of_torch(name: str, task: str) -> None:
    z, t = drawn(task)
    value = LOSSES[name].value(z, t)
    assert value.shape == (len(z),)
    expected = ORACLES[name, task](torch.from_numpy(z), torch.from_numpy(t)).numpy()
    np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("name", "task"), PAIRS)
def test_gradient_is_that_of_autograd(name: str, task: str) -> None:
    z, t = drawn(task)
    gradient = LOSSES[name].gradient(z, t)
    assert gradient.shape == z.shape
    leaf = torch.from_numpy(z).requires_grad_()
    (expected,) = torch.autograd.grad(ORACLES[name, task](leaf, torch.from_numpy(t)).sum(), leaf)
    np.testing.assert_allclose(gradient, expected.numpy(), rtol=1e-9, atol=1e-12)
    assert np.abs(gradient).max() > 0.1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "task"), PAIRS)
def test_far_outputs_stay_finite_and_precision_is_kept(name: str, task: str, dtype: type[np.floating]) -> None:
    z, t = (array.astype(dtype) for array in drawn(task))
    z = np.sign(z) * dtype(1000)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for result in (LOSSES[name].value(z, t), LOSSES[name].gradient(z, t)):
            assert result.dtype == dtype
            assert np.isfinite(result).all()


@pytest.mark.parametrize(("name", "task"), PAIRS)
def test_loss_is_smallest_at_a_right_answer(name: str, task: str) -> None:
    """A perfect answer costs nothing and has no slope; a wrong one costs more."""
    _, t = drawn(task)
    perfect = t if task == "regression" else 100.0 * (2 * t - 1)
    np.testing.assert_allclose(LOSSES[name].value(perfect, t), 0, atol=1e-12)
    np.testing.assert_allclose(LOSSES[name].gradient(perfect, t), 0, atol=1e-12)
    wrong = t + 1 if task == "regression" else -perfect
    assert (LOSSES[name].value(wrong, t) > 0.4).all()


@pytest.mark.parametrize("name", LOSSES)
def test_entry_has_a_formula_and_a_dated_source(name: str) -> None:
    entry = LOSSES[name]
    assert entry.formula
    assert entry.formula.count("{") == entry.formula.count("}")
    assert entry.source[-4:].isdigit()


def test_probabilities_are_those_of_torch() -> None:
    for task, expected in (("binary", torch.sigmoid), ("classes", lambda z: torch.softmax(z, 1))):
        z, _ = drawn(task, spread=30.0)
        np.testing.assert_allclose(probabilities(z), expected(torch.from_numpy(z)).numpy(), rtol=1e-9, atol=1e-15)


def test_log_softmax_is_exact_where_the_probability_rounds_to_nothing() -> None:
    z = np.array([[0.0, 1000.0]])
    assert softmax(z)[0, 0] == 0
    np.testing.assert_allclose(log_softmax(z), [[-1000.0, 0.0]])
