"""What a network is fed, and what a stage of it makes of that."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError
from playground.core.vision import Fed, Feed
from playground.hub.answering import each, pixels
from playground.hub.classify import Classifier
from playground.hub.desk import Desk
from playground.hub.gradcam import UNLIKE

MOST = 64
LARGEST = 128
"""Larger maps are pooled to so many pixels a side: they are shown small."""


def feed(
    desk: Desk, card: Card | None, questions: Sequence[Feed], say: Callable[[str], None]
) -> list[Fed | PlaygroundError]:
    """For each picture the network's input and the strongest maps of one stage; what cannot be had is said in words."""
    return each(desk, card, questions, say, lambda classifier, question: _feed(desk, classifier, question))


def _feed(desk: Desk, classifier: Classifier, question: Feed) -> Fed:
    began = time.perf_counter()
    if not 1 <= question.most <= MOST:
        raise InputError(f"{question.most} maps were asked for; 1 to {MOST} can be shown.")
    image = desk.picture(question.photo).image
    fed = classifier.arrays([image])  # (1, 3, h, w)
    found = stages(classifier.network, torch.from_numpy(fed).to(classifier.device))
    if not -1 <= question.stage < max(len(found), 1):
        raise InputError(
            f"Stage {question.stage} was asked for; this network's stages are 0 to {len(found) - 1}, and -1 is the last."
        )
    stage = range(len(found))[question.stage] if found else -1
    maps = found[stage][1] if found else np.zeros((0, 1, 1), np.float32)
    channels = _strongest(maps, question.most)
    shades, scales = _shades(maps[channels])
    names = tuple(f"{name}: {' x '.join(map(str, held.shape))}" for name, held in found)
    notes = () if found else ("This network does not show its stages: it has none that give maps.",)
    return Fed(
        pixels(classifier, fed[0]), classifier.crop_of(*image.size), _steps(image, classifier), names, stage,
        shades, tuple(int(channel) for channel in channels), scales, time.perf_counter() - began, notes,
    )  # fmt: skip


def stages(network: nn.Module, x: Tensor) -> list[tuple[str, NDArray[np.float32]]]:
    """Every stage's name with its maps of one picture, ``(channels, h, w)``, from the input to the output.

    timm's networks give them by themselves. Of one that does not, a copy is listened to: at the places that it names as its
    stages, else at its outermost parts.
    """
    with torch.inference_mode():
        held = _given(network, x) or _overheard(network, x)
        return [(name, cast(NDArray[np.float32], one[0].float().cpu().numpy())) for name, one in held]


def _given(network: Any, x: Tensor) -> list[tuple[str, Tensor]]:
    """What timm's networks tell of themselves; nothing where this one does not."""
    if not hasattr(network, "forward_intermediates"):
        return []
    try:
        given = network.forward_intermediates(x, intermediates_only=True)
    except UNLIKE:
        return []
    return [(name, one) for name, one in zip(_names(network, given), given, strict=True) if one.ndim == 4]


def _names(network: Any, given: Sequence[Tensor]) -> list[str]:
    """The parts of the network that the maps come from, where its own list of them fits; else their numbers."""
    listed = [one for one in _listed(network) if "module" in one]
    names = {str(one["module"]) for one in listed} - {""}
    fits = len(names) == len(listed) == len(given) and all(
        one.ndim == 4 and one.shape[1] == said.get("num_chs") for one, said in zip(given, listed, strict=True)
    )
    return (
        [str(said["module"]) for said in listed] if fits else [f"stage {number}" for number in range(1, len(given) + 1)]
    )


def _listed(network: Any) -> list[dict[str, Any]]:
    """What a network says of its stages."""
    found = getattr(network, "feature_info", None) or []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, Sequence) else []


def _overheard(network: nn.Module, x: Tensor) -> list[tuple[str, Tensor]]:
    """The maps that pass through the parts of a copy: the network itself is in use by others."""
    ours = copy.deepcopy(network)
    parts = dict(ours.named_modules())
    named = [str(one["module"]) for one in _listed(ours) if one.get("module") in parts]
    heard: dict[str, Tensor] = {}

    def listener(name: str) -> Callable[[nn.Module, Any, Any], None]:
        def hear(part: nn.Module, given: Any, made: Any) -> None:
            if isinstance(made, Tensor) and made.ndim == 4 and made.shape[2] * made.shape[3] > 1:
                heard[name] = made

        return hear

    for name in named or [name for name, _ in ours.named_children()]:
        parts[name].register_forward_hook(listener(name))
    ours(x)
    return list(heard.items())


def _strongest(maps: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """The channels whose values are the largest on average, whatever their sign; the strongest first."""
    strength = np.abs(maps).mean(axis=(1, 2))  # (channels,)
    return np.argsort(-strength, kind="stable")[:most]


def _shades(maps: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Maps ``(n, h, w)`` in 256 shades each, and the values of the first and the last shade ``(n, 2)``."""
    if max(maps.shape[1:]) > LARGEST:
        size = (min(maps.shape[1], LARGEST), min(maps.shape[2], LARGEST))
        maps = adaptive_avg_pool2d(torch.from_numpy(maps), size).numpy()
    low, high = maps.min(axis=(1, 2)), maps.max(axis=(1, 2))
    span = np.where(high > low, high - low, 1.0)[:, None, None]
    shades = ((maps - low[:, None, None]) / span * 255).round().clip(0, 255).astype(np.uint8)
    return shades, np.stack([low, high], axis=1).astype(np.float32)


def _steps(image: Image.Image, classifier: Classifier) -> tuple[str, ...]:
    """What is done to this picture on its way into the network: each step is carried out, and what it did is said."""
    steps: list[str] = []
    at: Any = image
    for step in classifier.transform.transforms:
        before, kind = at, type(step).__name__
        if not isinstance(at, Image.Image) or kind == "Normalize":
            break
        at = step(at)
        if not isinstance(at, Image.Image):
            break
        if at.size == before.size:
            continue
        was, now = (f"{one.width} x {one.height}" for one in (before, at))
        if kind.startswith("Resize"):
            how = getattr(step, "interpolation", "")
            manner = str(getattr(how, "value", how))
            words = f"Resized from {was} to {now}" + (f" ({manner})." if manner else ".")
        elif at.width > before.width or at.height > before.height:
            words = f"Filled up around its edges from {was} to {now}."
        else:
            words = f"Cropped to the middle {now}."
        steps.append(words)
    if not steps:
        steps.append(f"Its {image.width} x {image.height} pixels are taken as they are.")
    colours = zip(("red", "green", "blue"), classifier.mean, classifier.std, strict=True)
    steps.append("Each value, 0 to 255, divided by 255.")
    if len(set(classifier.mean)) == len(set(classifier.std)) == 1:
        steps.append(f"Each channel: minus {classifier.mean[0]:.3g}, divided by {classifier.std[0]:.3g}.")
    else:
        steps.append(
            "; ".join(
                f"{name.capitalize() if name == 'red' else name}: minus {mean:.3g}, divided by {std:.3g}"
                for name, mean, std in colours
            )
            + "."
        )
    return tuple(steps)
