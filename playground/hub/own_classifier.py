"""Classifiers of a visitor's own classes: made in one of three ways, written down as bytes, opened again, asked.

Pictures are decoded ones; numbers go in and out as NumPy arrays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from playground.core.errors import InputError, ModelUnavailable
from playground.core.transfer import Manner, Way
from playground.functional.last_layer import LastLayer
from playground.hub import small_network
from playground.hub.classify import Classifier
from playground.hub.features import Body, last_parts

LARGEST = 28_000_000
"""Bytes of the weights of one classifier: it travels to the page and back."""

EPOCHS, RATE, HEAD_RATE = 8, 3e-4, 1e-3
"""Of tuning: passes over the pictures, highest rate of the parts below, highest rate of the last layer."""

SECONDS = 45.0
"""So long a training may take; then it ends with the epoch under way."""

FEWEST_STEPS = 60
"""A network of one's own is updated so often at least, however few the pictures are."""


class Tuned(nn.Module):
    """A pretrained network's body and a last layer of one's own.

    Args:
        body: Gives the features.
        layer: What the last layer begins with.
    """

    def __init__(self, body: Body, layer: LastLayer) -> None:
        super().__init__()
        self.body = body
        classes, features = layer.weight.shape
        self.layer = nn.Linear(features, classes)
        with torch.no_grad():
            self.layer.weight.copy_(torch.from_numpy(layer.weight))
            self.layer.bias.copy_(torch.from_numpy(layer.bias))

    def forward(self, x: Tensor) -> Tensor:
        """From prepared pictures ``(n, 3, h, w)`` to logits ``(n, classes)``."""
        return cast(Tensor, self.layer(self.body(x)))


@dataclass(frozen=True, eq=False)
class OwnClassifier:
    """A classifier of a visitor's own classes.

    Attributes:
        way: How it was made.
        network: In evaluation mode, from what it is fed to logits.
        side: Height and width that it is fed where it is a network of one's own; 0 where the pretrained model says.
        parts: Parts of the pretrained network that have learnt along.
        model: Name of the pretrained model; empty where there is none.
    """

    way: Way
    network: nn.Module
    side: int = 0
    parts: tuple[str, ...] = ()
    model: str = ""

    def fed(self, images: Sequence[Image.Image], classifier: Classifier | None) -> NDArray[np.float32]:
        """Pictures as it is fed them, ``(n, 3, h, w)``."""
        return small_network.as_seen(images, self.side) if classifier is None else classifier.arrays(images)

    def scores(self, images: Sequence[Image.Image], classifier: Classifier | None) -> NDArray[np.float32]:
        """How sure it is of each class, ``(n, classes)``."""
        device = None if classifier is None or self.way == "scratch" else classifier.device
        return small_network.scores(self.network, self.fed(images, None if self.side else classifier), device)

    @property
    def trained(self) -> int:
        """So many numbers were learnt."""
        return sum(one.numel() for one in self.network.parameters() if one.requires_grad)

    @property
    def whole(self) -> int:
        """So many numbers it has."""
        return sum(one.numel() for one in self.network.parameters())

    def packed(self) -> bytes:
        """Its own weights, without those of the pretrained model; raises ``ModelUnavailable`` where they are too many."""
        if self.way == "scratch":
            kept = self.network.state_dict()
        else:
            kept = {name: one for name, one in self.network.named_parameters() if one.requires_grad}
        kept = {name: one.detach().cpu().contiguous() for name, one in kept.items()}
        size = sum(one.numel() * one.element_size() for one in kept.values())
        if size > LARGEST:
            raise ModelUnavailable(
                f"What would learn along has {size / 1e6:,.0f} MB of weights; at most {LARGEST / 1e6:,.0f} MB can be kept for you. "
                "Let fewer parts learn, or choose a smaller model."
            )
        said = {"way": self.way, "side": self.side, "parts": self.parts, "model": self.model}
        return save(kept, {"playground": json.dumps(said)})


