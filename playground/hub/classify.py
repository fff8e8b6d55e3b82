"""Image classification with timm's networks, from files on disk.

What a network is fed (size, crop, interpolation, mean, spread) is what its own configuration says, as in
``timm.create_model`` by hand; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import timm
import torch
from numpy.typing import NDArray
from PIL import Image
from timm.data import ImageNetInfo, create_transform, resolve_data_config
from torch import Tensor, nn

from playground.catalog.card import Card, Local
from playground.core.errors import ModelUnavailable
from playground.hub import opening
from playground.hub.cache import Loaded


@dataclass(frozen=True)
class Classifier:
    """A network with its labels and with what it is to be fed.

    Attributes:
        network: In evaluation mode; from pictures ``(n, 3, h, w)`` to logits ``(n, classes)``.
        transform: From an RGB picture of any size to ``(3, h, w)``.
        labels: A readable name for each class.
        device: Where it runs.
    """

    network: nn.Module
    transform: Any
    labels: tuple[str, ...]
    device: torch.device

    def prepare(self, images: Sequence[Image.Image]) -> Tensor:
        """Pictures as the network is fed them, ``(n, 3, h, w)``."""
        return torch.stack([self.transform(image) for image in images]).to(self.device)

    def probabilities(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """How sure the network is of each class, ``(n, classes)``; each row sums to 1."""
        with torch.inference_mode():
            found = self.network(self.prepare(images)).float().softmax(dim=-1)
        return cast(NDArray[np.float32], found.cpu().numpy())


@dataclass(frozen=True)
class Prediction:
    """One class of an answer, the likeliest first."""

    label: str
    index: int
    score: float


def top(row: NDArray[np.floating[Any]], labels: Sequence[str], k: int = 5) -> list[Prediction]:
    """The ``k`` likeliest classes of one picture's probabilities."""
    order = np.argsort(-row, kind="stable")[:k]
    return [Prediction(labels[index], int(index), float(row[index])) for index in order]


def load(card: Card, folder: Path, device: str = "cpu") -> Loaded[Classifier]:
    """Open a classifier that is on disk.

    Args:
        card: A model of task ``classify``.
        folder: The models folder.
        device: Where it is to run.

    Raises:
        ModelUnavailable: Its files are missing, broken, or not of the network they claim to be.
    """
    place = folder / (card.source.folder if isinstance(card.source, Local) else card.name)
    said = _configuration(place / "config.json", card)
    tensors = opening.weights(place / card.source.files[-1])
    network = _network(card, said, tensors)
    inner = said.get("pretrained_cfg")
    data = resolve_data_config(pretrained_cfg=inner if isinstance(inner, dict) else said, model=network)
    place_ = torch.device(device)
    size = sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values())
    transform = create_transform(**data)
    made = Classifier(network.to(place_).eval(), transform, _labels(said, int(str(network.num_classes))), place_)
    return Loaded(made, 2 * size, shared=True)  # as much again for what a batch needs on its way


def _configuration(path: Path, card: Card) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{card.title}: its config.json cannot be read ({error}).") from None
    if not isinstance(said, dict):
        raise ModelUnavailable(f"{card.title}: its config.json holds no settings.")
    return said


def _network(card: Card, said: dict[str, Any], tensors: dict[str, Tensor]) -> nn.Module:
    """The network of a configuration, filled; its shape is checked before anything is allocated for it."""
    name = str(said.get("architecture", card.architecture))
    if not timm.is_model(name):
        raise ModelUnavailable(f"{card.title}: the installed timm knows no network '{name[:60]}'.")
    classes = said.get("num_classes")
    arguments = {"num_classes": classes} if isinstance(classes, int) else {}
    network: nn.Module = timm.create_model(name, pretrained=False, **arguments)
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        first = " ".join(str(error).split("\n", 2)[1:2]).strip()[:160]
        raise ModelUnavailable(
            f"{card.title}: the weights are not those of a {name} with {network.num_classes} classes. {first}"
        ) from None
    return network


def _labels(said: dict[str, Any], classes: int) -> tuple[str, ...]:
    """A name for each class: the model's own, those of ImageNet where there are a thousand, else numbers."""
    inner = said.get("pretrained_cfg")
    own = said.get("label_names") or (inner.get("label_names") if isinstance(inner, dict) else None)
    if isinstance(own, list) and len(own) == classes:
        return tuple(str(name) for name in own)
    if classes == 1000:
        imagenet = ImageNetInfo()
        return tuple(imagenet.index_to_description(index) for index in range(classes))
    return tuple(f"class {index}" for index in range(classes))
