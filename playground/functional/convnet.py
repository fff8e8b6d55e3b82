"""A convolutional network in NumPy: the weights it starts from, and what each of its blocks makes of a picture.

Nothing here learns, and nothing needs more than NumPy: a page draws epoch 0 by it, and reads a digit while the pen moves.
Weights are float32 arrays under plain names; ``i`` is the number of the block, from 0::

    i.conv.weight (filters, channels, k, k)   i.conv.bias (filters,)          a convolution; the bias only without bn
    i.norm.weight, .bias, .mean, .var                                          its batch normalisation
    i.conv1.weight, i.norm1.*, i.conv2.weight, i.norm2.*                       a residual block
    i.past.weight (filters, channels, 1, 1), i.pastnorm.*                      its way past, where the shapes differ
    i.dense.weight (units, inputs)            i.dense.bias (units,)            a dense layer, and the output
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from playground.core.seed import Stream, generator
from playground.functional.activations import ACTIVATIONS
from playground.functional.blocks import Plan, Stage
from playground.functional.initial import INITIALISERS

Array: TypeAlias = NDArray[np.float32]

EPSILON = 1e-5
"""Added to the variance in batch normalisation."""

RUNNING = (".mean", ".var")
"""How the names end of what is measured and not learnt."""


def shapes(plan: Plan) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array of a network, block by block."""
    return {name: shape for index, stage in enumerate(plan.stages) for name, shape in _shapes(index, stage)}


def start(plan: Plan, seed: int, activation: str) -> dict[str, Array]:
    """The weights a network starts from: drawn as suits the activation, biases 0, normalisations that change nothing.

    Those of the output are drawn a fifth as large, so that no class is believed in at first.

    Args:
        plan: The network.
        seed: The same seed gives the same weights.
        activation: Name in ``ACTIVATIONS``.
    """
    draw = INITIALISERS[ACTIVATIONS[activation].init].draw
    output = INITIALISERS["glorot_uniform"].draw
    drawn: dict[str, Array] = {}
    for number, (name, shape) in enumerate(shapes(plan).items()):
        if len(shape) > 1:
            inputs = int(np.prod(shape[1:]))
            rng = generator(seed, Stream.WEIGHTS, number)
            last = name == f"{len(plan.stages) - 1}.dense.weight"
            values = (0.2 * output(inputs, shape[0], rng) if last else draw(inputs, shape[0], rng)).reshape(shape)
            drawn[name] = np.ascontiguousarray(values, dtype=np.float32)
        else:
            ones = "norm" in name and name.endswith((".weight", ".var"))
            drawn[name] = np.full(shape, 1.0 if ones else 0.0, dtype=np.float32)
    return drawn


@np.errstate(over="ignore", invalid="ignore")  # a network about to diverge is drawn, too
def forward(plan: Plan, weights: Mapping[str, NDArray[np.floating]], activation: str, picture: Array) -> list[Array]:
    """What every block makes of one picture, or of several, as a trained network is used: dropout off, norms as measured.

    Args:
        plan: The network.
        weights: Arrays under the module's names, of any precision.
        activation: Name in ``ACTIVATIONS``.
        picture: ``(c, h, w)`` or ``(n, c, h, w)``, normalised as the network was trained with.

    Returns:
        One array a block, after its activation, of the block's shape (behind ``n`` where several were given); the last one
        holds the raw outputs.
    """
    alone = picture.ndim == 3
    x = np.asarray(picture[None] if alone else picture, dtype=np.float32)
    bend = ACTIVATIONS[activation].function
    last = len(plan.stages) - 1
    found: list[Array] = []
    for index, stage in enumerate(plan.stages):
        x = _stage(x, f"{index}.", stage, weights, bend if index < last else _as_it_is)
        found.append(x)
    return [one[0] for one in found] if alone else found


