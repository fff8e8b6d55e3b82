"""Convolution, step by step: what may be asked of the four views."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError, SpecError
from playground.data.small_pictures import SMALL_PICTURES
from playground.functional.convolution import Slide, flipped
from playground.functional.kernels import KERNELS
from playground.specs.bounds import Choice, Mode, Numbers, Range, Toggle
from playground.specs.spec import Spec

Floats = NDArray[np.float64]

OWN, LEARNED = "own", "learned"
DEPTHS: Mapping[str, str] = {"network": "Network", "channel": "One channel", "pixel": "One pixel"}
LARGEST = 7
"""Height and width of the largest kernel that is edited."""


def pictures() -> Mapping[str, Any]:
    """Every picture there is to slide over; the visitor's own comes last and may not be there."""
    return {**SMALL_PICTURES, OWN: "Your own"}


def kernels() -> Mapping[str, Any]:
    """Every kernel: by name, learnt by the small network, or written by hand."""
    return {**KERNELS, LEARNED: "Learned ones", OWN: "Your own"}


PICTURE = Choice(pictures, label="Picture", help="What the window slides over.", look="thumbnails", group="picture")


@dataclass(frozen=True)
class ConvolutionSpec(Spec):
    """One pixel of one map of a trained network, at three depths: the network, its channel, its arithmetic."""

    KIND: ClassVar[str] = "convolution"
    VERSION: ClassVar[int] = 1

    picture: Annotated[str, PICTURE] = "3"
    depth: Annotated[
        str, Choice(lambda: DEPTHS, label="Depth", help="How far the network is taken apart.", advanced=True)
    ] = "network"
    stage: Annotated[int, Range(0, 15, whole=True, label="Layer", help="Counted from 0.", advanced=True)] = 2
    channel: Annotated[
        int, Range(0, 255, whole=True, label="Map", help="Which of the layer's maps, counted from 0.", advanced=True)
    ] = 5
    row: Annotated[int, Range(0, 63, whole=True, label="Row", help="Of that map, counted from 0.", advanced=True)] = 3
    column: Annotated[
        int, Range(0, 63, whole=True, label="Column", help="Of that map, counted from 0.", advanced=True)
    ] = 8


@dataclass(frozen=True)
class KernelSpec(Spec):
    """A kernel, how it slides, and what it slides over. Settings that do not fit together are shown as such."""

    KIND: ClassVar[str] = "kernel"
    VERSION: ClassVar[int] = 1

    picture: Annotated[str, PICTURE] = "cat"
    kernel: Annotated[
        str, Choice(kernels, label="Kernel", help="Change a number on the picture, and it is your own.", group="kernel")
    ] = "sobel_x"
    size: Annotated[
        int, Range(1, LARGEST, whole=True, label="Kernel size", help="Its height and width.", group="kernel")
    ] = 3
    stride: Annotated[
        int, Range(1, 5, whole=True, label="Stride", help="Pixels from one window to the next.", group="kernel")
    ] = 1
    padding: Annotated[
        int, Range(0, 6, whole=True, label="Padding", help="Rows and columns of zeros put around.", group="kernel")
    ] = 0
    dilation: Annotated[
        int,
        Range(1, 5, whole=True, label="Dilation", help="Pixels between two places that one window reads.", group="kernel"),
    ] = 1  # fmt: skip
    side: Annotated[
        int,
        Range(5, 48, whole=True, label="Picture's side", unit="pixels", advanced=True, group="picture",
              help="Few pixels show their numbers."),
    ] = 28  # fmt: skip
    angle: Annotated[
        float,
        Range(0, 165, step=15, label="Direction", unit="degrees", help="Of the wave.", advanced=True, group="kernel"),
    ] = 45.0
    seed: Annotated[
        int,
        Range(0, 999, whole=True, label="Seed", help="Another seed, another kernel.", advanced=True, group="kernel"),
    ] = 1
    filter: Annotated[
        int, Range(0, 63, whole=True, label="Learned filter", help="Counted from 0.", advanced=True, group="kernel")
    ] = 0
    flip: Annotated[
        bool,
        Toggle(label="Turned over", help="As convolution is written in mathematics.", advanced=True, group="kernel"),
    ] = False
    numbers: Annotated[
        tuple[float, ...],
        Numbers(-100, 100, longest=LARGEST**2, label="Numbers", advanced=True, group="kernel",
                help="Of your own kernel, row by row: 9 for one of 3 × 3."),
    ] = ()  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        needs = {"angle": "gabor", "seed": "random", "filter": LEARNED, "numbers": OWN}
        return self.kernel == needs.get(field, self.kernel) and (field != "size" or self.kernel != LEARNED)

    def cross_check(self, mode: Mode) -> None:
        """The numbers fill a square."""
        if math.isqrt(len(self.numbers)) ** 2 != len(self.numbers):
            raise SpecError(
                f"Numbers: {len(self.numbers)} numbers fill no square; write 1, 4, 9, 16, 25, 36 or 49.",
                field="numbers",
            )

    def weights(self, learned: Floats) -> Floats:
        """The kernel as it is slid, ``(k, k)``.

        Args:
            learned: What the small network has learnt, ``(n, k, k)``.
        """
        if self.kernel == LEARNED:
            found = learned[self.filter % len(learned)]
        elif self.kernel == OWN:
            found = self._own()
        else:
            found = KERNELS[self.kernel].weights(self.size, self.angle, self.seed)
        return flipped(found) if self.flip else found

    def slide(self, side: int, size: int) -> Slide | str:
        """How the window slides, or why it does not fit."""
        try:
            return Slide((side, side), (size,) * 2, (self.stride,) * 2, (self.padding,) * 2, (self.dilation,) * 2)
        except InputError as error:
            return str(error)

    def _own(self) -> Floats:
        """The numbers in the middle of a kernel of the size that is wanted; zeros around, or the rim cut off."""
        side = math.isqrt(len(self.numbers))
        given, found = np.array(self.numbers).reshape(side, side), np.zeros((self.size, self.size))
        off = (self.size - 1) // 2 - (side - 1) // 2
        for row in range(side):
            for column in range(side):
                if 0 <= row + off < self.size and 0 <= column + off < self.size:
                    found[row + off, column + off] = given[row, column]
        return found


