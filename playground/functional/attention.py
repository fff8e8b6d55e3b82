"""Self-attention, from scratch in NumPy: how each piece of a text takes something from every other one.

Each piece asks (its query), offers (its key) and carries something (its value); all three are the same vector seen through
three learnt matrices. How well a query fits a key decides how much of that value is taken over. Rows are pieces: the one that
asks is the row, those that are asked are the columns.

A. Vaswani et al.: Attention is all you need, 2017; in BERT: J. Devlin et al., 2019.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.functional.losses import softmax
from playground.functional.ops import Array


@dataclass(frozen=True, eq=False)
class Attended:
    """One head of attention, step by step; ``t`` pieces, ``d`` numbers a head.

    Attributes:
        scores: ``(t, t)``: how well each query (row) fits each key (column); any number.
        weights: ``(t, t)``: the same as shares, 0 to 1; each row sums to 1.
        mixed: ``(t, d)``: for each piece, the values of all, mixed by its row of weights.
    """

    scores: Array
    weights: Array
    mixed: Array


def project(x: Array, weight: Array, bias: Array | float = 0.0) -> Array:
    """Queries, keys or values ``(t, d)`` of vectors ``(t, m)``: each is a weighted sum of the vector's numbers.

    Args:
        x: One vector a piece.
        weight: ``(d, m)``, a row for each number that comes out, as ``torch.nn.Linear`` keeps it.
        bias: ``(d,)``, or nothing.
    """
    return x @ weight.T + bias


def fit_scores(query: Array, key: Array) -> Array:
    """How well each query fits each key: ``query . key / sqrt(d)``, ``(t, t)``.

    A sum of ``d`` products is about ``sqrt(d)`` times as wide as one of them. Divided by that, the scores stay where the softmax
    still tells more than one winner, however many numbers a head has.

    Args:
        query: ``(t, d)``.
        key: ``(t, d)``.
    """
    scores: Array = query @ key.T
    return scores / math.sqrt(query.shape[1])


def mix(weights: Array, value: Array) -> Array:
    """The values ``(t, d)`` of all pieces, mixed for each one by its row of weights ``(t, t)``: ``weights @ value``."""
    mixed: Array = weights @ value
    return mixed


def attend(query: Array, key: Array, value: Array) -> Attended:
    """One head of attention: scores, their softmax, and the mix of values; each argument is ``(t, d)``."""
    scores = fit_scores(query, key)
    weights = softmax(scores)
    return Attended(scores, weights, mix(weights, value))


def split_heads(x: Array, heads: int) -> Array:
    """Cut vectors ``(t, heads * d)`` into heads, ``(heads, t, d)``: each looks at the text in a way of its own."""
    pieces, wide = x.shape
    return np.moveaxis(x.reshape(pieces, heads, wide // heads), 1, 0)


def join_heads(x: Array) -> Array:
    """Put what the heads found ``(heads, t, d)`` side by side again, ``(t, heads * d)``."""
    heads, pieces, wide = x.shape
    return np.moveaxis(x, 0, 1).reshape(pieces, heads * wide)


def self_attention(x: Array, weights: Sequence[Array], biases: Sequence[Array], heads: int) -> Array:
    """What a layer's attention makes of a text, before its output matrix: all heads side by side, ``(t, m)``.

    Args:
        x: ``(t, m)``: one vector a piece.
        weights: Of query, key and value, ``(m, m)`` each.
        biases: Of query, key and value, ``(m,)`` each.
        heads: How many; they must divide ``m``.
    """
    query, key, value = (split_heads(project(x, w, b), heads) for w, b in zip(weights, biases, strict=True))
    return join_heads(np.stack([attend(q, k, v).mixed for q, k, v in zip(query, key, value, strict=True)]))


def received(weights: Array) -> Array:
    """How much attention each piece gets, ``(..., t)``, as the mean over all that ask; 1 / t where nobody prefers anything.

    Args:
        weights: ``(..., t, t)``: any number of layers and heads.
    """
    found: Array = weights.mean(axis=-2)
    return found


def rollout(weights: Array) -> Array:
    """Where each layer's vectors come from, followed down to the pieces: ``(layers, t, t)``, each row sums to 1.

    A layer adds what its attention mixed to what was there, so half of each vector is taken to be its own and half is mixed by
    the mean of the heads; the layers are multiplied. It follows where vectors are mixed and knows nothing of what is in them.

    S. Abnar, W. Zuidema: Quantifying attention flow in transformers, 2020.

    Args:
        weights: ``(layers, heads, t, t)``.
    """
    layers, _, pieces, _ = weights.shape
    found = np.empty((layers, pieces, pieces))
    came = np.eye(pieces)
    for layer in range(layers):
        came = (0.5 * weights[layer].astype(np.float64).mean(axis=0) + 0.5 * np.eye(pieces)) @ came
        found[layer] = came
    return found
