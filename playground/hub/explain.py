"""Where in a picture the evidence for a class lies: three ways to estimate it, and a check whether the answer means anything."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.vision import METHODS, SCRAMBLES, Explain, Explained, Prediction, Scramble
from playground.hub import gradcam
from playground.hub.answering import each
from playground.hub.classify import Classifier
from playground.hub.desk import Desk
from playground.hub.integrated import black, integrated
from playground.hub.occlusion import occlusion
from playground.hub.scramble import scrambled

FINEST = 56
"""Rows and columns that a map of integrated gradients is pooled to: single pixels of it are noise to the eye."""

STEPS = ((15.0, 32), (100.0, 16), (math.inf, 8))
"""Of integrated gradients: up to so many millions of weights (at 224 x 224 pixels), so many steps."""

PATCHES = ((15.0, 14, 3), (100.0, 9, 2), (math.inf, 7, 2))
"""Of occlusion: up to so many millions of weights, so many cells a side and so many that a patch covers."""

LITTLE = 0.01
"""A patch that costs less of the score says little."""

FAINT = 1e-6
"""Evidence below this is rounding."""

_SAID: dict[Scramble, str] = {
    "head": "The weights of the last layer",
    "half": "The weights of the second half of the layers",
    "all": "All weights",
}


def explain(
    desk: Desk, card: Card | None, questions: Sequence[Explain], say: Callable[[str], None]
) -> list[Explained | PlaygroundError]:
    """For each picture and class, a map of the evidence; a question that makes no sense gets its error in words."""
    return each(desk, card, questions, say, lambda classifier, question: _explain(desk, classifier, question, say))


def _explain(desk: Desk, classifier: Classifier, question: Explain, say: Callable[[str], None]) -> Explained:
    began = time.perf_counter()
    _check(question, len(classifier.labels))
    image = desk.picture(question.photo).image
    x = classifier.prepare([image])  # (1, 3, h, w)
    target = question.target if question.target >= 0 else int(classifier.probabilities_of(x)[0].argmax())
    network, notes = classifier.network, list[str]()
    probabilities: Callable[[Tensor], NDArray[np.float32]] = classifier.probabilities_of
    if question.scramble != "none":
        say("Scrambling a copy of the network")
        network = scrambled(network, question.scramble, x)
        probabilities = _slow(network, classifier.temperature)
        notes.append(
            f"{_SAID[question.scramble]} were shuffled in a copy of the network: what they had learned is forgotten."
        )
    try:
        score = float(probabilities(x)[0, target])
        halves = gradcam.cut(network, x)
        if question.method == "gradcam":
            say("Asking the last maps")
            heat, more = _gradcam(halves, target, classifier)
        elif question.method == "integrated_gradients":
            say("Adding up gradients")
            heat, more = _integrated(network, classifier, x, target)
        else:
            say("Covering one place after the other")
            heat, more = _occlusion(network, probabilities, x, target)
    finally:
        if network is not classifier.network:
            del network, probabilities  # a copy as large as the network: gone before the next one is made
            gc.collect()
    methods = tuple(method for method in METHODS if method != "gradcam" or halves is not None)
    named = Prediction(classifier.labels[target], target, score)
    return Explained(
        heat, question.method != "gradcam", classifier.crop_of(*image.size), named, methods,
        time.perf_counter() - began, (*more, *notes),
    )  # fmt: skip


def _check(question: Explain, classes: int) -> None:
    if question.method not in METHODS:
        raise InputError(
            f"There is no way '{str(question.method)[:40]}' to explain an answer. Known: {', '.join(METHODS)}."
        )
    if question.scramble not in SCRAMBLES:
        raise InputError(f"'{str(question.scramble)[:40]}' cannot be scrambled. Known: {', '.join(SCRAMBLES)}.")
    if not -1 <= question.target < classes:
        raise InputError(
            f"Class {question.target} was asked for; this model's classes are 0 to {classes - 1}, and -1 is the likeliest."
        )


def _gradcam(
    halves: gradcam.Halves | None, target: int, classifier: Classifier
) -> tuple[NDArray[np.float32], list[str]]:
    if halves is None:
        raise ModelUnavailable(
            f"{classifier.card.title} has no last maps that Grad-CAM could look at. Choose integrated gradients or occlusion."
        )
    heat = gradcam.gradcam(halves.maps, halves.after, target)
    notes = []
    if halves.tokens:
        rows, columns = heat.shape
        notes.append(f"This network sees {columns} x {rows} patches: the map has one value for each of them.")
    if float(heat.amax()) <= 0:
        notes.append("Nothing in the last maps speaks for this class: the map is empty.")
        return _array(heat), notes
    return _array(heat / heat.amax()), notes


def _integrated(
    network: nn.Module, classifier: Classifier, x: Tensor, target: int
) -> tuple[NDArray[np.float32], list[str]]:
    steps = next(steps for most, steps in STEPS if _effort(network, x) <= most)
    baseline = black(classifier.mean, classifier.std, x)
    found = integrated(network, x, baseline, target, steps)
    high, wide = found.added.shape
    size = (min(high, FINEST), min(wide, FINEST))
    pooled = adaptive_avg_pool2d(found.added[None, None], size)[0, 0]  # (rows, columns)
    notes = [
        f"From a black picture to this one, in {steps} steps, the class's raw score changes by {found.rise:+.2f}; "
        f"what the pixels added sums to that within {found.error:.1%}."
    ]
    return _signed(_array(pooled), share=0.99), notes


def _occlusion(
    network: nn.Module, probabilities: Callable[[Tensor], NDArray[np.float32]], x: Tensor, target: int
) -> tuple[NDArray[np.float32], list[str]]:
    high, wide = x.shape[2:]
    cells, span = next((cells, span) for most, cells, span in PATCHES if _effort(network, x) <= most)
    lost, whole = occlusion(probabilities, x, target, cells, span)
    most = float(lost.max())
    rows, columns = (span * side / cells for side in (high, wide))
    places = (lost.shape[0] - span + 1) * (lost.shape[1] - span + 1)
    notes = [
        f"A grey patch of about {columns:.0f} × {rows:.0f} of the input's {wide} × {high} pixels was put in {places} places."
    ]
    if most > FAINT:
        notes.append(
            f"The score is {100 * whole:.1f} %. Covering the place that matters most costs {100 * most:.1f} points of it, "
            "as the mean of all patches over that place."
        )
    if FAINT < float(np.abs(lost).max()) < LITTLE:
        notes.append("No patch by itself makes much of a difference: the colours stand for very little.")
    return _signed(lost, share=1.0), notes


def _signed(values: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Values from -1 to 1: what exceeds this share of all sizes is cut off, so that one pixel does not dim the others."""
    size = float(np.quantile(np.abs(values), share)) or float(np.abs(values).max())
    if size < FAINT:
        return np.zeros_like(values)
    return np.asarray((values / size).clip(-1.0, 1.0), dtype=np.float32)


def _slow(network: nn.Module, temperature: float) -> Callable[[Tensor], NDArray[np.float32]]:
    """Probabilities of a network that nothing but PyTorch runs."""

    def probabilities(x: Tensor) -> NDArray[np.float32]:
        with torch.inference_mode():
            return _array((network(x) / temperature).float().softmax(dim=-1))

    return probabilities


def _effort(network: nn.Module, x: Tensor) -> float:
    """How much work a picture is, in millions of weights at 224 x 224 pixels: rough, but the same on every machine."""
    return sum(held.numel() for held in network.parameters()) / 1e6 * x.shape[2] * x.shape[3] / 224**2


def _array(values: Tensor) -> NDArray[np.float32]:
    return cast(NDArray[np.float32], values.detach().float().cpu().numpy())
