"""Convolution and pooling over pictures, from scratch in NumPy: what a convolutional layer computes, and from where.

What deep learning calls convolution is cross-correlation: the kernel slides over the picture as it is, where mathematics
turns it over first (``flipped``). Pictures are ``(channels, height, width)``; sizes and steps are ``(height, width)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError

Floats = NDArray[np.float64]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Slide:
    """How a window slides over one picture; the same rules for a kernel and for a pooling window.

    Attributes:
        size: Height and width of the picture, at least 1.
        kernel: Height and width of the window, at least 1.
        stride: Steps from window to window, at least 1.
        padding: Rows and columns of zeros put around the picture on each side, at least 0.
        dilation: Steps between the places that one window reads, at least 1.

    Raises:
        InputError: The window does not fit into the padded picture, or a number is out of range; says which and what to do.
    """

    size: Pair
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    def __post_init__(self) -> None:
        for name in ("size", "kernel", "stride", "dilation"):
            if min(getattr(self, name)) < 1:
                raise InputError(f"{name} is {getattr(self, name)}; both numbers must be 1 or more.")
        if min(self.padding) < 0:
            raise InputError(f"padding is {self.padding}; both numbers must be 0 or more.")
        for axis, side in enumerate(("high", "wide")):
            room, reach = self.padded[axis], self.reach[axis]
            if reach > room:
                raise InputError(
                    f"The window reaches over {reach} pixels, and the padded picture is {room} {side}: take a smaller kernel "
                    "or dilation, or more padding."
                )

    @property
    def padded(self) -> Pair:
        """Height and width with the padding."""
        return self.size[0] + 2 * self.padding[0], self.size[1] + 2 * self.padding[1]

    @property
    def reach(self) -> Pair:
        """Over how many rows and columns one window stretches: ``dilation * (kernel - 1) + 1``."""
        return tuple(d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True))  # type: ignore[return-value]

    @property
    def output(self) -> Pair:
        """How many windows there are, downwards and across: ``(padded - reach) // stride + 1``."""
        rows = zip(self.padded, self.reach, self.stride, strict=True)
        return tuple((room - reach) // step + 1 for room, reach, step in rows)  # type: ignore[return-value]

    def read(self, axis: int) -> NDArray[np.bool_]:
        """Which rows (axis 0) or columns (axis 1) of the padded picture some window reads; a wide stride leaves some out."""
        read = np.zeros(self.padded[axis], bool)
        starts = self.stride[axis] * np.arange(self.output[axis])
        places = starts[:, None] + self.dilation[axis] * np.arange(self.kernel[axis])
        read[places.ravel()] = True
        return read

    def tap(self, row: int, column: int) -> tuple[slice, slice]:
        """Where in the padded picture one place of the kernel lies, for all windows at once."""
        top, left = row * self.dilation[0], column * self.dilation[1]
        down, across = self.output
        return (
            slice(top, top + self.stride[0] * (down - 1) + 1, self.stride[0]),
            slice(left, left + self.stride[1] * (across - 1) + 1, self.stride[1]),
        )


def convolve(
    picture: Floats,
    weight: Floats,
    bias: Floats | None = None,
    *,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> Floats:
    """Slide every kernel over a picture: each output is a weighted sum of the pixels under the kernel, plus a bias.

    Args:
        picture: ``(channels, h, w)``.
        weight: ``(outputs, channels, kh, kw)``: one kernel of as many layers as the picture has channels for each output.
        bias: ``(outputs,)``; none is 0.
        stride: See ``Slide``.
        padding: See ``Slide``.
        dilation: See ``Slide``.

    Returns:
        ``(outputs, h', w')``, as ``torch.nn.functional.conv2d`` has it.

    Raises:
        InputError: See ``Slide``; or the kernels have another number of channels than the picture.
    """
    whole: Floats = maps(picture, weight, stride=stride, padding=padding, dilation=dilation).sum(axis=1)
    return whole if bias is None else whole + bias[:, None, None]


def maps(
    picture: Floats, weight: Floats, *, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> Floats:
    """What each input channel adds to each output channel, before they are summed: ``(outputs, channels, h', w')``.

    Arguments and errors are those of ``convolve``.
    """
    if weight.shape[1] != picture.shape[0]:
        raise InputError(f"The kernels have {weight.shape[1]} channels, and the picture has {picture.shape[0]}.")
    high, wide = picture.shape[1:]
    slide = Slide((high, wide), (weight.shape[2], weight.shape[3]), stride, padding, dilation)
    padded = padding_of(picture, slide, 0.0)
    found = np.zeros((weight.shape[0], weight.shape[1], *slide.output))
    for row, column in product(range(slide.kernel[0]), range(slide.kernel[1])):
        found += weight[:, :, row, column, None, None] * padded[(slice(None), *slide.tap(row, column))]
    return found


def flipped(weight: Floats) -> Floats:
    """The kernels turned over in both directions: with them cross-correlation becomes the convolution of mathematics."""
    return np.ascontiguousarray(weight[..., ::-1, ::-1])


def max_pool(picture: Floats, kernel: Pair, *, stride: Pair, padding: Pair = (0, 0)) -> Floats:
    """The largest value of each window, per channel; padding never wins. ``(channels, h', w')``; errors as ``Slide``."""
    slide = Slide((picture.shape[1], picture.shape[2]), kernel, stride, padding)
    return np.asarray(np.max(_taps(picture, slide, -np.inf), axis=0))


def average_pool(picture: Floats, kernel: Pair, *, stride: Pair, padding: Pair = (0, 0)) -> Floats:
    """The mean of each window, per channel, with the padding's zeros counted. ``(channels, h', w')``; errors as ``Slide``."""
    slide = Slide((picture.shape[1], picture.shape[2]), kernel, stride, padding)
    return np.asarray(np.mean(_taps(picture, slide, 0.0), axis=0))


def padding_of(picture: Floats, slide: Slide, value: float) -> Floats:
    """A picture ``(channels, h, w)`` with its padding around it."""
    (down, across) = slide.padding
    return np.pad(picture, ((0, 0), (down, down), (across, across)), constant_values=value)


def _taps(picture: Floats, slide: Slide, value: float) -> list[Floats]:
    """Each place of the window for all windows at once: so many ``(channels, h', w')``."""
    padded = padding_of(picture, slide, value)
    places = product(range(slide.kernel[0]), range(slide.kernel[1]))
    return [padded[(slice(None), *slide.tap(row, column))] for row, column in places]


@dataclass(frozen=True, slots=True)
class Field:
    """Which part of the input one unit of a layer sees, along one axis.

    Attributes:
        size: How many pixels.
        jump: How many pixels from one unit's part to the next one's.
        start: The first pixel that the first unit sees; negative where it begins in the padding.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

    def of(self, unit: int) -> range:
        """The pixels that a unit sees, padding included."""
        first = self.start + unit * self.jump
        return range(first, first + self.size)


def fields(layers: Sequence[Slide], axis: int = 0) -> list[Field]:
    """The receptive field after each layer, the first beginning at the picture (Araujo, Norris and Sim, 2019)."""
    found, here = [], Field()
    for layer in layers:
        here = Field(
            here.size + (layer.reach[axis] - 1) * here.jump,
            here.jump * layer.stride[axis],
            here.start - layer.padding[axis] * here.jump,
        )
        found.append(here)
    return found
