"""What generator a file of weights may be: told by names and shapes alone, or by a small card beside it.

Shapes say which layers there are and how wide; strides, paddings and activations they do not say. So there are several readings
of one file, the likeliest first; a person sees at once which is right, since with the others no picture comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.functional.gan import CLASSES, KERNEL, SIDE, STRIDE, WIDTH, Act, Array, Layer, Network, Pair, Shape
from playground.functional.gan_card import from_json
from playground.functional.gan_forward import EPSILON
from playground.functional.gan_geometry import Way, ways
from playground.functional.gan_modules import Module, orders

READINGS = 12
"""So many are told at most."""

KEYS = (
    "latents", "classes", "class_first", "strides", "paddings", "extras", "side", "activation", "slope", "out", "noise", "epsilon",
)  # fmt: skip
"""What a small card may say; a whole one has a ``generator`` (``gan_card``)."""

_STYLES: tuple[tuple[Act, float, str], ...] = (
    ("relu", 0.0, "tanh"), ("leaky_relu", 0.2, "tanh"), ("relu", 0.0, "sigmoid"), ("leaky_relu", 0.2, "sigmoid"),
    ("elu", 0.0, "tanh"), ("leaky_relu", 0.01, "tanh"), ("tanh", 0.0, "tanh"),
)  # fmt: skip
_SHOWN = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "identity": "no activation",
}


@dataclass(frozen=True)
class Reading:
    """One way in which a file can be read.

    Attributes:
        name: Short, and no other reading of the file has it.
        pair: The generator; its discriminator is never known.
        renames: For each array of the generator its name in the file.
        words: What is taken for granted, for a person.
        table: Name of the array that gives each class its numbers (an embedding); empty where there is none.
        class_first: Whether the class comes before the latents in the file's first layer.
        epsilon: What normalisations add to the variance, other than one that comes first of all on maps.
    """

    name: str
    pair: Pair
    renames: Mapping[str, str] = field(repr=False)
    words: str
    table: str = ""
    class_first: bool = False
    epsilon: float = EPSILON

    def weights(self, tensors: Mapping[str, NDArray[Any]]) -> dict[str, Array]:
        """The arrays of the file under our names, ``generator.<i>.<name>``; raises ``InputError`` where one does not fit."""
        found = dict[str, Array]()
        for name, shape in self.pair.generator.tensors().items():
            array = np.asarray(tensors[self.renames[name]], np.float32)
            if array.ndim in (2, 4) and name == self._first:
                array = self._ordered(array, tensors)
            if name.endswith("running_var") and not self._leads(int(name.partition(".")[0])):
                array = array + np.float32(self.epsilon - EPSILON)
            if array.shape != shape:
                raise InputError(f"'{self.renames[name][:60]}' has the shape {array.shape}; its layer needs {shape}.")
            found[f"generator.{name}"] = array
        return found

    def _leads(self, index: int) -> bool:
        return self.pair.generator.layers[index - 1].kind == "reshape"

    @property
    def _first(self) -> str:
        index = next(at for at, layer in enumerate(self.pair.generator.layers) if layer.kind in ("linear", "up"))
        return f"{index}.weight"

    def _ordered(self, weight: Array, tensors: Mapping[str, NDArray[Any]]) -> Array:
        """The first layer's weights as for latents with the one-hot class behind them."""
        if not self.pair.classes:
            return weight
        axis = 1 if weight.ndim == 2 else 0
        rows = np.moveaxis(weight, axis, 0)
        latents = self.pair.latents
        noise, told = (rows[-latents:], rows[:-latents]) if self.class_first else (rows[:latents], rows[latents:])
        if self.table:
            told = np.tensordot(np.asarray(tensors[self.table], np.float32), told, axes=1)
        return np.ascontiguousarray(np.moveaxis(np.concatenate([noise, told]), 0, axis))


def readings(
    tensors: Mapping[str, Shape], card: Mapping[str, Any] | None = None, *, sure: bool = True
) -> list[Reading]:
    """The ways in which a file can be read, the likeliest first.

    Args:
        tensors: Names and shapes of what it holds.
        card: What somebody says of it: some of ``KEYS``, or a whole card.
        sure: Whether the tensors come in the network's order.

    Raises:
        InputError: It is no generator that can be read here; says why.
    """
    said = _checked(card or {})
    problem: InputError | None = None
    for modules in orders(tensors, sure=sure):
        try:
            return _whole(modules, tensors, card) if card and "generator" in card else _told(modules, said)
        except InputError as error:
            problem = problem or error
    assert problem is not None
    raise problem


