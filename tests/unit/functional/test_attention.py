"""Attention by hand: equal to torch's, a mixture that never leaves what it mixes, and a rollout that keeps its shares."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from playground.functional.attention import attend, fit_scores, received, rollout, self_attention, split_heads


def drawn(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_one_head_is_equal_to_torch() -> None:
    q, k, v = (drawn(7, 5, seed=seed) for seed in range(3))
    wanted = nn.functional.scaled_dot_product_attention(*(torch.from_numpy(x)[None] for x in (q, k, v)))[0]
    found = attend(q, k, v)
    assert found.mixed == pytest.approx(wanted.numpy(), abs=1e-12)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(7)) and (found.weights > 0).all()
    assert (found.mixed <= v.max(axis=0)).all() and (found.mixed >= v.min(axis=0)).all()  # a mean leaves no range


def test_all_heads_are_equal_to_a_layer_of_torch() -> None:
    layer = nn.MultiheadAttention(12, 3, batch_first=True, dtype=torch.float64)
    layer.out_proj.weight.data.copy_(torch.eye(12))
    nn.init.normal_(layer.in_proj_bias)
    x = drawn(6, 12)
    wanted = layer(*(torch.from_numpy(x)[None],) * 3)[0][0].detach().numpy()
    weights = layer.in_proj_weight.detach().numpy().reshape(3, 12, 12)
    biases = layer.in_proj_bias.detach().numpy().reshape(3, 12)
    assert self_attention(x, weights, biases, 3) == pytest.approx(wanted, abs=1e-12)


def test_scores_stay_as_wide_however_many_numbers_a_head_has() -> None:
    wide = [fit_scores(drawn(200, d), drawn(200, d, seed=1)).std() for d in (4, 64, 256)]
    assert wide == pytest.approx([1.0, 1.0, 1.0], abs=0.05)
    assert split_heads(drawn(6, 12), 3)[1, 2] == pytest.approx(drawn(6, 12)[2, 4:8])


def test_what_is_received_and_where_it_came_from() -> None:
    weights = np.zeros((2, 1, 3, 3))
    weights[..., 1] = 1.0  # everybody looks at the second piece
    assert received(weights)[0, 0].tolist() == [0, 1, 0]
    came = rollout(weights)
    assert came[0, 0].tolist() == [0.5, 0.5, 0] and came[1, 0].tolist() == [0.25, 0.75, 0]
    assert came.sum(axis=-1) == pytest.approx(np.ones((2, 3)))
