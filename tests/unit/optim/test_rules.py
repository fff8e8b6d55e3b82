"""Each update rule against the optimizer of torch.optim that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from playground.optim.rules import RULES, Rule

STEPS = 80
RNG = np.random.default_rng(11)
MATRIX, START = RNG.normal(size=(12, 6)), RNG.normal(size=6)
WANTED = RNG.normal(size=12)


def slope(theta: NDArray[Any], step: int) -> NDArray[Any]:
    """The gradient of a small regression on one of four batches: curved unevenly, and noisy as training is."""
    a, b = (array.astype(theta.dtype) for array in (MATRIX[step % 4 :: 4], WANTED[step % 4 :: 4]))
    return np.tanh(a.T @ (a @ theta - b))


def walk(rule: Rule, lr: float, hyper: Mapping[str, float], dtype: type[np.floating] = np.float64) -> NDArray[Any]:
    """Where the rule goes from the start: parameters after each step, ``(STEPS, 6)``."""
    theta = START.astype(dtype)
    memory = tuple(np.zeros_like(theta) for _ in range(3))
    path = []
    for t in range(1, STEPS + 1):
        theta, *memory = rule.step(theta, slope(theta, t), *memory, t, lr, *hyper.values())
        path.append(theta)
    return np.array(path)


def walk_of_torch(rule: Rule, lr: float, arguments: Mapping[str, Any]) -> NDArray[Any]:
    """Where torch's optimizer goes with the same gradients (what it keeps beside them in double precision, too)."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return _walk_of_torch(rule, lr, arguments)
    finally:
        torch.set_default_dtype(before)


def _walk_of_torch(rule: Rule, lr: float, arguments: Mapping[str, Any]) -> NDArray[Any]:
    theta = torch.from_numpy(START.copy()).requires_grad_()
    optimizer = getattr(torch.optim, rule.torch)([theta], lr=lr, **arguments)
    path = []
    for t in range(1, STEPS + 1):
        theta.grad = torch.from_numpy(slope(theta.detach().numpy(), t))
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize("lr", [0.003, 0.1])
@pytest.mark.parametrize("name", RULES)
def test_same_path_as_torch(name: str, lr: float) -> None:
    rule = RULES[name]
    ours, theirs = walk(rule, lr, rule.hyper), walk_of_torch(rule, lr, rule.torch_args)
    assert np.abs(theirs[-1] - START).max() > 1e-4, "it must have moved"
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in RULES if RULES[name].hyper])
def test_same_path_as_torch_with_other_hyper_parameters(name: str) -> None:
    """Each hyper-parameter reaches the term it belongs to (0.9 becomes 0.81, 1e-8 becomes 0.01 ...)."""
    rule = RULES[name]
    hyper = {
        key: 0.01 if key == "eps" else 0.3 if key == "weight_decay" else value**2 for key, value in rule.hyper.items()
    }
    arguments = {**rule.torch_args, **{key: value for key, value in hyper.items() if not key.startswith("beta")}}
    if "beta1" in hyper:
        arguments["betas"] = (hyper["beta1"], hyper["beta2"])
    ours = walk(rule, 0.05, hyper)
    np.testing.assert_allclose(ours, walk_of_torch(rule, 0.05, arguments), rtol=1e-9, atol=1e-9)
    assert np.abs(ours[-1] - walk(rule, 0.05, rule.hyper)[-1]).max() > 1e-5, "they must matter"


@pytest.mark.parametrize("name", RULES)
def test_defaults_are_those_of_torch(name: str) -> None:
    """A rule without extra arguments says so; the others give torch exactly their own numbers."""
    rule = RULES[name]
    given = {**rule.torch_args}
    betas = given.pop("betas", ())
    flags = {key for key, value in given.items() if isinstance(value, bool)}
    assert [*betas, *(given[key] for key in given if key not in flags)] == list(rule.hyper.values())
    for key in set(rule.hyper) - {"beta1", "beta2"}:
        assert given[key] == rule.hyper[key]


@pytest.mark.parametrize("name", RULES)
def test_nothing_is_changed_in_place(name: str) -> None:
    rule = RULES[name]
    given = [START.copy(), slope(START, 1), *(np.full(6, 0.5) for _ in range(3))]
    before = [array.copy() for array in given]
    after = rule.step(*given, 3, 0.1, *rule.hyper.values())
    assert len(after) == 4
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("name", RULES)
def test_single_precision_is_kept(name: str) -> None:
    path = walk(RULES[name], 0.01, RULES[name].hyper, np.float32)
    assert path.dtype == np.float32
    assert np.isfinite(path).all()


@pytest.mark.parametrize("name", RULES)
def test_without_gradient_only_weight_decay_moves(name: str) -> None:
    rule = RULES[name]
    zero = np.zeros(6)
    theta, *_ = rule.step(START, zero, zero, zero, zero, 1, 0.1, *rule.hyper.values())
    decay = rule.hyper.get("weight_decay", 0.0)
    np.testing.assert_allclose(theta, START * (1 - 0.1 * decay), rtol=1e-15)


@pytest.mark.parametrize("name", RULES)
def test_works_on_a_matrix_as_on_its_numbers(name: str) -> None:
    """Elementwise: no weight's step depends on another weight."""
    rule = RULES[name]
    given = [RNG.uniform(0.1, 1, (3, 4)) for _ in range(5)]
    whole = rule.step(*given, 2, 0.05, *rule.hyper.values())
    for i, j in np.ndindex(3, 4):
        alone = rule.step(*(array[i, j] for array in given), 2, 0.05, *rule.hyper.values())
        np.testing.assert_allclose([part[i, j] for part in whole], alone, rtol=1e-14)


@pytest.mark.parametrize("name", RULES)
def test_entry_is_complete(name: str) -> None:
    rule = RULES[name]
    assert 1e-5 <= rule.lr <= 10
    assert r"\theta" in rule.formula
    assert rule.formula.count("{") == rule.formula.count("}")
    assert rule.source[-4:].isdigit()
    with pytest.raises(TypeError):
        rule.hyper["eps"] = 1.0  # type: ignore[index]


@pytest.mark.parametrize("name", RULES)
def test_memory_in_use_is_named(name: str) -> None:
    """As many names as memories that change, so that a page can draw what each rule remembers."""
    rule = RULES[name]
    zero = np.zeros(6)
    _, *memory = rule.step(START, slope(START, 1), zero, zero, zero, 1, 0.1, *rule.hyper.values())
    assert [bool(part.any()) for part in memory] == [i < len(rule.memory) for i in range(3)]


def test_the_optimizers_of_the_descent_page_are_all_here() -> None:
    assert list(RULES) == [
        "sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "adamax", "nadam", "radam",
    ]  # fmt: skip
