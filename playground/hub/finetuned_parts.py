"""Which part of a text network a weight belongs to: embeddings, encoder layer, pooler or classifier, by its name."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, cast

from torch import nn

ALL = -1
"""So many frozen layers are all but the new classifier."""

_LAYER = re.compile(r"(?:^|\.)layers?\.(\d+)\.")
_POOLER = re.compile(r"(?:^|\.)(?:pooler|pre_classifier|classifier\.dense)\.")


def part_names(weights: Iterable[str]) -> tuple[str, ...]:
    """The parts of a network, from the bottom up: ``embeddings``, ``layer.0`` ..., ``pooler`` if any, ``classifier``."""
    found = {_named(name) for name in weights}
    layers = sorted((name for name in found if name.startswith("layer.")), key=lambda name: int(name[6:]))
    return ("embeddings", *layers, *(["pooler"] if "pooler" in found else []), "classifier")


def part_of(name: str, parts: Sequence[str]) -> int:
    """The number of the part that a weight, or a module whose name ends with a dot, belongs to.

    What lies outside the layers and is no classifier counts as embeddings: it comes before the first layer, or is shared by all.
    """
    found = _named(name)
    return parts.index(found) if found in parts else 0


def _named(name: str) -> str:
    if layer := _LAYER.search(name):
        return f"layer.{layer[1]}"
    if _POOLER.search(name):
        return "pooler"
    return "classifier" if name.startswith(("classifier.", "dropout.")) else "embeddings"


def last_layer(network: nn.Module) -> nn.Linear:
    """The layer that gives the logits."""
    classifier = cast(Any, network).classifier
    found = classifier if isinstance(classifier, nn.Linear) else classifier.out_proj
    assert isinstance(found, nn.Linear)
    return found


def fingerprint(network: nn.Module, last: nn.Linear) -> int:
    """A number of the pretrained weights, which other weights do not have."""
    new = {id(last.weight), id(last.bias)}
    found = 0
    for one in network.parameters():
        if id(one) not in new:
            found = zlib.crc32(one.detach().cpu().contiguous().numpy().data.cast("B"), found)
    return found


def stays(name: str, freeze: int) -> bool:
    """Whether a part stays as it is, by its name.

    Args:
        name: As in ``part_names``.
        freeze: So many encoder layers, and the embeddings, are frozen; 0: nothing is; ``ALL``: all but the classifier.
    """
    if name == "classifier" or not freeze:
        return False
    return freeze == ALL or name == "embeddings" or (name.startswith("layer.") and int(name[6:]) < freeze)


def learning_weights(network: nn.Module, parts: Sequence[str], freeze: int) -> dict[str, nn.Parameter]:
    """What of a network learns, by name; nothing else asks for a gradient from now on."""
    learnt = {}
    for name, one in network.named_parameters():
        one.requires_grad_(not stays(parts[part_of(name, parts)], freeze))
        if one.requires_grad:
            learnt[name] = one
    return learnt


def set_mode(network: nn.Module, parts: Sequence[str], freeze: int, dropout: float, *, learning: bool) -> None:
    """Dropout on in what learns, off everywhere else."""
    for name, module in network.named_modules():
        module.training = learning and not stays(parts[part_of(f"{name}.", parts)], freeze)
        if isinstance(module, nn.Dropout):
            module.p = dropout
