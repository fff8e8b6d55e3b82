"""One step of learning, written out: every product and sum on the way forward, every factor on the way back.

Backpropagation computes the gradients (D. E. Rumelhart, G. E. Hinton, R. J. Williams: Learning representations by
back-propagating errors, 1986); the update that follows is the optimizer's, here plain gradient descent. Everything is
NumPy in double precision, from the same definitions that the engines use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import LOSSES

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class LayerStep:
    """One layer during one step. n samples, k inputs of the layer, m units.

    Attributes:
        weights: Before the step, ``(m, k)``.
        biases: Before the step, ``(m,)``.
        inputs: What the layer is given, ``(n, k)``.
        sums: Each weight times its input, added up, with the bias: ``(n, m)``.
        outputs: The activation of the sums, ``(n, m)``; in the last layer the sums themselves.
        slopes: The activation's derivative at each sum, ``(n, m)``; 1 in the last layer.
        output_gradients: Slope of the mean loss in each output, ``(n, m)``: the sum of ``returned``; in the last layer
            that of the loss itself.
        sum_gradients: Slope of the mean loss in each sum, ``(n, m)``: the former times ``slopes``.
        weight_gradients: Slope of the mean loss in each weight, ``(m, k)``: the sum of ``shares``.
        bias_gradients: Slope of the mean loss in each bias, ``(m,)``.
        new_weights: After the step, ``(m, k)``: by default the old weight less learning rate times gradient.
        new_biases: After the step, ``(m,)``.
        above: The layer that this one's outputs go to; ``None`` behind the last.
    """

    weights: Floats
    biases: Floats
    inputs: Floats
    sums: Floats
    outputs: Floats
    slopes: Floats
    output_gradients: Floats
    sum_gradients: Floats
    weight_gradients: Floats
    bias_gradients: Floats
    new_weights: Floats
    new_biases: Floats
    above: LayerStep | None

    # One number for each sample and link: made when asked for, because in a wide network they are very many.

    @property
    def products(self) -> Floats:
        """Each weight times its input, ``(n, m, k)``."""
        return np.asarray(self.weights[None] * self.inputs[:, None, :])

    @property
    def returned(self) -> Floats:
        """What comes back along each link from the layer above, ``(n, above, m)``; empty in the last layer.

        It is the ``sum_gradients`` of the unit there times the weight between.
        """
        if self.above is None:
            return np.zeros((len(self.sums), 0, self.sums.shape[1]))
        return np.asarray(self.above.sum_gradients[:, :, None] * self.above.weights[None])

    @property
    def shares(self) -> Floats:
        """What each sample adds to each weight's gradient, ``(n, m, k)``: ``sum_gradients`` times the input."""
        return np.asarray(self.sum_gradients[:, :, None] * self.inputs[:, None, :])


@dataclass(frozen=True)
class Chain:
    """The chain rule for one weight and one sample, as numbers: ``share = by_output * by_sum * by_weight``.

    Attributes:
        by_output: How the mean loss changes with the unit's output, dL/da.
        by_sum: How that output changes with the unit's sum, da/dz.
        by_weight: How that sum changes with the weight, dz/dw: the input (1 for a bias).
        share: What this sample adds to the weight's gradient.
        gradient: The gradient, over all samples.
        old: The weight before the step.
        new: The weight after it.
        formula: The same with its numbers, for KaTeX.
    """

    by_output: float
    by_sum: float
    by_weight: float
    share: float
    gradient: float
    old: float
    new: float
    formula: str


@dataclass(frozen=True)
class TrainingStep:
    """A whole step: forward, loss, backward, update.

    Attributes:
        layers: From the first hidden layer to the output.
        targets: As the loss wants them, ``(n, k)``.
        losses: Of each sample, ``(n,)``.
        loss: Their mean, which is what gets smaller.
        new_loss: The mean loss of the same batch after the update.
        lr: Learning rate.
        activation: Name in ``ACTIVATIONS``.
        loss_name: Name in ``LOSSES``.
        rule: Name in ``RULES`` of the update rule that made the new weights out of the gradients.
    """

    layers: tuple[LayerStep, ...]
    targets: Floats
    losses: Floats
    loss: float
    new_loss: float
    lr: float
    activation: str
    loss_name: str
    rule: str = "sgd"

    def chain(self, layer: int, to: int, source: int | None, sample: int = 0) -> Chain:
        """The factors behind one weight's gradient.

        Args:
            layer: Number of the layer, from 0.
            to: The unit of that layer.
            source: The unit before it, or ``None`` for the bias.
            sample: Number of the sample.

        Raises:
            IndexError: There is no such number.
        """
        step = self.layers[layer]
        by_output, by_sum = float(step.output_gradients[sample, to]), float(step.slopes[sample, to])
        by_weight = 1.0 if source is None else float(step.inputs[sample, source])
        gradient, old, new = (
            float(arrays[0][to] if source is None else arrays[1][to, source])
            for arrays in (
                (step.bias_gradients, step.weight_gradients),
                (step.biases, step.weights),
                (step.new_biases, step.new_weights),
            )
        )
        share, letter = by_output * by_sum * by_weight, "w" if source is not None else "b"
        factors = r" \cdot ".join(_written(value) for value in (by_output, by_sum, by_weight))
        formula = (
            rf"\frac{{\partial L}}{{\partial {letter}}} = \frac{{\partial L}}{{\partial a}} \cdot "
            rf"\frac{{\partial a}}{{\partial z}} \cdot \frac{{\partial z}}{{\partial {letter}}} = {factors} = {_written(share)}"
        )
        return Chain(by_output, by_sum, by_weight, share, gradient, old, new, formula)

    def reached(self, layer: int, to: int) -> tuple[NDArray[np.bool_], ...]:
        """Which products of each layer a weight into this unit reaches on its way to the loss, ``(m, k)`` a layer.

        In its own layer those of its unit, in the next those from its unit, behind that all.
        """
        reached = [np.zeros(step.weights.shape, dtype=bool) for step in self.layers]
        reached[layer][to] = True
        if layer + 1 < len(reached):
            reached[layer + 1][:, to] = True
        for mask in reached[layer + 2 :]:
            mask[:] = True
        return tuple(reached)


