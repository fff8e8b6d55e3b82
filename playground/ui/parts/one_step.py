"""One step of learning on the screen: numbers flow forward, the loss, gradients flow back, weights move.

The picture is drawn by ``ui/live/one_step.js`` from one frame. What a link carries is the product of two numbers of the
frame (weight and input, gradient of a sum and input), so that only the factors travel and a batch of 64 fits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.functional.activations import ACTIVATIONS
from playground.functional.backward import Floats, TrainingStep
from playground.functional.losses import LOSSES, probabilities
from playground.optim.rules import RULES
from playground.ui.visual import visual

# More units of one layer than this are not drawn one by one; the picture says how many there are.
UNITS = 16
# Numbers of samples that travel; beyond, only the first samples can be looked at one by one.
_ROOM = 20_000
_BY_PROBABILITY = {"cross_entropy", "focal", "brier"}

# As they stand before a bracket with a number in it.
_CALLED = {"tanh": "tanh", "sigmoid": "σ", "identity": "identity"}
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

Shown: TypeAlias = list[NDArray[np.intp]]


@dataclass(frozen=True)
class StepNames:
    """What things are called on the picture.

    Attributes:
        inputs: Of each input.
        outputs: Of each output.
        samples: Of each sample of the batch.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """What somebody else's automatic differentiation says about the same weights and the same batch.

    Attributes:
        library: Who says so (``"PyTorch 2.9.0"``).
        gradients_weights: Slope of the mean loss in each weight, ``(m, k)`` a layer.
        gradients_biases: Slope of the mean loss in each bias, ``(m,)`` a layer.
    """

    library: str
    gradients_weights: tuple[NDArray[Any], ...]
    gradients_biases: tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Difference:
    """Where two sets of gradients differ most.

    Attributes:
        largest: The absolute difference there.
        layer: Number of the layer.
        to: The unit of that layer.
        source: The unit before it; ``None`` for the unit's bias.
    """

    largest: float
    layer: int
    to: int
    source: int | None


def show(
    step: TrainingStep,
    *,
    key: str,
    names: StepNames,
    check: Check | None,
    height: int,
    edits: Iterable[str] = (),
    **data: Any,
) -> None:
    """Draw the four phases of a step: forward, loss, backward, update.

    Args:
        step: All its numbers.
        key: The experiment's key, as given to ``controls.begin``.
        names: What things are called.
        check: What autograd says; ``None`` where it is not known (yet).
        height: Height of the place that is held for it, in CSS pixels.
        edits: Fields of the experiment that may be changed on the picture: ``weights`` (all of them, layer by layer, each
            layer's weights and then its biases), ``batch`` (inputs and target of each sample) and ``taken`` (steps).
        data: Further JSON-ready values for the component: ``taken``, how many steps led to these weights.
    """
    visual("one_step", scene(step, names, check), key=key, height=height, edits=edits, **data)


def difference(step: TrainingStep, check: Check) -> Difference:
    """Where the gradients of a step differ most from what autograd says."""
    found = Difference(-1.0, 0, 0, 0)
    for layer, (ours, matrix, vector) in enumerate(
        zip(step.layers, check.gradients_weights, check.gradients_biases, strict=True)
    ):
        apart = np.abs(np.column_stack([ours.weight_gradients - matrix, ours.bias_gradients - vector]))
        to, source = np.unravel_index(np.argmax(apart), apart.shape)
        if apart[to, source] > found.largest:
            of_bias = source == apart.shape[1] - 1
            found = Difference(float(apart[to, source]), layer, int(to), None if of_bias else int(source))
    return found