def _told(modules: list[Module], said: Mapping[str, Any]) -> list[Reading]:
    tables = [one for one in modules if one.sort == "embedding"]
    chain = [one for one in modules if one.sort != "embedding"]
    if len(tables) > 1 or not chain:
        raise InputError(
            "It holds several tables of vectors, as networks that read texts do: it is no generator of pictures."
        )
    found = ways(chain, **{name: said[name] for name in ("strides", "paddings", "extras", "side") if name in said})
    given = found[0].layers[0].inputs if found[0].layers[0].kind == "linear" else found[0].layers[0].shape[0]
    latents, classes = _given(given, tables[0].weight if tables else None, said)
    normed = any(one.sort == "norm" for one in chain)
    first = said.get("class_first", bool(tables))
    listed = list[tuple[float, Reading]]()
    for place, way in enumerate(found):
        for rank, (act, slope, out, epsilon) in enumerate(_styles(said, normed, way)):
            name = f"{way.shape[1]} x {way.shape[2]}, {_SHOWN[act]}{f' {slope:g}' if slope else ''}, {out}"
            name += f", stride/padding {_steps(way)}" if len(found) > 1 and way.steps else ""
            name += f", {epsilon:g} in normalisations" if epsilon != EPSILON else ""
            pair = _pair(way, (act, slope, out), latents, classes, said)
            words = f"{latents} {'evenly' if pair.noise == 'uniform' else 'normally'} distributed numbers; {name}."
            renames = {f"{index}.{part}": f"{source}.{part}".lstrip(".") for index, source in way.sources for part in
                       ("weight", "bias", "running_mean", "running_var")}  # fmt: skip
            table = f"{tables[0].name}.weight" if tables else ""
            listed.append((1.5 * place + rank, Reading(name, pair, renames, words, table, first, epsilon)))
    return [one for _, one in sorted(listed, key=lambda pair: pair[0])][:READINGS]


def _styles(said: Mapping[str, Any], normed: bool, way: Way) -> list[tuple[Act, float, str, float]]:
    """Activations, last activation and what normalisations add, the likeliest first."""
    hidden = any(layer.kind == "act" for layer in way.layers)
    found = list[tuple[Act, float, str, float]]()
    for act, slope, out in _STYLES:
        act, slope = said.get("activation", act), said.get("slope", slope)
        slope = slope or 0.2 if act == "leaky_relu" else 0.0
        found.append(
            (
                act if hidden else "identity",
                slope if hidden else 0.0,
                said.get("out", out),
                said.get("epsilon", EPSILON),
            )
        )
    enlarged = any(layer.kind == "enlarge" for layer in way.layers)
    if normed and "epsilon" not in said and (enlarged or not way.steps):
        # A widely copied collection of GANs passes 0.8 where it means a momentum: it becomes what is added to the variance.
        bare = way.layers[0].kind == "linear" and any(
            layer.kind == "act" for layer in way.layers[:2]
        )  # as theirs begin
        at = 0 if enlarged or bare else 2
        found[at:at] = [(act, slope, out, 0.8) for act, slope, out, _ in found[1:2]]
    return list(dict.fromkeys(found))


def _pair(
    way: Way, style: tuple[Act, float, str], latents: int, classes: tuple[str, ...], said: Mapping[str, Any]
) -> Pair:
    act, slope, out = style
    layers = tuple(
        replace(layer, name=act, slope=slope or layer.slope) if layer.kind == "act" else layer for layer in way.layers
    )
    given = latents + len(classes)
    if layers[0].kind == "linear":
        layers = (replace(layers[0], inputs=given), *layers[1:])
    else:
        layers = (replace(layers[0], shape=(given, 1, 1)), replace(layers[1], inputs=given), *layers[2:])
    network = Network((given,), (*layers, Layer("act", name=cast(Act, out))), len(classes))
    network.shapes()
    return Pair(
        network, None, latents, said.get("noise", "normal"), classes, span="sigmoid" if out == "sigmoid" else "tanh"
    )