@dataclass(frozen=True)
class PoolingSpec(Spec):
    """Max and average pooling over one picture, side by side, and what a shift of the picture does to both."""

    KIND: ClassVar[str] = "pooling"
    VERSION: ClassVar[int] = 1

    picture: Annotated[str, PICTURE] = "8"
    size: Annotated[int, Range(1, 6, whole=True, label="Window", help="Its height and width.", group="pooling")] = 2
    stride: Annotated[
        int, Range(1, 6, whole=True, label="Stride", help="Pixels from one window to the next.", group="pooling")
    ] = 2
    padding: Annotated[
        int, Range(0, 3, whole=True, label="Padding", help="At most half the window.", group="pooling")
    ] = 0
    shift: Annotated[
        int,
        Range(0, 4, whole=True, label="Shift", unit="pixels", help="Moves the picture to the right.", group="pooling"),
    ] = 0
    side: Annotated[
        int, Range(6, 32, whole=True, label="Picture's side", unit="pixels", advanced=True, group="picture")
    ] = 16

    def cross_check(self, mode: Mode) -> None:
        """No window lies in the padding alone."""
        if 2 * self.padding > self.size:
            raise SpecError(
                f"Padding: {self.padding} is more than half of a window of {self.size}; choose 0 to {self.size // 2}.",
                field="padding",
            )


@dataclass(frozen=True)
class ReceptiveSpec(Spec):
    """A stack of layers, and the part of the picture that one unit on top of it sees."""

    KIND: ClassVar[str] = "receptive"
    VERSION: ClassVar[int] = 1

    picture: Annotated[str, PICTURE] = "cat"
    layers: Annotated[
        tuple[float, ...],
        Numbers(1, 7, longest=18, label="Layers", advanced=True, group="layers",
                help="Kernel size, stride and dilation of each, from the picture up: up to six layers."),
    ] = (3, 1, 1, 3, 1, 1, 2, 2, 1, 3, 1, 1)  # fmt: skip
    unit: Annotated[
        float,
        Range(0, 1, step=0.01, label="Unit", advanced=True, help="Which unit is traced, from 0 (first) to 1 (last).", group="layers"),
    ] = 0.5  # fmt: skip

    SIDE: ClassVar[int] = 40

    def cross_check(self, mode: Mode) -> None:
        """Whole triples."""
        if not self.layers or len(self.layers) % 3 or any(number != int(number) for number in self.layers):
            raise SpecError(
                "Layers: write three whole numbers for each layer, kernel size, stride and dilation: 3,1,1,2,2,1.",
                field="layers",
            )

    def rows(self) -> list[tuple[int, int, int]]:
        """Kernel size, stride and dilation of each layer."""
        numbers = [int(number) for number in self.layers]
        return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))

    def slides(self) -> tuple[list[Slide], str]:
        """The layers over a picture of ``SIDE`` pixels as far as they fit, and why the next one does not."""
        found: list[Slide] = []
        side = self.SIDE
        for number, (size, stride, dilation) in enumerate(self.rows(), 1):
            try:
                found.append(Slide((side, side), (size, size), (stride, stride), (0, 0), (dilation, dilation)))
            except InputError as error:
                return found, f"Layer {number}: {error}"
            side = found[-1].output[0]
        return found, ""
