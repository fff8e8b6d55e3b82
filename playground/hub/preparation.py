"""What a network is fed: how timm's own transform gets there, and which part of a picture that is.

Resizing and cropping are timm's. Its last two steps, bytes to numbers and numbers to the network's scale, are looked up in
a table of 256 values a channel instead, which gives the same bits (a test holds them together) in a small part of the time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from timm.data import create_transform

from playground.core.vision import Box

_LAST = ["MaybeToTensor", "Normalize"]


class Preparation:
    """From pictures to what a network is fed.

    Attributes:
        transform: timm's own, from an RGB picture of any size to a tensor ``(3, h, w)``.
        input_size: Channels, height and width.
        mean: Of each channel, taken off; in 0 to 1.
        std: Of each channel, divided by; in 0 to 1.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        """Take over a data configuration as timm resolves it."""
        self.transform: Any = create_transform(**config)
        channels, height, width = (int(side) for side in config["input_size"])
        self.input_size = (channels, height, width)
        self.mean = tuple(float(value) for value in config["mean"])
        self.std = tuple(float(value) for value in config["std"])
        self._mode, self._pct = config.get("crop_mode") or "center", float(config.get("crop_pct") or 0.875)
        steps = list(self.transform.transforms)
        self._shaping = steps[:-2] if [type(step).__name__ for step in steps[-2:]] == _LAST else None
        levels = torch.arange(256, dtype=torch.float32).div(255)
        table = (levels[None] - torch.tensor(self.mean)[:, None]) / torch.tensor(self.std)[:, None]
        self._table: NDArray[np.float32] = table.numpy()  # (3, 256)

    def __call__(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Pictures as the network is fed them, ``(n, 3, h, w)``."""
        fed = np.empty((len(images), *self.input_size), np.float32)
        for image, row in zip(images, fed, strict=True):
            self._fill(image, row)
        return fed

    def _fill(self, image: Image.Image, row: NDArray[np.float32]) -> None:
        if self._shaping is None or len(self._table) != 3:
            row[:] = self.transform(image).numpy()
            return
        for step in self._shaping:
            image = step(image)
        pixels = np.asarray(image)  # (h, w, 3)
        for channel, values in enumerate(self._table):
            # mode: of a byte none is out of range, and unchecked it needs no copy
            values.take(pixels[:, :, channel], out=row[channel], mode="clip")

    def crop_of(self, width: int, height: int) -> Box:
        """The part of a picture that the network is fed; beyond its edges where that is filled up around it."""
        _, high, wide = self.input_size
        target_high, target_wide = math.floor(high / self._pct), math.floor(wide / self._pct)
        if self._mode == "squash":
            shown_high, shown_wide = target_high, target_wide
        elif self._mode != "border" and target_high == target_wide:
            short, long = min(width, height), max(width, height)
            longer = int(target_high * long / short)
            shown_high, shown_wide = (target_high, longer) if height <= width else (longer, target_high)
        else:
            among = max if self._mode == "border" else min
            ratio = among(height / target_high, width / target_wide)
            shown_high, shown_wide = round(height / ratio), round(width / ratio)
        left, top = _start(shown_wide, wide), _start(shown_high, high)
        return Box(left / shown_wide, top / shown_high, (left + wide) / shown_wide, (top + high) / shown_high)


def _start(shown: int, kept: int) -> int:
    """Where a middle part begins, as torchvision rounds it: what is missing is added before anything is cut."""
    return round((shown - kept) / 2) if shown >= kept else -((kept - shown) // 2)
