"""From layers with weights to whole networks: what lies between them, and the strides and paddings, which no state dict says.

All ways in which the sides work out are looked through, those that people commonly use first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import TypeAlias

from playground.core.errors import InputError
from playground.functional.gan import FLATTENED, SIDE, WIDTH, Layer
from playground.functional.gan_modules import Module

Steps: TypeAlias = tuple[int, int, int]
"""Stride, padding, and what is added at the far side."""

WAYS = 8
"""So many ways of one file are told at most."""

_BEAM = 200
MIXED = 2.0
"""How odd it is that transposed convolutions and enlarging stand in one network."""
_LEAST = 8
"""Pixels of a side below which nothing counts as a picture."""
_COMMON: dict[int, tuple[Steps, ...]] = {
    1: ((1, 0, 0), (1, 2, 0)),
    2: ((2, 0, 0),),
    3: ((2, 1, 1), (1, 1, 0), (2, 0, 0), (2, 1, 0), (1, 0, 0)),
    4: ((2, 1, 0), (1, 0, 0), (2, 0, 0), (2, 2, 0), (2, 3, 0)),
    5: ((2, 2, 1), (1, 2, 0), (2, 2, 0), (1, 0, 0), (2, 0, 0)),
    6: ((2, 2, 0), (2, 0, 0), (1, 0, 0)),
    7: ((1, 3, 0), (1, 0, 0), (2, 3, 1)),
    8: ((4, 2, 0), (2, 3, 0)),
}
"""Of transposed convolutions by the side of their kernel, the commonest first."""
_RECIPES: dict[tuple[int, ...], tuple[Steps, ...]] = {
    (3, 4, 3, 4): ((1, 0, 0), (1, 0, 0), (2, 0, 0), (2, 0, 0)),
    (4, 3, 4, 4): ((1, 0, 0), (2, 1, 0), (2, 1, 0), (2, 1, 0)),
    (4, 4, 4, 4, 1): ((1, 0, 0), (2, 1, 0), (2, 1, 0), (2, 1, 0), (1, 2, 0)),
    (5, 5, 5): ((1, 2, 0), (2, 2, 1), (2, 2, 1)),
}
"""Kernels of networks that many have, with their steps: 28 pixels from a single one, or from seven."""
_SIDES = {
    28: 0,
    32: 0,
    64: 0,
    128: 0,
    16: 1,
    256: 1,
    48: 3,
    96: 3,
    24: 4,
    56: 4,
    20: 5,
    40: 5,
    8: 5,
    12: 6,
    14: 6,
    10: 6,
}
"""How odd a picture's side is."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a network.

    Attributes:
        layers: First to last, without the last activation; hidden ones are all ``relu``.
        sources: For the layers with weights, their names in the file, by index.
        cost: How odd it is.
        steps: Of each layer that works on maps; ``(scale, -1, 0)`` for a convolution after enlarging.
        shape: Of what comes out: ``(numbers,)`` or ``(channels, height, width)``.
    """

    layers: tuple[Layer, ...]
    sources: tuple[tuple[int, str], ...]
    cost: float
    steps: tuple[Steps, ...]
    shape: tuple[int, ...]


def ways(
    modules: Sequence[Module],
    *,
    strides: Sequence[int] = (),
    paddings: Sequence[int] = (),
    extras: Sequence[int] = (),
    side: int = 0,
) -> list[Way]:
    """All ways in which layers can be one after another and end in a picture, the commonest first, ``WAYS`` at most.

    Args:
        modules: Layers with weights, in order.
        strides: Of those that work on maps, in order, where they are known; of a plain convolution, how much it is enlarged before.
        paddings: The same.
        extras: The same.
        side: Of the picture, where that is known.

    Raises:
        InputError: There is no way: what does not fit is said.
    """
    kernels = tuple(one.weight[2] for one in modules if one.sort == "maps")
    for known, name in ((strides, "strides"), (paddings, "paddings"), (extras, "extras")):
        if known and len(known) != len(kernels):
            raise InputError(
                f"{name}: {len(known)} numbers are given for the {len(kernels)} convolutions of this file."
            )
    recipe = _RECIPES.get(kernels)
    found = _through(modules, tuple(_allowed(at, strides, paddings, extras) for at in range(len(kernels))))
    rated = list[Way]()
    for way in found:
        shown = way.shape[1] if len(way.shape) == 3 else 0
        if side and shown != side:
            continue
        odd = 0 if side or strides or paddings else _SIDES.get(shown, 100)
        rated.append(
            replace(way, cost=-1 if recipe is not None and way.steps == recipe and odd < 100 else way.cost + odd)
        )
    best = sorted((way for way in rated if way.cost < 100), key=lambda way: way.cost)[:WAYS]
    if not best:
        sides = sorted({way.shape[1] for way in found})
        words = ", ".join(map(str, sides[:6])) + (", ..." if len(sides) > 6 else "")
        raise InputError(
            f"Its layers fit each other, but no usual picture comes out (sides: {words}). Put a card beside it that says "
            '"strides", "paddings" or "side".'
        )
    return best


def _allowed(at: int, strides: Sequence[int], paddings: Sequence[int], extras: Sequence[int]) -> tuple[int | None, ...]:
    return tuple(known[at] if known else None for known in (strides, paddings, extras))


def _through(modules: Sequence[Module], allowed: Sequence[tuple[int | None, ...]]) -> list[Way]:
    """All whole ways, whatever side comes out; raises ``InputError`` where there is none."""
    first = modules[0]
    if first.sort == "norm":
        raise InputError("It begins with a normalisation: its first layer is not in the file.")
    given = first.weight[1] if first.sort == "linear" else first.weight[0]
    if given > WIDTH:
        raise InputError(f"Its first layer takes {given:,} numbers; generators are given {WIDTH:,} at most.")
    partial, maps = [Way((), (), 0.0, (), (given,))], 0
    for index, module in enumerate(modules):
        known = allowed[maps] if module.sort == "maps" else (None,) * 3
        last = not any(one.sort == "maps" for one in modules[index + 1 :])
        grown = [one for way in partial for one in _next(way, module, known, first=index == 0, last=last)]
        if not grown:
            raise InputError(_misfit(modules, index, partial))
        maps += module.sort == "maps"
        partial = sorted(grown, key=lambda way: way.cost)[:_BEAM]
    ended = [one for way in partial if (one := _ended(way)) is not None]
    if ended:
        return ended
    shape = partial[0].shape
    words = (
        f"{shape[0]:,} numbers, which are no square picture"
        if len(shape) == 1
        else f"{shape[0]} channels instead of 1 or 3"
    )
    raise InputError(f"No picture comes out at its end, but {words}: it is no generator, or not the whole of one.")


def _misfit(modules: Sequence[Module], index: int, partial: Sequence[Way]) -> str:
    module, first = modules[index], modules[0]
    if first.sort == "maps" and first.weight[1] in (1, 3):
        return "Pictures go into its first layer: it is a discriminator or a classifier, no generator."
    if any(len(way.shape) == 3 for way in partial) and module.sort == "linear":
        return f"Maps go into the linear layer '{module.name[:60]}': it is a classifier or the like, no generator."
    return (
        f"Its layers are no plain chain: {partial[0].shape[0]:,} channels come before '{module.name[:60]}', which has weights of "
        f"the shape {module.weight} (or its maps would have more than {SIDE} pixels a side)."
    )


def _next(way: Way, module: Module, known: tuple[int | None, ...], *, first: bool, last: bool) -> Iterator[Way]:
    """The ways that a way can go on with one more layer."""
    bent = not first and (module.between > 0 if module.sort == "norm" else module.between != 0)
    match module.sort:
        case "linear":
            if way.shape == module.weight[1:] and module.weight[0] <= FLATTENED:
                layer = Layer("linear", module.weight[1], module.weight[0], bias=module.bias)
                yield _with(way, module, [layer], module.weight[:1], bent=bent)
        case "norm":
            channels, layer = module.weight[0], Layer("norm", outputs=module.weight[0])
            if way.shape[0] == channels:
                yield _with(way, module, [layer], way.shape, bent=bent)
            elif (shape := _folded(way, channels)) is not None:
                yield _with(way, module, [Layer("reshape", shape=shape), layer], shape, bent=bent)
        case "maps":
            yield from _up(way, module, known, bent=bent)
            if not first:
                yield from _conv(way, module, known, bent=bent, last=last)


def _up(way: Way, module: Module, known: tuple[int | None, ...], *, bent: bool) -> Iterator[Way]:
    inputs, outputs, kernel, _ = module.weight
    shape = way.shape if len(way.shape) == 3 else _folded(way, inputs)
    if shape is None or shape[0] != inputs:
        return
    lead = [] if len(way.shape) == 3 else [Layer("reshape", shape=shape)]
    mixed = MIXED * any(padding < 0 for _, padding, _ in way.steps)
    for cost, steps in enumerate(_steps(kernel, shape[1], known)):
        stride, padding, extra = steps
        side = (shape[1] - 1) * stride + kernel - 2 * padding + extra
        if not 1 <= side <= SIDE:
            continue
        layer = Layer("up", inputs, outputs, kernel, stride, padding, extra, module.bias)
        changed = 0.5 if way.steps and shape[1] > 1 and steps != way.steps[-1] else 0
        grown = _with(way, module, [*lead, layer], (outputs, side, side), bent=bent)
        yield replace(grown, cost=way.cost + cost + changed + mixed, steps=(*way.steps, steps))


def _steps(kernel: int, side: int, known: tuple[int | None, ...]) -> list[Steps]:
    even = kernel % 2 == 0
    usual = _COMMON.get(kernel, ((2, (kernel - 2) // 2, 0) if even else (2, (kernel - 1) // 2, 1), (1, 0, 0)))
    if side == 1:
        usual = ((1, 0, 0),)
    stride, padding, extra = known
    if stride is None and padding is None and extra is None:
        return list(usual)
    fitting = [
        one for one in usual
        if stride in (None, one[0]) and padding in (None, one[1]) and extra in (None, one[2])
    ]  # fmt: skip
    return fitting or [(stride or usual[0][0], padding or 0, extra or 0)]


def _conv(way: Way, module: Module, known: tuple[int | None, ...], *, bent: bool, last: bool) -> Iterator[Way]:
    outputs, inputs, kernel, _ = module.weight
    shape = way.shape if len(way.shape) == 3 else _folded(way, inputs)
    if shape is None or shape[0] != inputs or kernel % 2 == 0 or shape[1] == 1:
        return
    lead = [] if len(way.shape) == 3 else [Layer("reshape", shape=shape)]
    for scale in (2, 1) if known[0] is None else (known[0],):
        side = shape[1] * scale
        if not 1 <= scale <= 8 or side > SIDE or (scale > 1 and module.between == 0):
            continue
        room = module.between - (scale > 1)  # for what bends, where a layer that enlarges lies there, too
        larger = [Layer("enlarge", scale=scale)] if scale > 1 else []
        layer = Layer("conv", inputs, outputs, kernel, padding=(kernel - 1) // 2, bias=module.bias)
        grown = _with(
            way, module, [*lead, *larger, layer], (outputs, side, side), bent=bent and (module.between < 0 or room > 0)
        )
        odd = _odd(scale, module.between, bare=way.layers[-1].kind != "norm", first=not way.steps, last=last)
        mixed = MIXED * any(padding >= 0 for _, padding, _ in way.steps)
        yield replace(grown, cost=way.cost + odd + mixed, steps=(*way.steps, (scale, -1, 0)))


def _odd(scale: int, between: int, *, bare: bool, first: bool, last: bool) -> float:
    """How odd it is that maps are enlarged, or not, before a convolution with so many layers without weights before it."""
    larger = scale > 1
    if between < 0:
        return 0.5 if larger and last else 0.7 if not larger and not last else 0.0
    if between == 1:  # it bends or it enlarges, but not both
        return (2.0 if bare else 0.2 if first else 1.0) if larger else 0.5 if first else 0.0
    return 0.0 if larger else 1.5


def _folded(way: Way, channels: int) -> tuple[int, int, int] | None:
    """The shape of a flat row as square maps of so many channels; ``None`` where it does not come out even."""
    if len(way.shape) != 1 or way.shape[0] % channels:
        return None
    side = isqrt(way.shape[0] // channels)
    return (channels, side, side) if side * side * channels == way.shape[0] and side <= SIDE else None


def _with(way: Way, module: Module, layers: list[Layer], shape: tuple[int, ...], *, bent: bool) -> Way:
    """A way with more layers, the last of which has the weights of a module."""
    before = [*way.layers, *([Layer("act", name="relu")] if bent else [])]
    whole = (*before, *layers)
    return replace(way, layers=whole, sources=(*way.sources, (len(whole) - 1, module.name)), shape=shape)


def _ended(way: Way) -> Way | None:
    """The same with a picture at its end."""
    if len(way.shape) == 3:
        return way if way.shape[0] in (1, 3) and way.shape[1] >= _LEAST else None
    for channels in (1, 3):
        shape = _folded(way, channels)
        if shape is not None and shape[1] >= _LEAST and way.layers[0].inputs <= 2 * way.shape[0]:
            return replace(way, layers=(*way.layers, Layer("reshape", shape=shape)), shape=shape)
    return None