def scene(step: TrainingStep, names: StepNames, check: Check | None = None) -> bytes:
    """A step as a frame for the browser.

    Blocks of units, ``(samples + 1, units)`` over all columns from the inputs to the outputs, the last row being the whole
    batch (``values``, ``sums`` and ``slopes`` as means, gradients as sums); blocks of links, flat, layer by layer
    ``(m, k)``; blocks of biases, of every unit but the inputs.
    """
    first = step.layers[0]
    counts = [first.inputs.shape[1], *(layer.weights.shape[0] for layer in step.layers)]
    shown = _shown(step, counts)
    width = sum(len(column) for column in shown)
    n = len(step.losses)
    samples = max(1, min(n, _ROOM // (5 * width)))
    blocks = _of_units(step, shown, samples) | _of_links(step, shown, check)
    answers = _answers(step, n)
    header = {
        "counts": counts,
        "shown": [column.tolist() for column in shown],
        "names": [
            [unit_name(names, counts, column, int(unit)) for unit in units] for column, units in enumerate(shown)
        ],
        "samples": list(names.samples[:samples]),
        "n": n,
        "losses": step.losses[:samples].tolist(),
        "targets": [_row(step.targets[row], shown[-1]) for row in range(samples)],
        "answers": [] if answers is None else [_row(answers[row], shown[-1]) for row in range(samples)],
        "loss": step.loss,
        "new_loss": step.new_loss,
        "lr": step.lr,
        "activation": _CALLED.get(step.activation, ACTIVATIONS[step.activation].title),
        "loss_name": step.loss_name,
        "loss_title": LOSSES[step.loss_name].title,
        "rule": step.rule,
        "plain": _plain(step),
        "rule_title": RULES[step.rule].title,
        "parameters": sum(layer.weights.size + layer.biases.size for layer in step.layers),
        "check": _said(step, names, check),
    }
    return pack("one_step", header, blocks)


def unit_name(names: StepNames, counts: list[int], column: int, index: int) -> str:
    """What a unit is called: an input or output by its own name, a hidden one by its layer (if several) and number."""
    if column == 0:
        return names.inputs[index]
    if column == len(counts) - 1:
        return names.outputs[index]
    number = f"{index + 1}" if len(counts) == 3 else f"{column}.{index + 1}"
    return "h" + number.translate(_LOWERED)


def link_name(names: StepNames, counts: list[int], layer: int, to: int, source: int | None) -> str:
    """What a weight or bias is called: ``x₁ → h₂``."""
    into = unit_name(names, counts, layer + 1, to)
    return f"bias of {into}" if source is None else f"{unit_name(names, counts, layer, source)} → {into}"


def _shown(step: TrainingStep, counts: list[int]) -> Shown:
    """Which units of each column are drawn: all, or of very many those whose numbers weigh most in this step."""
    columns: Shown = []
    for column, count in enumerate(counts):
        if count <= UNITS:
            columns.append(np.arange(count))
            continue
        if column == 0:
            weighed = np.abs(step.layers[0].weight_gradients).sum(axis=0)
        else:
            weighed = np.abs(step.layers[column - 1].sum_gradients).sum(axis=0)
        columns.append(np.sort(np.argsort(-weighed, kind="stable")[:UNITS]))
    return columns


def _of_units(step: TrainingStep, shown: Shown, samples: int) -> dict[str, NDArray[np.float32]]:
    """Each unit's numbers, by sample and for the batch; inputs have values and (backwards) nothing else."""
    nothing = np.zeros_like(step.layers[0].inputs)
    columns: dict[str, list[Floats]] = {
        "values": [step.layers[0].inputs, *(layer.outputs for layer in step.layers)],
        "sums": [nothing, *(layer.sums for layer in step.layers)],
        "slopes": [nothing, *(layer.slopes for layer in step.layers)],
        "output_gradients": [nothing, *(layer.output_gradients for layer in step.layers)],
        "sum_gradients": [nothing, *(layer.sum_gradients for layer in step.layers)],
    }
    blocks = {}
    for name, arrays in columns.items():
        drawn = np.concatenate([array[:, units] for array, units in zip(arrays, shown, strict=True)], axis=1)
        whole = drawn.sum(axis=0) if name.endswith("gradients") else drawn.mean(axis=0)
        blocks[name] = _short(np.vstack([drawn[:samples], whole]))
    return blocks


def _of_links(step: TrainingStep, shown: Shown, check: Check | None) -> dict[str, NDArray[np.float32]]:
    """Weights and biases with their gradients and what becomes of them."""
    parts: dict[str, list[Floats]] = {}
    for layer, (sources, units) in enumerate(itertools.pairwise(shown)):
        found = step.layers[layer]
        matrices = {"weights": found.weights, "gradients": found.weight_gradients, "new_weights": found.new_weights}
        vectors = {"biases": found.biases, "bias_gradients": found.bias_gradients, "new_biases": found.new_biases}
        if check is not None:
            matrices["checked"] = np.asarray(check.gradients_weights[layer], dtype=np.float64)
            vectors["checked_biases"] = np.asarray(check.gradients_biases[layer], dtype=np.float64)
        for name, matrix in matrices.items():
            parts.setdefault(name, []).append(matrix[np.ix_(units, sources)].ravel())
        for name, vector in vectors.items():
            parts.setdefault(name, []).append(vector[units])
    return {name: _short(np.concatenate(arrays)) for name, arrays in parts.items()}


def _answers(step: TrainingStep, n: int) -> Floats | None:
    """The outputs as probabilities, where the loss reads them so."""
    if step.loss_name not in _BY_PROBABILITY:
        return None
    return np.asarray(probabilities(step.layers[-1].sums), dtype=np.float64).reshape(n, -1)


def _said(step: TrainingStep, names: StepNames, check: Check | None) -> dict[str, Any] | None:
    """The comparison with autograd, in numbers and words."""
    if check is None:
        return None
    counts = [step.layers[0].inputs.shape[1], *(layer.weights.shape[0] for layer in step.layers)]
    apart = difference(step, check)
    where = link_name(names, counts, apart.layer, apart.to, apart.source)
    return {"library": check.library, "largest": apart.largest, "where": where}


def _plain(step: TrainingStep) -> bool:
    """Whether each new weight is the old one less learning rate times gradient (no other rule, no penalty)."""
    return step.rule == "sgd" and all(
        np.allclose(layer.new_weights, layer.weights - step.lr * layer.weight_gradients, rtol=1e-4, atol=1e-6)
        for layer in step.layers
    )


def _row(values: Floats, units: NDArray[np.intp]) -> list[float]:
    return [float(f"{value:.6g}") if math.isfinite(value) else math.nan for value in values[units]]


def _short(array: Floats) -> NDArray[np.float32]:
    """As the frame carries it; what is too large for that is infinite there, too."""
    with np.errstate(over="ignore"):
        return array.astype(np.float32)
