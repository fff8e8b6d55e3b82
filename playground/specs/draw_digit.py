"""Drawing a digit, or showing a photographed one: what may be asked of the two readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.specs.bounds import Range, Words
from playground.specs.spec import Spec

FARTHEST = 10
"""A prepared digit is shifted by so many of its 28 pixels at most, either way."""

_SHIFT = Range(
    -FARTHEST, FARTHEST, whole=True, label="Shift",
    help="Moves the prepared digit by so many pixels to the right, or with a minus to the left, before it is read.",
)  # fmt: skip


@dataclass(frozen=True)
class DrawDigitSpec(Spec):
    """A digit on the pad. What a visitor draws is never part of it; the sample it began with is."""

    KIND: ClassVar[str] = "draw_digit"
    VERSION: ClassVar[int] = 1

    digit: Annotated[
        int, Range(0, 9, whole=True, label="Sample", help="The drawn digit that lies on the pad at first.")
    ] = 4
    shift: Annotated[int, _SHIFT] = 0


@dataclass(frozen=True)
class PhotographedDigitSpec(Spec):
    """A photographed digit; a visitor's own picture is never part of it."""

    KIND: ClassVar[str] = "photographed_digit"
    VERSION: ClassVar[int] = 1

    example: Annotated[
        str, Words(longest=40, linked=True, label="Picture", help="One of ours; or bring your own.", group="input")
    ] = "shadow"
    shift: Annotated[int, _SHIFT] = 0
