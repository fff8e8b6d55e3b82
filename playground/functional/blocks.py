"""Convolutional networks as a list of blocks: what each is called, what comes out of it, and why a list is impossible.

A block is one word: its kind, then numbers behind colons. ``conv:32:3:1:1:bn`` is a convolution with 32 filters of 3 x 3,
stride 1, padding 1 and batch normalisation; ``max:2`` a max pooling over 2 x 2. Numbers at the end may be left out::

    conv:filters[:kernel[:stride[:padding[:bn]]]]   a convolution; 3 x 3, stride 1, padding kernel // 2 unless said otherwise
    res:filters[:stride]                            a residual block of two such convolutions of 3 x 3 with a way past them
    max:kernel[:stride]   avg:kernel[:stride]       pooling; its stride is its kernel unless said otherwise
    gap                                             the mean of each map: global average pooling
    drop:percent                                    dropout
    dense:units                                     a fully connected layer

Convolutions, residual blocks and dense layers end with the network's activation. The output, a dense layer with one unit
for each class, follows by itself. Nothing here computes a network: ``plan`` only says what it would be like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from playground.core.errors import InputError
from playground.functional.convolution import Slide

Kind = Literal["conv", "res", "max", "avg", "gap", "drop", "dense"]
Shape = tuple[int, ...]

LONGEST = 16
"""So many blocks a network has at most."""

FILTERS, KERNEL, STRIDE, PADDING, UNITS, SHARE = 256, 11, 4, 5, 512, 90
"""The largest number of each kind that a block may name; the share of dropout in percent."""

TITLES: dict[Kind, str] = {
    "conv": "Convolution", "res": "Residual block", "max": "Max pooling", "avg": "Average pooling",
    "gap": "Global average pooling", "drop": "Dropout", "dense": "Dense layer",
}  # fmt: skip

# Of each kind: the numbers that may follow, with least, most and (None: must be said) what they are unless said otherwise.
_NUMBERS: dict[Kind, tuple[tuple[str, int, int, int | None], ...]] = {
    "conv": (
        ("filters", 1, FILTERS, None),
        ("kernel", 1, KERNEL, 3),
        ("stride", 1, STRIDE, 1),
        ("padding", 0, PADDING, -1),
    ),
    "res": (("filters", 1, FILTERS, None), ("stride", 1, STRIDE, 1)),
    "max": (("kernel", 1, KERNEL, None), ("stride", 1, STRIDE, -1)),
    "avg": (("kernel", 1, KERNEL, None), ("stride", 1, STRIDE, -1)),
    "gap": (),
    "drop": (("percent", 0, SHARE, None),),
    "dense": (("units", 1, UNITS, None),),
}

# How often a block writes as many numbers as come out of it: a sum and its activation, pooled values, masked ones.
_HANDED: dict[Kind, int] = {"conv": 2, "res": 6, "max": 1, "avg": 1, "gap": 1, "drop": 1, "dense": 2}


@dataclass(frozen=True, slots=True)
class Block:
    """One block, read.

    Attributes:
        kind: See the module's words.
        filters: Of a convolution or residual block; the units of a dense layer.
        kernel: Height and width of the window.
        stride: Steps from window to window.
        padding: Rows and columns of zeros around.
        norm: Whether batch normalisation follows the convolution; always so in a residual block.
        percent: Of dropout.
    """

    kind: Kind
    filters: int = 0
    kernel: int = 0
    stride: int = 1
    padding: int = 0
    norm: bool = False
    percent: int = 0

    @property
    def word(self) -> str:
        """As it is written, every number said."""
        match self.kind:
            case "conv":
                return f"conv:{self.filters}:{self.kernel}:{self.stride}:{self.padding}" + (":bn" if self.norm else "")
            case "res":
                return f"res:{self.filters}:{self.stride}"
            case "max" | "avg":
                return f"{self.kind}:{self.kernel}:{self.stride}"
            case "drop":
                return f"drop:{self.percent}"
            case "dense":
                return f"dense:{self.filters}"
        return self.kind

    @property
    def title(self) -> str:
        """As a person reads it: ``Convolution, 32 of 3 × 3``."""
        name = TITLES[self.kind]
        match self.kind:
            case "conv":
                return f"{name}, {self.filters} of {self.kernel} × {self.kernel}"
            case "res" | "dense":
                return f"{name}, {self.filters}"
            case "max" | "avg":
                return f"{name} {self.kernel} × {self.kernel}"
            case "drop":
                return f"{name} {self.percent} %"
        return name


@dataclass(frozen=True, slots=True)
class Stage:
    """A block in its place.

    Attributes:
        block: What is done.
        given: Shape of what goes in: ``(channels, height, width)``, or ``(units,)`` once it is flat.
        shape: The same of what comes out.
        parameters: Numbers that are learnt here.
        products: Multiplications for one picture.
    """

    block: Block
    given: Shape
    shape: Shape
    parameters: int
    products: int

    @property
    def values(self) -> int:
        """Numbers that one picture fills here while it is learnt from: what each step inside the block hands on."""
        return _count(self.shape) * (_HANDED[self.block.kind] + self.block.norm)

    @property
    def flattens(self) -> bool:
        """Whether maps go in and a flat row of numbers comes out."""
        return len(self.given) == 3 and len(self.shape) == 1


@dataclass(frozen=True, slots=True)
class Plan:
    """A network that is possible.

    Attributes:
        given: Shape of a picture, ``(channels, height, width)``.
        stages: Its blocks in their places; the last is the output.
    """

    given: Shape
    stages: tuple[Stage, ...]

    @property
    def classes(self) -> int:
        """Units of the output."""
        return self.stages[-1].shape[0]

    @property
    def parameters(self) -> int:
        """Numbers that are learnt, in all."""
        return sum(stage.parameters for stage in self.stages)

    @property
    def products(self) -> int:
        """Multiplications for one picture, in all."""
        return sum(stage.products for stage in self.stages)

    @property
    def values(self) -> int:
        """Numbers that one picture fills on its way, in all."""
        return sum(stage.values for stage in self.stages)


def read(word: str) -> Block:
    """One block from its word; raises ``InputError`` that says what is allowed."""
    parts = word.strip().lower().split(":")
    name, given = parts[0], parts[1:]
    if name not in _NUMBERS:
        raise InputError(
            f"'{word[:40]}' is no block; a block is one of {', '.join(_NUMBERS)}, such as conv:32:3, max:2 or dense:64."
        )
    kind = name
    norm = kind == "conv" and given[-1:] == ["bn"]
    given = given[:-1] if norm else given
    wanted = _NUMBERS[kind]
    if len(given) > len(wanted):
        raise InputError(f"'{word[:40]}' has {len(given)} numbers; {TITLES[kind].lower()} takes at most {len(wanted)}.")
    values: dict[str, int] = {}
    for index, (what, least, most, usual) in enumerate(wanted):
        text = given[index] if index < len(given) else ""
        if text == "" and usual is None:
            raise InputError(f"'{word[:40]}' says no {what}; write it behind a colon, such as {name}:{max(least, 2)}.")
        if text == "":
            values[what] = cast(int, usual)
            continue
        if not text.isascii() or not text.isdigit() or len(text) > 6 or not least <= int(text) <= most:
            raise InputError(
                f"{what} is '{text[:20]}' in '{word[:40]}'; allowed is a whole number from {least} to {most}."
            )
        values[what] = int(text)
    match kind:
        case "conv":
            padding = values["kernel"] // 2 if values["padding"] < 0 else values["padding"]
            return Block(kind, values["filters"], values["kernel"], values["stride"], padding, norm)
        case "res":
            return Block(kind, values["filters"], 3, values["stride"], 1, True)
        case "max" | "avg":
            return Block(
                kind, kernel=values["kernel"], stride=values["kernel"] if values["stride"] < 0 else values["stride"]
            )
        case "drop":
            return Block(kind, percent=values["percent"])
        case "dense":
            return Block(kind, values["units"])
    return Block(kind)


def plan(words: Sequence[str], given: Shape, classes: int) -> Plan:
    """What a list of blocks makes of a picture.

    Args:
        words: The blocks, the first is given the picture.
        given: Shape of a picture, ``(channels, height, width)``.
        classes: Units of the output.

    Raises:
        InputError: A block does not exist, or cannot stand where it stands; says which, why, and what to do.
    """
    if len(words) > LONGEST:
        raise InputError(f"{len(words)} blocks are too many; a network has at most {LONGEST}.")
    stages: list[Stage] = []
    shape: Shape = given
    for number, word in enumerate(words, 1):
        try:
            stages.append(_place(read(word), shape))
        except InputError as error:
            raise InputError(f"Block {number}: {error}") from None
        shape = stages[-1].shape
    return Plan(given, (*stages, _place(Block("dense", classes), shape)))


def _place(block: Block, given: Shape) -> Stage:
    """A block after what came before it; raises ``InputError`` where it cannot stand there."""
    if block.kind == "drop":
        return Stage(block, given, given, 0, 0)
    if block.kind == "dense":
        inputs = _count(given)
        return Stage(block, given, (block.filters,), (inputs + 1) * block.filters, inputs * block.filters)
    if len(given) == 1:
        raise InputError(
            f"{TITLES[block.kind].lower()} needs maps, and what comes before has made one flat row of {given[0]} numbers of them: "
            "move it before the first dense layer or the global average pooling."
        )
    channels, high, wide = given
    if block.kind == "gap":
        return Stage(block, given, (channels,), 0, 0)
    down, across = _output(block, (high, wide))
    if block.kind in ("max", "avg"):
        return Stage(block, given, (channels, down, across), 0, 0)
    weights = channels * block.filters * block.kernel**2
    parameters, products = weights + block.filters * (2 if block.norm else 1), weights * down * across
    if block.kind == "res":  # the second convolution, and a 1 x 1 one on the way past where the shapes differ
        second = block.filters**2 * 9
        past = channels * block.filters if channels != block.filters or block.stride > 1 else 0
        parameters += second + 2 * block.filters + (past + 2 * block.filters if past else 0)
        products += (second + past) * down * across
    return Stage(block, given, (block.filters, down, across), parameters, products)


def _output(block: Block, size: tuple[int, int]) -> tuple[int, int]:
    try:
        return Slide(size, (block.kernel,) * 2, (block.stride,) * 2, (block.padding,) * 2).output
    except InputError:
        around = (
            f", {size[0] + 2 * block.padding} × {size[1] + 2 * block.padding} with its padding" if block.padding else ""
        )
        raise InputError(
            f"a window of {block.kernel} × {block.kernel} does not fit into maps of {size[0]} × {size[1]}{around}: take a smaller "
            "window, or fewer strides and poolings before it."
        ) from None


def _count(shape: Shape) -> int:
    total = 1
    for side in shape:
        total *= side
    return total