def opened(packed: bytes, classifier: Classifier) -> OwnClassifier:
    """What ``packed`` has written; raises ``InputError`` where it is something else, or of another model."""
    try:
        said = json.loads(_metadata(packed)["playground"])
        tensors = load(packed)
        way, side, parts = said["way"], int(said["side"]), tuple(said["parts"])
        if way == "scratch":
            network: nn.Module = small_network.small_network(len(tensors[_last(tensors)]))
            network.load_state_dict(tensors)
            return OwnClassifier("scratch", network.eval(), side)
        if said["model"] != classifier.card.name:
            raise InputError("This classifier was made with another model's features. Train it again.")
        weight, bias = tensors["layer.weight"].numpy(), tensors["layer.bias"].numpy()
        network = Tuned(Body(classifier, parts), LastLayer(weight, bias)).to(classifier.device)
        network.load_state_dict(tensors, strict=False)
        return OwnClassifier(way, network.eval(), 0, parts, said["model"])
    except (KeyError, ValueError, TypeError, RuntimeError, SafetensorError):
        raise InputError("These are not the weights of a classifier made here. Train it again.") from None


def _last(tensors: dict[str, Tensor]) -> str:
    """Name of the last bias."""
    return max((name for name in tensors if name.endswith(".bias")), key=lambda name: int(name.split(".")[0]))


def _metadata(packed: bytes) -> dict[str, Any]:
    """What stands beside the weights."""
    length = int.from_bytes(packed[:8], "little")
    found: dict[str, Any] = json.loads(packed[8 : 8 + min(length, 1_000_000)])["__metadata__"]
    return found


def with_last_layer(classifier: Classifier, layer: LastLayer) -> OwnClassifier:
    """A pretrained network with a last layer of one's own."""
    network = Tuned(Body(classifier), layer).to(classifier.device)
    return OwnClassifier("last", network.eval(), 0, (), classifier.card.name)


def from_scratch(
    images: Sequence[Image.Image],
    labels: NDArray[np.int64],
    classes: int,
    manner: Manner,
    seed: int,
    say: Callable[[int, int], None],
) -> OwnClassifier:
    """A small network that learns from nothing but these pictures."""
    torch.manual_seed(seed)
    network = small_network.small_network(classes)
    network.train()
    batches = -(-len(images) // small_network.BATCH)
    epochs = max(manner.epochs, -(-FEWEST_STEPS // batches))
    x = small_network.as_seen(images, manner.side)
    groups: list[dict[str, object]] = [{"params": list(network.parameters()), "lr": 0.01}]
    small_network.learn(
        network, groups, x, labels, epochs=epochs, augment=manner.augment, seed=seed, say=say, seconds=SECONDS
    )
    return OwnClassifier("scratch", network.eval(), manner.side)


def tuned(
    classifier: Classifier,
    layer: LastLayer,
    images: Sequence[Image.Image],
    labels: NDArray[np.int64],
    manner: Manner,
    say: Callable[[int, int], None],
) -> tuple[OwnClassifier, int]:
    """A pretrained network whose last parts learn along, from a last layer that is good already (A. Kumar et al., 2022).

    Its normalisations keep the statistics they have: a few pictures tell too little about them.

    Returns:
        The classifier, and the epochs that there was time for.
    """
    parts = last_parts(classifier, manner.depth)
    network = Tuned(Body(classifier, parts), layer).to(classifier.device).eval()
    made = OwnClassifier("tuned", network, 0, parts, classifier.card.name)
    made.packed()  # what could not be kept is not trained
    below = [one for one in network.body.parameters() if one.requires_grad]
    groups: list[dict[str, object]] = [
        {"params": below, "lr": RATE},
        {"params": list(network.layer.parameters()), "lr": HEAD_RATE},
    ]
    epochs = small_network.learn(
        network, groups, classifier.arrays(images), labels, epochs=EPOCHS, augment=manner.augment, seed=manner.seed, say=say,
        seconds=SECONDS, device=classifier.device,
    )  # fmt: skip
    return made, epochs
