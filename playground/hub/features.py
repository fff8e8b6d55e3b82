"""A pretrained classifier without its last layer: its features, and copies of which the last parts learn along."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from playground.core.errors import ModelUnavailable
from playground.core.progress import Progress
from playground.core.transfer import Depth
from playground.hub.classify import Classifier

TOGETHER = 16
"""So many pictures go through the network at once."""

SHARES: dict[Depth, float] = {"quarter": 0.25, "half": 0.5, "all": 1.0}


class Body(nn.Module):
    """A copy of a network that gives what its last layer is given. The weights are the original's own unless told otherwise.

    Args:
        classifier: The original; others may use it meanwhile.
        learning: Names of the parts of which this copy has weights of its own, that learn.

    Raises:
        ModelUnavailable: The network has no last layer that could be found.
    """

    def __init__(self, classifier: Classifier, learning: Sequence[str] = ()) -> None:
        super().__init__()
        network = classifier.network
        head = last_layer(classifier)
        own = {id(one) for name in learning for one in network.get_submodule(name).parameters()}
        shared = {id(one): one for one in (*network.parameters(), *network.buffers()) if id(one) not in own}
        self.network = copy.deepcopy(network, cast(dict[int, Any], shared))
        self._caught: list[Tensor] = []
        self.network.get_submodule(head).register_forward_pre_hook(lambda _, given: self._caught.append(given[0]))
        for name in learning:
            self.network.get_submodule(name).requires_grad_(True)

    def forward(self, x: Tensor) -> Tensor:
        """From prepared pictures ``(n, 3, h, w)`` to features ``(n, d)``."""
        self._caught.clear()
        self.network(x)
        features = self._caught.pop()
        return (
            features
            if features.ndim == 2
            else features.flatten(1)
            if features.shape[-1] == 1
            else features.mean((2, 3))
        )


def last_layer(classifier: Classifier) -> str:
    """Name of the layer whose outputs are the classes: the last one with as many outputs as there are labels."""
    fits: list[str] = [
        name
        for name, part in classifier.network.named_modules()
        if (isinstance(part, nn.Linear) and part.out_features == len(classifier.labels))
        or (isinstance(part, nn.Conv2d) and part.out_channels == len(classifier.labels) and part.kernel_size == (1, 1))
    ]
    if not fits:
        raise ModelUnavailable(
            f"{classifier.card.title} has no last layer that could be taken off: choose another model for its features."
        )
    return fits[-1]


def last_parts(classifier: Classifier, depth: Depth) -> tuple[str, ...]:
    """Names of the parts that learn along: the last quarter or half of them, or all, without the last layer."""
    head, found = last_layer(classifier), list[str]()

    def walk(prefix: str, module: nn.Module) -> None:
        for name, child in module.named_children():
            full = f"{prefix}.{name}" if prefix else name
            if full == head or not any(True for _ in child.parameters()):
                continue
            if isinstance(child, nn.Sequential | nn.ModuleList) or head.startswith(f"{full}."):
                walk(full, child)
            else:
                found.append(full)

    walk("", classifier.network)
    return tuple(found[len(found) - max(1, math.ceil(len(found) * SHARES[depth])) :])


def features_of(
    classifier: Classifier, images: Sequence[Image.Image], say: Callable[[str], None]
) -> NDArray[np.float32]:
    """What the network's last layer is given for each picture, ``(n, d)``; says how far it is."""
    body, rows = Body(classifier), []
    for start in range(0, len(images), TOGETHER):
        say(Progress(f"Features: picture {start + 1} of {len(images)}", start / len(images)))
        with torch.inference_mode():
            rows.append(body(classifier.prepare(images[start : start + TOGETHER])).float().cpu().numpy())
    return np.concatenate(rows)