def _stage(
    x: Array, at: str, stage: Stage, weights: Mapping[str, NDArray[np.floating]], bend: Callable[[Array], Array]
) -> Array:
    """One block: ``x`` and the result have ``n`` in front."""
    block = stage.block
    match block.kind:
        case "conv":
            z = _convolve(x, weights[f"{at}conv.weight"], block.stride, block.padding)
            z = _norm(z, weights, f"{at}norm") if block.norm else z + _wide(weights[f"{at}conv.bias"])
            return bend(z).astype(np.float32, copy=False)
        case "res":
            h = bend(_norm(_convolve(x, weights[f"{at}conv1.weight"], block.stride, 1), weights, f"{at}norm1"))
            h = _norm(_convolve(h, weights[f"{at}conv2.weight"], 1, 1), weights, f"{at}norm2")
            past = x
            if has_past(stage):
                past = _norm(_convolve(x, weights[f"{at}past.weight"], block.stride, 0), weights, f"{at}pastnorm")
            return bend(h + past).astype(np.float32, copy=False)
        case "max" | "avg":
            windows = sliding_window_view(x, (block.kernel, block.kernel), axis=(2, 3))
            windows = windows[:, :, :: block.stride, :: block.stride]
            pooled = windows.max(axis=(4, 5)) if block.kind == "max" else windows.mean(axis=(4, 5))
            return np.asarray(pooled, dtype=np.float32)
        case "gap":
            return np.asarray(x.mean(axis=(2, 3)), dtype=np.float32)
        case "dense":
            flat = x.reshape(len(x), -1)
            z = flat @ np.asarray(weights[f"{at}dense.weight"], dtype=np.float32).T
            return bend(z + np.asarray(weights[f"{at}dense.bias"], dtype=np.float32)).astype(np.float32, copy=False)
    return x  # dropout


def has_past(stage: Stage) -> bool:
    """Whether a residual block's way past needs a convolution of its own, since it changes the shape."""
    return stage.given != stage.shape


def _convolve(x: Array, weight: NDArray[np.floating], stride: int, padding: int) -> Array:
    """Cross-correlation of ``(n, c, h, w)`` with ``(f, c, k, k)`` as one product of matrices."""
    filters, channels, kernel, _ = weight.shape
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(x, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]
    count, _, high, wide = windows.shape[:4]  # (n, c, h', w', k, k)
    columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(count, channels * kernel * kernel, high * wide)
    matrix = np.asarray(weight, dtype=np.float32).reshape(filters, -1)
    return np.asarray((matrix @ columns).reshape(count, filters, high, wide), dtype=np.float32)


def _norm(x: Array, weights: Mapping[str, NDArray[np.floating]], at: str) -> Array:
    """Batch normalisation by the measured mean and variance."""
    factor = np.asarray(weights[f"{at}.weight"], np.float32) / np.sqrt(
        np.asarray(weights[f"{at}.var"], np.float32) + EPSILON
    )
    offset = np.asarray(weights[f"{at}.bias"], np.float32) - np.asarray(weights[f"{at}.mean"], np.float32) * factor
    return np.asarray(x * _wide(factor) + _wide(offset), dtype=np.float32)


def _wide(values: NDArray[np.floating]) -> Array:
    return np.asarray(values, dtype=np.float32)[:, None, None]


def _as_it_is(x: Array) -> Array:
    return x


def _shapes(index: int, stage: Stage) -> Iterator[tuple[str, tuple[int, ...]]]:
    block, inputs, filters = stage.block, stage.given[0], stage.block.filters

    def norm(name: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        for part in ("weight", "bias", "mean", "var"):
            yield f"{index}.{name}.{part}", (filters,)

    if block.kind == "conv":
        yield f"{index}.conv.weight", (filters, inputs, block.kernel, block.kernel)
        if block.norm:
            yield from norm("norm")
        else:
            yield f"{index}.conv.bias", (filters,)
    elif block.kind == "res":
        yield f"{index}.conv1.weight", (filters, inputs, 3, 3)
        yield from norm("norm1")
        yield f"{index}.conv2.weight", (filters, filters, 3, 3)
        yield from norm("norm2")
        if has_past(stage):
            yield f"{index}.past.weight", (filters, inputs, 1, 1)
            yield from norm("pastnorm")
    elif block.kind == "dense":
        yield f"{index}.dense.weight", (filters, int(np.prod(stage.given)))
        yield f"{index}.dense.bias", (filters,)
