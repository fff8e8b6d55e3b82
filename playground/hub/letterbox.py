"""How a picture gets into a detector: made smaller or larger as a whole, then filled up with grey to a multiple of the stride.

The same pixels as ultralytics' own ``predict`` feeds its networks; a test holds the two together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core.vision import Box

GREY = 114
"""Of the filling, in each channel, 0 to 255."""

CHANNELS = range(3)


@dataclass(frozen=True, slots=True)
class Fed:
    """A picture as a detector is fed it.

    Attributes:
        pixels: ``(1, 3, h, w)`` float32 in 0 to 1: red, green, blue.
        left: Where in that the picture begins, in pixels.
        top: The same, downwards.
        width: Of the picture in that.
        height: The same.
    """

    pixels: NDArray[np.float32]
    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of all that is fed, with the filling."""
        return int(self.pixels.shape[2]), int(self.pixels.shape[3])

    @property
    def seen(self) -> Box:
        """The part that shows the picture, in fractions of all that is fed."""
        high, wide = self.size
        return Box(self.left / wide, self.top / high, (self.left + self.width) / wide, (self.top + self.height) / high)

    def back(self, points: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
        """Points ``(..., 2)`` of what is fed in pixels of the original, which is so wide and high; cut at its edges."""
        scale = np.array([self.width / width, self.height / height], np.float32)
        moved = (points - np.array([self.left, self.top], np.float32)) / scale
        return np.asarray(np.clip(moved, 0, np.array([width, height], np.float32)), dtype=np.float32)


def letterbox(image: Image.Image, side: int, stride: int) -> Fed:
    """Prepare a picture.

    Args:
        image: RGB.
        side: Of the square it is made to fit, in pixels; a multiple of the stride.
        stride: Both sides become multiples of it, with as little filling as that takes.
    """
    scale = min(side / image.height, side / image.width)
    wide, high = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    pixels = np.asarray(image)
    if (wide, high) != image.size:
        pixels = np.asarray(cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_LINEAR))
    across, down = (side - wide) % stride / 2, (side - high) % stride / 2
    left, top = round(across - 0.1), round(down - 0.1)
    whole = (wide + left + round(across + 0.1), high + top + round(down + 0.1))
    fed = np.full((1, 3, whole[1], whole[0]), np.float32(GREY) / np.float32(255), np.float32)
    for channel in CHANNELS:
        np.divide(pixels[:, :, channel], np.float32(255), out=fed[0, channel, top : top + high, left : left + wide])
    return Fed(fed, left, top, wide, high)


def rounded(side: int, stride: int) -> int:
    """A side as a detector takes it: the next multiple of its stride."""
    return max(math.ceil(side / stride) * stride, 2 * stride)
