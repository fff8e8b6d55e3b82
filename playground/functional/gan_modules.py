"""The layers that a list of tensors speaks of: which belong to a generator, in which order, and what each is.

A state dict has names and shapes. The names tell which tensors belong together (``gen.0.1.weight`` and ``gen.0.1.bias``) and,
where layers are numbered, how many without weights lie between two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal, TypeAlias

from playground.core.errors import InputError
from playground.functional.gan import LAYERS, Shape

Sort: TypeAlias = Literal["linear", "maps", "norm", "embedding"]

_GENERATOR = re.compile(
    r"(net_?)?(g|gen|generator)(_?(ema|a|b|model|net|params|weights|state|dict|state_?dict))*|(ema|model|params|state_?dict)_(g|gen|generator)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(net_?)?(d|dis|disc|discriminator|critic)(_?(model|net|params|weights|state|dict|state_?dict))*|"
    r"(model|params|state_?dict)_(d|dis|disc|discriminator|critic)|.*optim.*|.*sched.*|opt_?[gd]?|.*_opt",
    re.IGNORECASE,
)
_WRAPPING = ("module", "state_dict", "model_state_dict", "model", "_orig_mod", "params", "net")
_PARTS = ("weight", "bias", "running_mean", "running_var")
_NUMBERS = re.compile(r"(\d+)")
_GROUPS = 4
"""So many parts of a network whose order nothing tells are tried in every order."""


@dataclass(frozen=True, slots=True)
class Module:
    """One layer that has weights.

    Attributes:
        name: As the file calls it.
        sort: ``maps`` is a convolution of either kind: which of the two only its neighbours tell.
        weight: Shape of its weight.
        bias: Whether it has one.
        between: How many layers without weights lie before it; -1 where its name does not say.
    """

    name: str
    sort: Sort
    weight: Shape
    bias: bool
    between: int = -1


def orders(tensors: Mapping[str, Shape], *, sure: bool) -> Iterator[list[Module]]:
    """The layers of the generator in a file, in each order that they may have.

    Args:
        tensors: Name and shape of every tensor.
        sure: Whether their order in the file is the network's (a pickle's is, a safetensors file's is not).

    Raises:
        InputError: They are no layers of a kind that is known here, or too many.
    """
    picked = _picked(tensors)
    layers = dict[str, dict[str, Shape]]()
    for name in picked:
        layer, _, part = name.rpartition(".")
        if part == "num_batches_tracked":
            continue
        layers.setdefault(layer, {})[part] = tensors[name]
    if not layers:
        several = "a discriminator alone, and no generator" if tensors else "no weights of a network"
        raise InputError(f"It holds {several}.")
    if len(layers) > LAYERS:
        raise InputError(
            f"It has {len(layers)} layers with weights; the generators that can be read here have {LAYERS} at most."
        )
    found = [_module(name, parts) for name, parts in layers.items()]
    if sure:
        yield _spaced(found)
        return
    found.sort(key=lambda one: _natural(one.name))
    depth = _depth([one.name.split(".") for one in found])
    groups = dict[str, list[Module]]()
    for one in found:
        groups.setdefault(".".join(one.name.split(".")[: depth + 1]), []).append(one)
    counted = [re.fullmatch(r"[A-Za-z_]+(\d{1,4})", one.name.split(".")[-1]) for one in found]
    if all(counted) and len(groups) > 1:  # conv1, bn1, conv2: by number, and a normalisation behind what it normalises
        numbered = [
            (int(match[1]), one.sort == "norm", one) for match, one in zip(counted, found, strict=True) if match
        ]
        yield _spaced([one for _, _, one in sorted(numbered, key=lambda pair: pair[:2])])
    if len(groups) > _GROUPS or all(key.rpartition(".")[2].isdecimal() for key in groups):
        yield _spaced(found)
        return
    for order in permutations(groups.values()):
        yield _spaced([one for group in order for one in group])


def _picked(tensors: Mapping[str, Shape]) -> list[str]:
    """Names of the tensors that belong to the generator, where others are there besides."""

    def component(name: str) -> str:
        """The first part of a name that says whose it is."""
        return next((part for part in name.split(".")[:-1] if part not in _WRAPPING), "")

    parts = {name: component(name) for name in tensors}
    good = dict.fromkeys(part for part in parts.values() if _GENERATOR.fullmatch(part))
    if good:
        best = next((part for part in good if "ema" in part.lower()), next(iter(good)))
        return [name for name, part in parts.items() if part == best]
    return [name for name, part in parts.items() if not _OTHER.fullmatch(part)]


def _module(name: str, parts: Mapping[str, Shape]) -> Module:
    weight, shown = parts.get("weight"), name[:60] or "the first layer"
    if weight is None and any(part.startswith(("weight_", "original", "parametrizations")) for part in parts):
        raise InputError(
            f"The weights of {shown} are split by spectral or weight normalisation. Take it off before saving: "
            "torch.nn.utils.remove_spectral_norm, or parametrize.remove_parametrizations."
        )
    strange = [part for part in parts if part not in _PARTS]
    if weight is None or strange:
        raise InputError(f"'{shown}' is no layer that can be read here: it holds {', '.join(parts)[:80]}.")
    bias, dimensions = parts.get("bias"), len(weight)
    if 0 in weight:
        raise InputError(f"The weights of {shown} are empty.")
    if dimensions == 1:
        if "running_mean" not in parts or "running_var" not in parts:
            raise InputError(
                f"{shown} normalises without measured means (or bends with a learnt slope): only batch normalisation with running "
                "means is read here, as generators of pictures have it."
            )
        if any(parts.get(part) != weight for part in _PARTS):
            raise InputError(f"The parts of {shown} do not fit each other: {parts}.")
        return Module(name, "norm", weight, True)
    if dimensions == 2:
        if bias is None and "emb" in name.lower():
            return Module(name, "embedding", weight, False)
        if bias is not None and bias != weight[:1]:
            raise InputError(f"The bias of {shown} does not fit its weights: {bias} and {weight}.")
        return Module(name, "linear", weight, bias is not None)
    if dimensions == 4 and weight[2] == weight[3] and (bias is None or bias in (weight[:1], weight[1:2])):
        return Module(name, "maps", weight, bias is not None)
    raise InputError(f"The weights of {shown} have the shape {weight}: no layer that can be read here has such.")


def _spaced(found: list[Module]) -> list[Module]:
    """The same, with what their numbers say of the layers between them."""
    spaced, before = list[Module](), ("", -1)
    for one in found:
        parent, _, last = one.name.rpartition(".")
        number = int(last) if last.isdecimal() and len(last) < 6 else -1
        known = before[0] == parent and 0 <= before[1] < number
        spaced.append(Module(one.name, one.sort, one.weight, one.bias, number - before[1] - 1 if known else -1))
        before = (parent, number)
    if not any(one.between > 0 for one in spaced if one.sort != "norm"):
        return [replace(one, between=-1) for one in spaced]  # a list of modules: what bends is called elsewhere
    return spaced


def _natural(name: str) -> tuple[tuple[int, int | str], ...]:
    parts = (part for part in _NUMBERS.split(name) if part)
    return tuple((0, int(part)) if part.isdecimal() and len(part) < 9 else (1, part) for part in parts)


def _depth(names: list[list[str]]) -> int:
    """How many leading parts all names share."""
    return next((at for at, parts in enumerate(zip(*names, strict=False)) if len(set(parts)) > 1), 0)
