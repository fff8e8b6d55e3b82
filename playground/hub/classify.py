"""Image classification with timm's networks, from files on disk.

What a network is fed (size, crop, interpolation, mean, spread) is what its own configuration says, as in
``timm.create_model`` by hand; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from playground.catalog import exports
from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.catalog.cards_yolo import ULTRALYTICS
from playground.core.errors import ModelUnavailable
from playground.core.vision import Box, Prediction
from playground.hub import configuration, fast
from playground.hub.cache import Loaded
from playground.hub.preparation import Preparation

MOST = 16
"""So many pictures go through a network at once; more would take memory and save no time."""


@dataclass(frozen=True)
class Refusal:
    """When a model says that a picture shows none of its classes.

    Attributes:
        score: What of the logits, divided by the temperature, is judged: the largest probability, the largest logit, or the
            logarithm of the sum of their exponentials (W. Liu et al.: Energy-based out-of-distribution detection, 2020).
        threshold: A picture with less is refused.
    """

    score: Literal["max_softmax", "max_logit", "energy"]
    threshold: float

    def of(self, logits: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which of the pictures with logits ``(n, classes)`` are refused, ``(n,)``."""
        if self.score == "max_softmax":
            found = softmax(logits).max(axis=-1)
        elif self.score == "max_logit":
            found = logits.max(axis=-1)
        else:
            highest = logits.max(axis=-1)
            found = highest + np.log(np.exp(logits - highest[:, None]).sum(axis=-1))
        return np.asarray(found < self.threshold, dtype=np.bool_)


