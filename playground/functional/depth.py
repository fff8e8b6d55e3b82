"""What many layers do to a gradient, measured on a real random network.

On its way back a gradient is multiplied, layer by layer, by weights and by slopes of the activation. Where those factors
are below 1 on average it vanishes, above 1 it explodes (S. Hochreiter: Untersuchungen zu dynamischen neuronalen Netzen,
1991; X. Glorot, Y. Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.seed import Stream, generator
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS, draw_biases

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Depth:
    """Signals and gradients in each layer of one random network, from the first layer to the last.

    Attributes:
        signals: Root mean square of each layer's outputs, ``(layers,)``.
        gradients: Root mean square of the loss's slope in each layer's sums, ``(layers,)``.
        weight_gradients: Root mean square of the slope in each layer's weights, ``(layers,)``.
        slopes: Mean size of the activation's derivative in each layer, ``(layers,)``.
        stretch: What each layer's weights alone do to a gradient on its way back: mean growth of its length, ``(layers,)``.
        passed: What each layer's slopes alone let through of it, ``(layers,)``. ``gradients[l]`` is exactly
            ``gradients[l + 1] * stretch[l + 1] * passed[l]``; the mean slope says nearly the same. Where no gradient is left
            to be measured, stretch and passed are what a random one would meet with in the mean.
        distinct: How many units of each layer differ from each other, ``(layers,)``; with equal weights it is 1.
        factor: By how much the gradient grows at each layer on its way back, in the mean; 0 where it is gone.
    """

    signals: Floats
    gradients: Floats
    weight_gradients: Floats
    slopes: Floats
    stretch: Floats
    passed: Floats
    distinct: NDArray[np.int64]
    factor: float

    @property
    def words(self) -> str:
        """What becomes of the gradient, in a sentence."""
        first, last = float(self.gradients[0]), float(self.gradients[-1])
        if (self.distinct == 1).all():
            return "All units of a layer are equal, get the same gradient and stay equal: they count as one."
        if first == 0:
            return "Nothing of the gradient reaches the first layer."
        if not np.isfinite(first) or not np.isfinite(last):
            return "The gradient explodes: it outgrows the largest number."
        ratio = first / last
        what = "explodes" if ratio > 100 else "vanishes" if ratio < 0.01 else "arrives about as strong as it set out"
        verb = "" if ratio <= 100 and ratio >= 0.01 else f", by {self.factor:.2f} at each layer"
        return f"The gradient {what}{verb}: at the first layer it is {ratio:.2g} times what it is at the last."


def gradient_through_depth(
    activation: str,
    init: str,
    layers: int,
    width: int,
    seed: int,
    *,
    samples: int = 64,
    biases: bool = False,
    gain: float = 1.0,
) -> Depth:
    """Draw a network of equal layers, send a random batch through it and a random gradient back.

    Args:
        activation: Name in ``ACTIVATIONS``, used after every layer.
        init: Name in ``INITIALISERS``.
        layers: How many layers.
        width: Units of each, and inputs.
        seed: Seeds weights, batch and the gradient at the end.
        samples: Size of the batch.
        biases: Whether biases are drawn as they are for training (none with zeros); otherwise they are 0, as in theory.
        gain: By how much all the drawn weights are multiplied.
    """
    chosen, draw = ACTIVATIONS[activation], INITIALISERS[init].draw
    h = generator(seed, Stream.DATA).normal(0.0, 1.0, (samples, width))
    weights, inputs, derivatives, signals, distinct = [], [], [], [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in range(layers):
            matrix = gain * np.asarray(draw(width, width, generator(seed, Stream.WEIGHTS, layer)), dtype=np.float64)
            shifted = biases and init != "zeros"
            shift = draw_biases(width, generator(seed, Stream.WEIGHTS, layer, 1)) if shifted else np.zeros(width)
            inputs.append(h)
            z = h @ matrix.T + shift
            h = np.asarray(chosen.function(z), dtype=np.float64)
            weights.append(matrix)
            derivatives.append(np.asarray(chosen.derivative(z), dtype=np.float64))
            signals.append(_size(h))
            distinct.append(len(np.unique(np.column_stack([matrix, shift]), axis=0)))
        back = generator(seed, Stream.NOISE).normal(0.0, 1.0, (samples, width)) / samples
        gradients, weight_gradients, stretch, passed = np.zeros((4, layers))
        for layer in range(layers - 1, -1, -1):
            arriving = _size(back)
            delta = back * derivatives[layer]
            gradients[layer] = _size(delta)
            passed[layer] = gradients[layer] / arriving if arriving else _size(derivatives[layer])
            weight_gradients[layer] = _size(delta.T @ inputs[layer])
            back = delta @ weights[layer]
            random = _size(weights[layer]) * np.sqrt(width)
            stretch[layer] = _size(back) / gradients[layer] if gradients[layer] else random
        grown = gradients[0] / gradients[-1] if gradients[-1] else 0.0
    factor = float(grown ** (1.0 / (layers - 1))) if layers > 1 else 1.0
    slopes = np.array([float(np.abs(derivative).mean()) for derivative in derivatives])
    return Depth(np.array(signals), gradients, weight_gradients, slopes, stretch, passed, np.array(distinct), factor)


def _size(x: Floats) -> float:
    """Root mean square; taken apart from the largest, so that it does not overflow before the numbers do."""
    largest = float(np.abs(x).max(initial=0.0))
    return largest * float(np.sqrt(np.mean((x / largest) ** 2))) if largest else 0.0
