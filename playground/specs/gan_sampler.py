"""The GAN sampler: which generator, which samples, how they are moved and edited, which are pinned.

Everything that a picture comes of is in the link: the seed, its number in the seed's row of latents, its class, how far it was
moved along the principal directions, and the latents that were set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.core.errors import SpecError
from playground.specs.bounds import Mode, Numbers, Range, Toggle, Words
from playground.specs.quoted import shown
from playground.specs.spec import Spec

LONGEST_NAME = 120
MOST_SAMPLES, MOST_DIRECTIONS, MOST_PINS = 256, 8, 12
FARTHEST, HIGHEST = 6.0, 10.0
"""How far a slider moves along a direction of length one, and how far from zero a latent can be set by hand."""
LONGEST_EDITS, LONGEST_PINS = 6_000, 8_000
"""So many characters of a link hold what was set by hand, and the pins."""
MOST_LATENTS, MOST_SEED = 8_192, 2**31 - 1
PLACES = 2
"""Decimals of moves and latents that were set by hand: what is drawn is exactly what the link says."""

Row = Mapping[int, float]
"""Latents set by hand: number of the latent, and its value."""


@dataclass(frozen=True)
class Pin:
    """A sample that was pinned: what its picture comes of.

    Attributes:
        seed: Whose row of latents.
        index: Which of them.
        label: Number of its class; -1 for a generator without classes.
        moves: How far it was moved along each direction.
        edits: Latents set by hand.
    """

    seed: int
    index: int
    label: int = -1
    moves: tuple[float, ...] = ()
    edits: tuple[tuple[int, float], ...] = ()

    def __str__(self) -> str:
        parts = [str(self.seed), str(self.index), str(self.label) if self.label >= 0 else ""]
        parts += ["_".join(map(_short, self.moves)), _row(dict(self.edits))]
        return "~".join(parts).rstrip("~")


@dataclass(frozen=True)
class GANSamplerSpec(Spec):
    """A sheet of samples. A generator of the visitor's own is never part of it.

    Models, classes and latents are checked by the page, which knows the generator.
    """

    KIND: ClassVar[str] = "gan_sampler"
    VERSION: ClassVar[int] = 1

    model: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Generator", group="input",
              help="Those that are ready come first; put others into the models folder."),
    ] = ""  # fmt: skip
    reading: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Read as", advanced=True, group="input",
              help="How a file is read whose shapes leave several ways open; empty takes the likeliest."),
    ] = ""  # fmt: skip
    seed: Annotated[
        int, Range(0, MOST_SEED, whole=True, label="Seed", group="sheet", help="The same seed draws the same latents.")
    ] = 1  # fmt: skip
    n: Annotated[
        int, Range(1, MOST_SAMPLES, whole=True, label="Samples", group="sheet", help="So many pictures, each from latents of its own.")
    ] = 64  # fmt: skip
    of_class: Annotated[
        int,
        Range(-1, 999, whole=True, label="Class", group="sheet",
              help="Number of the class that is drawn, of a generator that can be asked for one; -1 draws each in turn."),
    ] = -1  # fmt: skip
    moves: Annotated[
        tuple[float, ...],
        Numbers(-FARTHEST, FARTHEST, longest=MOST_DIRECTIONS, label="Principal directions", group="sheet",
                help="How far all samples are moved along each direction."),
    ] = ()  # fmt: skip
    chosen: Annotated[
        int, Range(-1, MOST_SAMPLES - 1, whole=True, label="Sample", advanced=True, group="sample", help="Shown large; -1 is none.")
    ] = 0  # fmt: skip
    edits: Annotated[
        str, Words(longest=LONGEST_EDITS, linked=True, label="Latents set by hand", advanced=True, group="sample",
                   help="number~latent_value_latent_value, one for each sample, with commas between.")
    ] = ""  # fmt: skip
    pins: Annotated[
        str, Words(longest=LONGEST_PINS, linked=True, label="Pins", advanced=True, group="sample",
                   help="seed~number~class~moves~latents, one for each pin, with commas between.")
    ] = ""  # fmt: skip
    steps: Annotated[
        int, Range(3, 24, whole=True, label="Steps", advanced=True, group="between", help="So many pictures from one end to the other.")
    ] = 9  # fmt: skip
    loop: Annotated[
        bool, Toggle(label="Back to the start", advanced=True, group="between", help="The walk ends where it began.")
    ] = True  # fmt: skip

    def edited(self) -> dict[int, dict[int, float]]:
        """Latents set by hand: number of the sample, number of the latent, value; raises ``SpecError``."""
        return read_edits(self.edits)

    def pinned(self) -> tuple[Pin, ...]:
        """The pins, first to last; raises ``SpecError``."""
        return read_pins(self.pins)

    def cross_check(self, mode: Mode) -> None:
        """See ``Spec.cross_check``."""
        try:
            self.edited()
        except SpecError as error:
            raise SpecError(f"{self.label('edits')}: {error}", field="edits") from None
        try:
            self.pinned()
        except SpecError as error:
            raise SpecError(f"{self.label('pins')}: {error}", field="pins") from None


def rounded(value: float) -> float:
    """A move or a latent as the link holds it."""
    return round(float(value), PLACES) + 0.0


def write_edits(rows: Mapping[int, Row]) -> str:
    """Latents set by hand, as ``read_edits`` reads them."""
    return ",".join(f"{index}~{_row(row)}" for index, row in sorted(rows.items()) if row)


def read_edits(text: str) -> dict[int, dict[int, float]]:
    """What ``write_edits`` wrote; raises ``SpecError`` in words on anything else."""
    rows: dict[int, dict[int, float]] = {}
    for part in filter(None, text.split(",")):
        name, _, row = part.partition("~")
        rows[_whole(name, 0, MOST_SAMPLES - 1, "a sample's number")] = _read_row(row)
    return rows


def write_pins(pins: Iterable[Pin]) -> str:
    """Pins, as ``read_pins`` reads them."""
    return ",".join(map(str, pins))


def read_pins(text: str) -> tuple[Pin, ...]:
    """What ``write_pins`` wrote; raises ``SpecError`` in words on anything else."""
    parts = [part for part in text.split(",") if part]
    if len(parts) > MOST_PINS:
        raise SpecError(f"{len(parts)} pins are too many; there is room for {MOST_PINS}.")
    return tuple(map(_pin, parts))


def _pin(text: str) -> Pin:
    words = text.split("~")
    if not 2 <= len(words) <= 5:
        raise SpecError(f"{shown(text[:60])} is no pin; write seed~number~class~moves~latents.")
    seed, index, label, moves, edits = (*words, "", "", "")[:5]
    along = [number for number in moves.split("_") if number]
    if len(along) > MOST_DIRECTIONS:
        raise SpecError(f"a pin is moved along {len(along)} directions; there are at most {MOST_DIRECTIONS}.")
    return Pin(
        _whole(seed, 0, MOST_SEED, "a pin's seed"),
        _whole(index, 0, MOST_SAMPLES - 1, "a pin's number"),
        _whole(label, 0, 999, "a pin's class") if label else -1,
        tuple(_number(number, FARTHEST, "a move") for number in along),
        tuple(_read_row(edits).items()),
    )


def _row(row: Row) -> str:
    return "_".join(f"{index}_{_short(value)}" for index, value in sorted(row.items()))


def _read_row(text: str) -> dict[int, float]:
    words = text.split("_") if text else []
    if len(words) % 2:
        raise SpecError(f"{shown(text[:60])} is no row of latents; write latent_value_latent_value.")
    return {
        _whole(index, 0, MOST_LATENTS - 1, "a latent's number"): _number(value, HIGHEST, "a latent")
        for index, value in zip(words[::2], words[1::2], strict=True)
    }


def _short(value: float) -> str:
    return f"{rounded(value):g}"


def _whole(text: str, low: int, high: int, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and low <= int(text) <= high):
        raise SpecError(f"{shown(text[:40])} is not {what}: a whole number from {low} to {high} is.")
    return int(text)


def _number(text: str, most: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        raise SpecError(f"{shown(text[:40])} is not {what}: a number from {-most:g} to {most:g} is.")
    return rounded(value)
