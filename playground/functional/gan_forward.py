"""What a generator or a discriminator computes, in NumPy: as it is used after training, normalisations as measured.

Nothing here learns, and nothing needs more than NumPy: a page draws its first pictures by it, and torch is the oracle of its tests.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from playground.functional.gan import Array, Layer, Network, held

EPSILON = 1e-5
"""Added to the variance in batch normalisation."""


def forward(
    network: Network, weights: Mapping[str, NDArray[np.floating]], x: Array, classes: NDArray[np.integer] | None = None
) -> Array:
    """What a network makes of ``x``, ``(n, *given)``, as it is used after training: normalisations as measured.

    Args:
        network: Its layers.
        weights: Arrays under the module's names.
        x: Latents with their classes, or pictures.
        classes: Of each picture, ``(n,)``; a discriminator with a projection is told them.
    """
    for index, layer in enumerate(network.layers):
        w = {name: np.asarray(weights[f"{index}.{name}"], np.float32) for name, _ in held(layer, network.classes)}
        match layer.kind:
            case "linear":
                x = x @ w["weight"].T + w.get("bias", np.float32(0))
            case "up":
                x = _up(layer, w["weight"], x) + w.get("bias", np.zeros(1, np.float32))[:, None, None]
            case "conv":
                x = _conv(layer, w["weight"], x) + w.get("bias", np.zeros(1, np.float32))[:, None, None]
            case "norm":
                scale = w["weight"] / np.sqrt(w["running_var"] + np.float32(EPSILON))
                shift = w["bias"] - w["running_mean"] * scale
                x = x * scale + shift if x.ndim == 2 else x * scale[:, None, None] + shift[:, None, None]
            case "act":
                x = _act(layer, x)
            case "reshape":
                x = x.reshape(len(x), *layer.shape)
            case "flatten":
                x = x.reshape(len(x), -1)
            case "enlarge":
                x = x.repeat(layer.scale, 2).repeat(layer.scale, 3)
            case "projection":
                own = (
                    np.float32(0)
                    if classes is None or not network.classes
                    else (w["classes"][classes] * x).sum(1, keepdims=True)
                )
                x = x @ w["weight"].T + w["bias"] + own
    return x


def _act(layer: Layer, x: Array) -> Array:
    match layer.name:
        case "relu":
            return np.maximum(x, 0)
        case "leaky_relu":
            return np.asarray(np.where(x > 0, x, np.float32(layer.slope) * x), np.float32)
        case "elu":
            return np.where(x > 0, x, np.expm1(np.minimum(x, 0))).astype(np.float32)
        case "tanh":
            return np.tanh(x)
        case "sigmoid":
            return np.asarray(1 / (1 + np.exp(-np.clip(x, -60, 60))), np.float32)
    return x


def _up(layer: Layer, weight: Array, x: Array) -> Array:
    """A transposed convolution: every pixel stamps the kernel, ``stride`` apart, and where stamps lie over each other they add up."""
    n, _, high, wide = x.shape
    k, s = layer.kernel, layer.stride
    stamps = (weight.reshape(layer.inputs, -1).T @ x.reshape(n, layer.inputs, -1)).reshape(
        n, layer.outputs, k, k, high, wide
    )
    sheet = np.zeros((n, layer.outputs, (high - 1) * s + k + layer.extra, (wide - 1) * s + k + layer.extra), np.float32)
    for row in range(k):
        for column in range(k):
            sheet[:, :, row : row + (high - 1) * s + 1 : s, column : column + (wide - 1) * s + 1 : s] += stamps[
                :, :, row, column
            ]
    cut = layer.padding
    return sheet[:, :, cut : sheet.shape[2] - cut, cut : sheet.shape[3] - cut]


def _conv(layer: Layer, weight: Array, x: Array) -> Array:
    p, s, k = layer.padding, layer.stride, layer.kernel
    windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))), (k, k), axis=(2, 3))[:, :, ::s, ::s]
    n, _, high, wide = windows.shape[:4]
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * high * wide, -1)
    return np.asarray(
        (rows @ weight.reshape(layer.outputs, -1).T).reshape(n, high, wide, -1).transpose(0, 3, 1, 2), np.float32
    )