def one_step(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    x: ArrayLike,
    targets: ArrayLike,
    *,
    activation: str,
    loss: str,
    lr: float,
    updated: tuple[Sequence[ArrayLike], Sequence[ArrayLike]] | None = None,
    rule: str = "sgd",
) -> TrainingStep:
    """Carry out one step of gradient descent on one batch and keep every number.

    Args:
        weights: One matrix ``(fan_out, fan_in)`` a layer; the last layer's outputs stay raw, as losses want them.
        biases: One vector ``(fan_out,)`` a layer.
        x: Inputs, ``(n, fan_in)``.
        targets: As the loss wants them, ``(n, outputs)``.
        activation: Name in ``ACTIVATIONS``, used after every layer but the last.
        loss: Name in ``LOSSES``.
        lr: Learning rate.
        updated: Weights and biases after the step where another rule than plain gradient descent makes them.
        rule: Name in ``RULES`` of that rule.
    """
    ws, bs = _floats(weights), _floats(biases)
    given = None if updated is None else (_floats(updated[0]), _floats(updated[1]))
    t = np.asarray(targets, dtype=np.float64)
    inputs, sums, slopes = _forward(ws, bs, np.asarray(x, dtype=np.float64), activation)
    z = sums[-1]
    losses = np.asarray(LOSSES[loss].value(z, t), dtype=np.float64)
    output_gradients = np.asarray(LOSSES[loss].gradient(z, t), dtype=np.float64) / len(z)
    layers: list[LayerStep] = []
    for layer in range(len(ws) - 1, -1, -1):
        sum_gradients = output_gradients * slopes[layer]
        weight_gradients, bias_gradients = sum_gradients.T @ inputs[layer], sum_gradients.sum(axis=0)
        found = LayerStep(
            weights=ws[layer],
            biases=bs[layer],
            inputs=inputs[layer],
            sums=sums[layer],
            outputs=inputs[layer + 1] if layer + 1 < len(ws) else z,
            slopes=slopes[layer],
            output_gradients=output_gradients,
            sum_gradients=sum_gradients,
            weight_gradients=weight_gradients,
            bias_gradients=bias_gradients,
            new_weights=ws[layer] - lr * weight_gradients if given is None else given[0][layer],
            new_biases=bs[layer] - lr * bias_gradients if given is None else given[1][layer],
            above=layers[0] if layers else None,
        )
        layers.insert(0, found)
        output_gradients = sum_gradients @ ws[layer]  # (n, k): back through each link, added up
    new_weights, new_biases = [step.new_weights for step in layers], [step.new_biases for step in layers]
    after = _forward(new_weights, new_biases, inputs[0], activation)[1][-1]
    new_loss = float(np.mean(LOSSES[loss].value(after, t)))
    return TrainingStep(tuple(layers), t, losses, float(losses.mean()), new_loss, lr, activation, loss, rule)


def _forward(
    weights: Sequence[Floats], biases: Sequence[Floats], x: Floats, activation: str
) -> tuple[list[Floats], list[Floats], list[Floats]]:
    """What each layer is given, its sums, and the activation's derivative at them (1 in the last layer)."""
    chosen = ACTIVATIONS[activation]
    inputs, sums, slopes = [x], [], []
    for layer, (matrix, vector) in enumerate(zip(weights, biases, strict=True)):
        z = inputs[-1] @ matrix.T + vector
        last = layer == len(weights) - 1
        sums.append(z)
        slopes.append(np.ones_like(z) if last else np.asarray(chosen.derivative(z), dtype=np.float64))
        if not last:
            inputs.append(np.asarray(chosen.function(z), dtype=np.float64))
    return inputs, sums, slopes


def _floats(arrays: Sequence[ArrayLike]) -> list[Floats]:
    return [np.asarray(array, dtype=np.float64) for array in arrays]


def _written(value: float) -> str:
    """A number as it stands in a product: three digits, in brackets where it is negative."""
    text = f"{value:.3g}"
    if "e" in text:
        digits, power = text.split("e")
        text = rf"{digits} \cdot 10^{{{int(power)}}}"
    return f"({text})" if value < 0 else text
