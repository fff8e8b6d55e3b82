"""Object detection with ultralytics' networks, from files on disk: from pictures to every box that is proposed.

What is fed and what is proposed are the same as in ``YOLO(path).predict(...)`` by hand; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.card import Card
from playground.core.detection import FLOOR, MOST_OBJECTS, Candidates, Grid
from playground.core.errors import InputError, ModelUnavailable
from playground.hub import yolo_files
from playground.hub.cache import Loaded
from playground.hub.configuration import short
from playground.hub.letterbox import Fed, letterbox, rounded
from playground.hub.yolo_network import Proposals

SIDES = range(32, 1281)
"""What a detector may be fed, in pixels of the longest side."""

Raw: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32] | None]
"""What a network says of a batch: proposals ``(n, 4 + classes + extra, cells)``, and prototypes ``(n, k, h, w)`` of masks."""


class Detector:
    """A network that proposes boxes, with the names of its classes. Several threads may use it at once.

    Attributes:
        card: Which model this is.
        network: In evaluation mode, and no parameter asks for a gradient; see ``Proposals`` for what it gives.
        names: Of the classes.
        device: Where it runs.
        side: Longest side of what it is fed where nobody says otherwise, in pixels.
        task: ``detect``, ``segment`` or ``pose``.
        half: Whether convolutions are computed in half precision, as GPUs do fastest; boxes are decoded in full precision.
        fast: What answers instead of PyTorch where that was measured to be quicker and equal: like ``by_torch``.
    """

    def __init__(
        self, card: Card, network: Proposals, names: tuple[str, ...], *, side: int, device: torch.device
    ) -> None:
        self.card, self.network, self.names, self.side, self.device = card, network, names, side, device
        self.task = "segment" if network.masks else "pose" if network.points[0] else "detect"
        self.half = device.type == "cuda"
        self.fast: Callable[[NDArray[np.float32]], Raw] | None = None

    @property
    def end_to_end(self) -> bool:
        """Whether it was trained to propose each object once."""
        return self.network.end_to_end

    @property
    def strides(self) -> tuple[int, ...]:
        """Pixels from cell to cell, from the finest grid to the coarsest."""
        return self.network.strides

    @property
    def points(self) -> int:
        """How many key points each object has; 0 for models without."""
        return self.network.points[0]

    def prepare(self, images: Sequence[Image.Image], side: int = 0) -> list[Fed]:
        """Pictures as the network is fed them.

        Args:
            images: RGB, upright.
            side: Longest side in pixels, rounded up to the coarsest stride; 0 is the model's own.

        Raises:
            InputError: The side is too small or too large; says what is allowed.
        """
        if side and side not in SIDES:
            raise InputError(
                f"A side of {side} pixels was asked for; {SIDES[0]} to {SIDES[-1]} can be fed to a detector."
            )
        stride = max(self.strides)
        return [letterbox(image, rounded(side or self.side, stride), stride) for image in images]

    def raw(self, x: NDArray[np.float32]) -> Raw:
        """Every proposal for a batch ``(n, 3, h, w)``, by whatever is quickest.

        Returns:
            Proposals ``(n, 4 + classes + extra, cells)``: left, top, right, bottom in pixels of what is fed, the score of
            each class, then coefficients of masks or key points. For models with masks: prototypes ``(n, k, h, w)``.
        """
        quick = self.fast  # read once: another thread may change it
        return self.by_torch(x) if quick is None else quick(x)

    def by_torch(self, x: NDArray[np.float32]) -> Raw:
        """The same by PyTorch, whatever else there is."""
        with torch.inference_mode(), torch.autocast(self.device.type, torch.float16, enabled=self.half):
            found = self.network(torch.from_numpy(x).to(self.device, memory_format=torch.channels_last))
            arrays = [one.float().cpu().numpy() for one in found]
        return arrays[0], arrays[1] if len(arrays) > 1 else None

    def grids(self, fed: Fed) -> tuple[Grid, ...]:
        """The cells of each stride over what is fed."""
        high, wide = fed.size
        return tuple(Grid(stride, -(-high // stride), -(-wide // stride)) for stride in self.strides)

    def candidates(
        self, row: NDArray[np.float32], fed: Fed, width: int, height: int
    ) -> tuple[Candidates, NDArray[np.float16], tuple[Grid, ...]]:
        """One picture's proposals as boxes in its own pixels, the surest first.

        Args:
            row: Of ``raw``, for one picture: ``(4 + classes + extra, cells)``.
            fed: How that picture was fed.
            width: Of the upright original.
            height: The same.

        Returns:
            Boxes that are at least ``FLOOR`` sure; each cell's best score ``(cells,)``; and the grids of the cells. An
            end-to-end model's boxes are those it chooses itself, at most ``MOST_OBJECTS``; it may choose a cell's second
            class, too.
        """
        scores = row[4 : 4 + len(self.names)]  # (classes, cells)
        best = scores.max(axis=0)
        chosen = self._chosen(scores, best)
        cells, labels = chosen
        sure = scores[labels, cells]
        extra = row[4 + len(self.names) :, cells].T
        boxes = fed.back(row[:4, cells].T.reshape(-1, 2, 2), width, height).reshape(-1, 4)
        found = Candidates(
            boxes,
            np.asarray(sure, np.float32),
            labels.astype(np.int64),
            cells.astype(np.int64),
            np.ascontiguousarray(extra) if self.network.masks else None,
            self._keypoints(extra, fed, width, height) if self.points else None,
        )
        return found, best.astype(np.float16), self.grids(fed)

    def _chosen(
        self, scores: NDArray[np.float32], best: NDArray[np.float32]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Cells and classes of the boxes, the surest first."""
        if not self.end_to_end:
            cells = np.flatnonzero(best >= FLOOR)
            cells = cells[np.argsort(-best[cells], kind="stable")]
            return cells, scores[:, cells].argmax(axis=0)
        cells = np.argsort(-best, kind="stable")[:MOST_OBJECTS]
        among = scores[:, cells].T  # (cells, classes)
        order = np.argsort(-among, axis=None, kind="stable")[:MOST_OBJECTS]
        rank, labels = np.unravel_index(order, among.shape)
        sure = among[rank, labels] >= FLOOR
        return cells[rank[sure]], np.asarray(labels[sure])

    def _keypoints(self, extra: NDArray[np.float32], fed: Fed, width: int, height: int) -> NDArray[np.float32]:
        """``(n, points, 3)``; points of a model that does not say how visible they are count as visible."""
        each = extra.reshape(len(extra), *self.network.points)
        at = fed.back(each[:, :, :2], width, height)
        visible = each[:, :, 2:] if self.network.points[1] == 3 else np.ones_like(each[:, :, :1])
        return np.asarray(np.concatenate([at, visible], axis=2), dtype=np.float32)