class Classifier:
    """A network with its labels and with what it is to be fed. Several threads may use it at once.

    Attributes:
        card: Which model this is.
        network: In evaluation mode, and no parameter asks for a gradient; from pictures ``(n, 3, h, w)`` to logits.
        labels: A readable name for each class.
        device: Where it runs.
        temperature: The logits are divided by it, so that the probabilities are as sure as the model is right.
        refusal: When it says "none of my classes"; ``None`` where it never does.
        fast: What answers instead of PyTorch where that was measured to be quicker and equal.
    """

    def __init__(
        self,
        card: Card,
        network: nn.Module,
        preparation: Preparation,
        labels: tuple[str, ...],
        *,
        device: torch.device,
        temperature: float = 1.0,
        refusal: Refusal | None = None,
    ) -> None:
        self.card, self.network, self.labels, self.device = card, network, labels, device
        self.temperature, self.refusal = temperature, refusal
        self.fast: fast.Fast | None = None
        self._preparation = preparation

    @property
    def transform(self) -> Any:
        """Timm's own, from an RGB picture of any size to a tensor ``(3, h, w)``."""
        return self._preparation.transform

    @property
    def input_size(self) -> tuple[int, int, int]:
        """Channels, height and width of what it is fed."""
        return self._preparation.input_size

    @property
    def mean(self) -> tuple[float, ...]:
        """What is taken off each channel, in 0 to 1."""
        return self._preparation.mean

    @property
    def std(self) -> tuple[float, ...]:
        """What each channel is then divided by, in 0 to 1."""
        return self._preparation.std

    def crop_of(self, width: int, height: int) -> Box:
        """The part of an upright picture that the network is fed; beyond its edges where that is filled up around it."""
        return self._preparation.crop_of(width, height)

    def arrays(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Pictures as the network is fed them, ``(n, 3, h, w)``, on the host."""
        return self._preparation(images)

    def prepare(self, images: Sequence[Image.Image]) -> Tensor:
        """Pictures as the network is fed them, ``(n, 3, h, w)``, where it runs."""
        return torch.from_numpy(self._preparation(images)).to(self.device)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, classes)`` divided by the temperature, by PyTorch: for gradients."""
        return cast(Tensor, self.network(x) / self.temperature)

    def logits_of(self, x: Tensor | NDArray[np.float32]) -> NDArray[np.float32]:
        """The same by whatever is quickest, for a batch of any size ``(n, 3, h, w)``."""
        parts = [self._logits(x[start : start + MOST]) for start in range(0, len(x), MOST)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.labels)), np.float32)

    def probabilities_of(self, x: Tensor | NDArray[np.float32]) -> NDArray[np.float32]:
        """How sure the network is of each class, ``(n, classes)``, for a batch of any size ``(n, 3, h, w)``."""
        return softmax(self.logits_of(x))

    def judge(self, x: Tensor | NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """The same probabilities, and for each picture whether the model says "none of my classes", ``(n,)``."""
        logits = self.logits_of(x)
        return softmax(logits), np.zeros(len(logits), np.bool_) if self.refusal is None else self.refusal.of(logits)

    def probabilities(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """How sure the network is of each class, ``(n, classes)``; each row sums to 1."""
        return self.probabilities_of(self.arrays(images))

    def by_torch(self, x: Tensor | NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits divided by the temperature, ``(n, classes)``, by PyTorch whatever else there is."""
        with torch.inference_mode():
            given = x if isinstance(x, Tensor) else torch.from_numpy(x)
            return cast(NDArray[np.float32], self.forward(given.to(self.device)).float().cpu().numpy())

    def _logits(self, x: Tensor | NDArray[np.float32]) -> NDArray[np.float32]:
        quick = self.fast  # read once: another thread may change it
        if quick is None:
            return self.by_torch(x)
        given = x if isinstance(x, np.ndarray) else x.detach().cpu().numpy()
        return quick(given) / np.float32(self.temperature)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities ``(n, classes)`` of logits."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return cast(NDArray[np.float32], raised / raised.sum(axis=-1, keepdims=True))


def top(row: NDArray[np.floating[Any]], labels: Sequence[str], k: int = 5) -> list[Prediction]:
    """The ``k`` likeliest classes of one picture's probabilities, the likeliest first."""
    order = np.argsort(-row, kind="stable")[:k]
    return [Prediction(labels[index], int(index), float(row[index])) for index in order]


def load(card: Card, folder: Path, device: str = "cpu") -> Loaded[Classifier]:
    """Open a classifier that is on disk, warm it up, and let its quicker copy answer where there is one.

    Args:
        card: A model of task ``classify``.
        folder: The models folder.
        device: Where it is to run.

    Raises:
        ModelUnavailable: Its files are missing, broken, or not of the network they claim to be.
    """
    made, size = _opened(card, folder, device)
    measured = exports.read(card, folder) if made.device.type == "cpu" else None
    if measured is not None and not measured.used and measured.channels_last:
        made.network.to(memory_format=torch.channels_last)
    blank = np.zeros((1, *made.input_size), np.float32)
    try:
        made.by_torch(blank)  # the first call of a network is its slowest
    except (RuntimeError, ValueError, TypeError, AssertionError, IndexError) as error:
        raise ModelUnavailable(
            f"{card.title}: the network does not take pictures of the size that its configuration names "
            f"({' x '.join(map(str, made.input_size))}). {configuration.short(error)}"
        ) from None
    if measured is not None and measured.used:
        size += adopt(made, exports.place(card, folder) / exports.MODEL)
    return Loaded(made, size, shared=True)


def plain(card: Card, folder: Path) -> Classifier:
    """A classifier on the CPU as its files describe it, without warming up; raises as ``load`` does."""
    return _opened(card, folder, "cpu")[0]


def adopt(classifier: Classifier, path: Path) -> int:
    """Let a quicker copy answer from now on, if it is whole and says the same.

    Returns:
        The bytes that it takes in memory; 0 where it is not used.
    """
    opened = fast.opened(path, fast.Fast)
    if opened is None:
        return 0
    blank = np.zeros((1, *classifier.input_size), np.float32)
    wanted = softmax(classifier.by_torch(blank))
    if np.abs(softmax(opened(blank) / np.float32(classifier.temperature)) - wanted).max() > fast.EQUAL:
        return 0
    classifier.fast = opened
    return opened.bytes


def _opened(card: Card, folder: Path, device: str) -> tuple[Classifier, int]:
    """A classifier and the memory that it takes."""
    said = _described(card, folder)
    place = torch.device(device)
    refusal = None if said.refusal is None else Refusal(*said.refusal)
    made = Classifier(
        card,
        said.network.to(place),
        said.preparation,
        said.labels,
        device=place,
        temperature=said.temperature,
        refusal=refusal,
    )
    size = sum(tensor.numel() * tensor.element_size() for tensor in said.network.state_dict().values())
    return made, 2 * size  # as much again for what a batch needs on its way


def _described(card: Card, folder: Path) -> configuration.Described:
    if card.architecture != ULTRALYTICS:
        return configuration.read(on_disk.place(card, folder), card)
    from playground.hub import yolo_files  # ultralytics takes seconds: only where it is wanted

    return yolo_files.classifier(card, folder)
