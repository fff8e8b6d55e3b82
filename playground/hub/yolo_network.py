"""ultralytics' networks up to all that they say: a detector's boxes decoded, nothing dropped; a classifier's logits.

A detector's own head remembers the grid of the last picture, so two threads with pictures of different shapes would mix
them up, and it drops the end-to-end boxes of low rank. Here the grid belongs to the call, and everything is given out.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from PIL import Image
from torch import Tensor, nn
from ultralytics.nn.modules.head import Detect, Pose, Pose26, Segment, Segment26
from ultralytics.utils import patches

# Once imported, it makes Pillow ask for a further package at every file that is no picture: that is taken back.
Image.open = patches._image_open


class Proposals(nn.Module):
    """From pictures ``(n, 3, h, w)`` to every cell's proposal ``(n, 4 + classes + extra, cells)`` float32.

    The first four rows are left, top, right, bottom in pixels of what is fed; then come the scores, 0 to 1; then a mask's
    coefficients, or key points with x, y (in the same pixels) and, where the model says so, how visible each is. For
    models with masks their prototypes ``(n, k, h, w)`` come second.

    Attributes:
        model: ultralytics' network.
        end_to_end: It has a head that proposes each object once, and this head answers.
        strides: From the finest to the coarsest grid.
        classes: How many.
        masks: How many coefficients each mask has; 0 for models without.
        points: How many key points, and how many numbers each has; ``(0, 0)`` for models without.
    """

    def __init__(self, model: nn.Module) -> None:
        """Wrap a network of ultralytics' whose last part is a head for boxes, masks or key points."""
        super().__init__()
        self.model = model
        head = self._head
        self.end_to_end = bool(head.end2end)
        self.strides = tuple(int(stride) for stride in head.stride)
        self.classes = int(head.nc)
        self.masks = int(head.nm) if isinstance(head, Segment) else 0
        self.points = (int(head.kpt_shape[0]), int(head.kpt_shape[1])) if isinstance(head, Pose) else (0, 0)

    @property
    def _parts(self) -> list[Any]:
        return list(cast(Any, self.model).model)

    @property
    def _head(self) -> Detect:
        return cast(Detect, self._parts[-1])

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Proposals, and the prototypes of models with masks."""
        *body, head = self._parts
        kept: list[Any] = []
        for part in body:
            x = part(self._given(part, x, kept))
            kept.append(x if part.i in cast(Any, self.model).save else None)
        maps = self._given(head, x, kept)
        said = head.forward_head(maps, **(head.one2one if self.end_to_end else head.one2many))
        middles, strides = self._cells(maps)
        distances = head.dfl(said["boxes"]).float()  # from here on in full precision, or half of it would move edges
        low, high = distances.chunk(2, 1)
        rows = [torch.cat((middles - low, middles + high), 1) * strides, said["scores"].float().sigmoid()]
        if self.masks:
            rows.append(said["mask_coefficient"])
        if self.points[0]:
            rows.append(self._points(said["kpts"], middles, strides))
        proposals = torch.cat(rows, 1)
        if not self.masks:
            return (proposals,)
        prototypes = head.proto(maps if isinstance(head, Segment26) else maps[0])
        return proposals, prototypes[0] if isinstance(prototypes, tuple) else prototypes

    @staticmethod
    def _given(part: Any, x: Any, kept: list[Any]) -> Any:
        """What a part is fed: the last result, an earlier one, or several."""
        if part.f == -1:
            return x
        return kept[part.f] if isinstance(part.f, int) else [x if at == -1 else kept[at] for at in part.f]

    def _cells(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        """The middle of every cell in cells ``(2, cells)``, and the stride of its grid ``(1, cells)``."""
        middles, strides = [], []
        for one, stride in zip(maps, self.strides, strict=True):
            rows, columns = one.shape[2], one.shape[3]
            down = torch.arange(rows, device=one.device, dtype=one.dtype) + 0.5
            across = torch.arange(columns, device=one.device, dtype=one.dtype) + 0.5
            grid = torch.meshgrid(down, across, indexing="ij")
            middles.append(torch.stack((grid[1].flatten(), grid[0].flatten())))
            strides.append(torch.full_like(middles[-1][:1], stride))
        return torch.cat(middles, 1), torch.cat(strides, 1)

    def _points(self, said: Tensor, middles: Tensor, strides: Tensor) -> Tensor:
        """Key points ``(n, points x numbers, cells)`` in pixels of what is fed."""
        count, numbers = self.points
        each = said.reshape(said.shape[0], count, numbers, -1)
        at = each[:, :, :2]
        at = at + middles if isinstance(self._head, Pose26) else at * 2.0 + (middles - 0.5)
        parts = [at * strides]
        if numbers == 3:
            parts.append(each[:, :, 2:].sigmoid())
        return torch.cat(parts, 2).flatten(1, 2)


class Logits(nn.Module):
    """A classifier of ultralytics' up to its logits: its own head would turn them into probabilities.

    ``forward_features`` and ``forward_head`` are the two halves that timm's networks have, too.

    Attributes:
        layers: All but the head, one after the other.
        head: Turns the last maps into logits.
        feature_info: The parts whose maps are worth looking at, as timm's networks list them.
        num_classes: How many.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        parts: list[Any] = list(model.model)  # type: ignore[arg-type]
        if any(part.f != -1 for part in parts) or type(parts[-1]).__name__ != "Classify":
            raise ValueError("its parts are not one after the other")
        self.layers, self.head = nn.Sequential(*parts[:-1]), parts[-1]
        stages = [number for number, part in enumerate(parts[:-1]) if type(part).__name__ != "Conv"]
        self.feature_info = [{"module": f"layers.{number}"} for number in stages]
        self.num_classes = int(self.head.linear.out_features)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, classes)`` of pictures ``(n, 3, h, w)``."""
        return self.forward_head(self.forward_features(x))

    def forward_features(self, x: Tensor) -> Tensor:
        """The last maps, ``(n, channels, h, w)``."""
        maps: Tensor = self.layers(x)
        return maps

    def forward_head(self, maps: Tensor) -> Tensor:
        """Logits of the last maps."""
        head: Any = self.head
        logits: Tensor = head.linear(head.pool(head.conv(maps)).flatten(1))
        return logits