def _steps(way: Way) -> str:
    """What tells a way from others, in few characters: stride and padding of each layer."""
    return " ".join(f"x{s}" if p < 0 else f"{s}/{p}" + (f"+{e}" if e else "") for s, p, e in way.steps)


def _given(given: int, table: Shape | None, said: Mapping[str, Any]) -> tuple[int, tuple[str, ...]]:
    """How many latents there are, and the classes."""
    names = said.get("classes", ())
    if table is not None:
        count, wide = table
        names = names or tuple(str(n) for n in range(count))
        if len(names) != count or wide >= given or count > CLASSES:
            raise InputError(
                f"Its table gives {wide} numbers to each of {count} classes, and its first layer takes {given}: only generators "
                "whose first layer takes both side by side can be read."
            )
        given -= wide
    elif names or said.get("latents", given) < given:
        names = names or tuple(str(n) for n in range(given - said["latents"]))
        given -= len(names)
    if given < 1 or said.get("latents", given) != given or len(names) > CLASSES:
        raise InputError(
            f"The card says {said.get('latents', 'no')} latents and {len(names)} classes; its first layer leaves {given}."
        )
    return given, tuple(names)


def _whole(modules: Sequence[Module], tensors: Mapping[str, Shape], card: Mapping[str, Any]) -> list[Reading]:
    """The one reading of a whole card: arrays by our names, or one after another."""
    pair = replace(from_json(card), discriminator=None)
    wanted = pair.generator.tensors()
    ours = {name: f"generator.{name}" for name in wanted}
    if all(name in tensors for name in ours.values()):
        return [Reading("as its card says", pair, ours, "All of it is said by its card.")]
    names = [
        name for module in modules for part in ("weight", "bias", "running_mean", "running_var")
        if (name := f"{module.name}.{part}".lstrip(".")) in tensors
    ]  # fmt: skip
    if [tensors[name] for name in names] != list(wanted.values()):
        raise InputError(
            f"The card beside it speaks of {len(wanted)} arrays, the file holds {len(names)}, and not of the same shapes one after another."
        )
    return [Reading("as its card says", pair, dict(zip(wanted, names, strict=True)), "All of it is said by its card.")]


def _checked(card: Mapping[str, Any]) -> dict[str, Any]:
    """What a small card says, checked; keys that are not known are passed over."""
    said = {name: card[name] for name in KEYS if card.get(name) is not None}
    if "generator" in card:
        return said
    whole = {"latents": (1, WIDTH), "side": (4, SIDE)}
    several = {"strides": (1, STRIDE), "paddings": (0, KERNEL), "extras": (0, STRIDE)}
    named: dict[str, Sequence[str]] = {
        "activation": get_args(Act), "out": ("tanh", "sigmoid"), "noise": ("normal", "uniform"),
    }  # fmt: skip
    for name, value in said.items():
        good, wanted = True, ""
        if name in whole:
            low, high = whole[name]
            good, wanted = _is_whole(value, low, high), f"a whole number from {low} to {high}"
        elif name in several:
            low, high = several[name]
            good = isinstance(value, list) and len(value) <= 64 and all(_is_whole(one, low, high) for one in value)
            wanted = f"a list of whole numbers from {low} to {high}, one for each convolution"
        elif name in named:
            good, wanted = value in named[name], f"one of {', '.join(named[name])}"
        elif name in ("slope", "epsilon"):
            good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
            wanted = "a number from 0 to 1"
        elif name == "class_first":
            good, wanted = isinstance(value, bool), "true or false"
        elif name == "classes":
            good = _is_whole(value, 1, CLASSES) or (isinstance(value, list) and 1 <= len(value) <= CLASSES)
            wanted = f"how many there are, or a list of up to {CLASSES} names"
        if not good:
            raise InputError(f'The card beside it says "{name}": {str(value)[:60]!r}; {wanted} is needed.')
    if isinstance(said.get("classes"), int):
        said["classes"] = tuple(str(n) for n in range(said["classes"]))
    if "classes" in said:
        said["classes"] = tuple(str(name)[:60] for name in said["classes"])
    return said


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
