"""Words of a GAN run: what is seen of it, for those who cannot see it; its layers, its losses. Only what was computed is said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from playground.functional.gan import Layer, Pair
from playground.training.gan_judge import Judge
from playground.training.gan_standing import Standing

FEATURES = {1: "the digit network that comes along", 3: "the picture network that comes along"}
"""Whose features a Fréchet distance is taken in, by the channels of a picture."""


def percent(share: float) -> str:
    """A share as a person reads it, in hundredths."""
    return f"{100 * share:.0f} %"


def learnt(epochs: int, steps: int) -> str:
    """How long something was trained; an epoch that was never ended is not counted."""
    told = [f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in ((epochs, "epoch"), (steps, "step"))]
    return ", ".join(told if epochs else told[1:])


def layer_words(layer: Layer) -> str:
    """A layer in a few words; nothing for one that neither learns nor changes a shape."""
    match layer.kind:
        case "linear":
            return f"linear, {layer.inputs:,} to {layer.outputs:,}"
        case "up":
            return f"transposed convolution {layer.kernel} × {layer.kernel}, stride {layer.stride}"
        case "conv":
            return f"convolution {layer.kernel} × {layer.kernel}, stride {layer.stride}"
        case "enlarge":
            return f"each pixel {layer.scale} × {layer.scale}"
        case "projection":
            return "linear, one number" + (", and one vector a class" if layer.inputs else "")
    return ""


def alt(judge: Judge, pair: Pair, moment: Standing, said: Mapping[str, Any], grid: Mapping[str, Any]) -> str:
    """A frame in a sentence or two."""
    count = grid["columns"] * grid["rows"]
    which = f" of the class {pair.classes[grid['class']]}" if grid["class"] is not None else ""
    drawn = f"{count} samples{which} of the generator"
    if grid["kind"] == "snapshot":
        drawn += f" as it was after {grid['step']:,} steps"
    told = [f"Epoch {moment.epoch:,}, step {moment.step:,}: {drawn}."]
    right, wrong = said["right_real"], said["right_fake"]
    if right is not None and wrong is not None:
        told.append(f"The discriminator tells {percent(right)} of real and {percent(wrong)} of made pictures right.")
    elif judge.kind == "critic" and math.isfinite(said["gap"]):
        told.append(f"The critic scores real pictures {said['gap']:.3g} above made ones.")
    distance = moment.metrics.get("frechet", math.nan)
    if math.isfinite(distance):
        told.append(f"Fréchet distance {distance:.3g}.")
    if moment.finding is not None:
        told.append(f"{moment.finding.title}.")
    return " ".join(told)
