"""The small network that the page Convolution takes apart: its blocks, its weights, and what it makes of one picture."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.functional import convnet
from playground.functional.blocks import Plan, Stage
from playground.functional.digit_readers import DIGITS, Reader, starter

Array = NDArray[np.float32]

SIDE = 28
_SHORT = {"conv": "Conv", "max": "Max", "avg": "Mean", "gap": "Mean of each map", "dense": "Dense"}
_FULL = 32767


@dataclass(frozen=True)
class Kernels:
    """The kernels of one convolution, with its batch normalisation multiplied into them, which changes no result.

    Attributes:
        weight: ``(maps, channels, k, k)``.
        bias: ``(maps,)``.
    """

    weight: Array
    bias: Array


def reader() -> Reader:
    """The starter that reads digits; read from its file once."""
    return starter("cnn")


def plan() -> Plan:
    """Its blocks."""
    return reader().plan


@functools.cache
def kernels(index: int) -> Kernels:
    """Of the convolution at a place in the plan."""
    known = reader().weights
    weight = known[f"{index}.conv.weight"]
    if not plan().stages[index].block.norm:
        return Kernels(weight, known[f"{index}.conv.bias"])
    scale, shift, mean, var = (known[f"{index}.norm.{name}"] for name in ("weight", "bias", "mean", "var"))
    factor = scale / np.sqrt(var + convnet.EPSILON)
    return Kernels(weight * factor[:, None, None, None], shift - mean * factor)


def learned() -> NDArray[np.float64]:
    """The kernels of the first layer, ``(n, k, k)``, rounded to hundredths."""
    return np.asarray(np.round(kernels(0).weight[:, 0], 2) + 0.0, dtype=np.float64)


def normalised(picture: NDArray[np.float64]) -> Array:
    """A grey picture ``(h, w)``, 0 to 1, as the network is fed it: ``(1, h, w)``."""
    return ((picture - reader().mean[0]) / reader().std[0]).astype(np.float32)[None]


def outputs(picture: NDArray[np.float64]) -> list[Array]:
    """What every block makes of a grey picture ``(28, 28)``, 0 to 1; the last holds the raw outputs."""
    return convnet.forward(plan(), reader().weights, reader().activation, normalised(picture))


def probabilities(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Its answer, ``(10,)``."""
    return np.asarray(reader().sure(outputs(picture)[-1][None])[0], dtype=np.float64)


def frame(picture: NDArray[np.float64], header: dict[str, Any]) -> bytes:
    """Everything that the three depths draw, from one pass.

    Blocks: ``input`` (28, 28); ``maps`` and ``kernels`` as 16-bit whole numbers of their stage's ``scale`` and ``kernelScale``;
    ``biases``; ``flat``, what is no map.
    """
    stages: list[dict[str, Any]] = []
    maps: list[NDArray[np.int16]] = []
    wired: list[NDArray[np.int16]] = []
    biases: list[Array] = []
    flat: list[Array] = []
    for index, (stage, made) in enumerate(zip(plan().stages, outputs(picture), strict=True)):
        said = {**_said(stage), "scale": 0.0, "kernelScale": 0.0}
        if made.ndim == 3:
            said["scale"], small = _whole(made)
            maps.append(small)
        else:
            flat.append(made)
        if stage.block.kind == "conv":
            found = kernels(index)
            said["kernelScale"], small = _whole(found.weight)
            wired.append(small)
            biases.append(found.bias)
        stages.append(said)
    told = {**header, "stages": stages, "classes": DIGITS, "answer": probabilities(picture).tolist()}
    return pack(
        "convolution",
        told,
        {
            "input": normalised(picture)[0],
            "biases": np.concatenate(biases),
            "flat": np.concatenate(flat),
            "maps": np.concatenate(maps),
            "kernels": np.concatenate(wired),
        },
    )


def _said(stage: Stage) -> dict[str, Any]:
    block = stage.block
    window = f" {block.kernel} × {block.kernel}" if block.kind in ("conv", "max", "avg") else ""
    return {
        "kind": block.kind,
        "title": block.title,
        "short": _SHORT.get(block.kind, block.title) + window,
        "shape": list(stage.shape),
        "given": list(stage.given),
        "kernel": block.kernel,
        "stride": block.stride,
        "padding": block.padding,
        "norm": block.norm,
        "parameters": stage.parameters,
    }


def _whole(values: Array) -> tuple[float, NDArray[np.int16]]:
    """Values as whole numbers, and what one of them stands for."""
    unit = float(np.abs(values).max()) / _FULL or 1.0
    return unit, cast(NDArray[np.int16], np.rint(values / unit).astype(np.int16).ravel())