def load(card: Card, folder: Path, device: str = "cpu") -> Loaded[Detector]:
    """Open a detector that is on disk and warm it up.

    Args:
        card: A model of one of ``cards_yolo.OBJECTS``.
        folder: The models folder.
        device: Where it is to run.

    Raises:
        ModelUnavailable: Its files are missing, broken, or hold what they may not; says which.
    """
    made = plain(card, folder, device)
    blank = np.zeros((1, 3, made.side, made.side), np.float32)
    try:
        rows, _ = made.by_torch(blank)  # the first call of a network is its slowest
    except Exception as error:  # noqa: BLE001 - a file from outside: whatever its network stumbles on is its fault, and said
        raise ModelUnavailable(
            f"{card.title}: the network takes no picture of {made.side} pixels. {short(error)}"
        ) from None
    expected = 4 + len(made.names) + made.network.masks + made.network.points[0] * made.network.points[1]
    if rows.shape[1] != expected:
        raise ModelUnavailable(
            f"{card.title}: it names {len(made.names)} classes, but its network says {rows.shape[1]} numbers of each box "
            f"where {expected} belong to them."
        )
    size = sum(tensor.numel() * tensor.element_size() for tensor in made.network.state_dict().values())
    return Loaded(made, 2 * size + ROOM, shared=True)  # as much again for what a batch needs on its way


def plain(card: Card, folder: Path, device: str = "cpu") -> Detector:
    """A detector as its files describe it, without warming up; raises as ``load`` does."""
    said = yolo_files.detector(card, folder)
    place = torch.device(device)
    network = said.network.to(place)
    return Detector(card, network, said.names, side=said.side, device=place)


ROOM = 100_000_000
"""Bytes that a batch takes on its way through a network, roughly."""
